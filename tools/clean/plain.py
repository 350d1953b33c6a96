"""Plain text, Markdown and the like, source code, comma-separated tables."""

import csv
import re
from urllib.parse import unquote, urlsplit

from tools.clean.blocks import Block, lay_out
from tools.clean.cleaned import MAX_TEXT_CHARS, Cleaned
from tools.clean.dates import date_in_path, parse_date
from tools.clean.language import language_of
from tools.clean.textblocks import text_blocks
from tools.errors import CleanError

MAX_CHARS = 2_000_000
"""Ten times the text we keep: enough to fill it, little enough to be read in a second."""

_SOURCE = re.compile(
    r"\.(?:py|js|mjs|ts|tsx|jsx|c|h|cc|cpp|hpp|java|go|rs|rb|php|pl|sh|bash|sql|css|scss|lua|swift|kt|cs|r|jl|toml|ya?ml|ini"
    r"|cfg|conf|diff|patch|log|tex|bib|el|lisp|hs|ml|scala|cmake|dockerfile|makefile|mk|proto|tf|vim|awk)$",
    re.IGNORECASE,
)
_SOURCE_TYPES = ("text/x-", "text/css", "text/javascript", "application/javascript", "text/x.")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.{0,5000}?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z_-]{2,30}):[ \t]*[\"']?(.{1,300}?)[\"']?[ \t]*$", re.MULTILINE)


def clean_plain(text: str, url: str, *, content_type: str | None = None, markup: bool = False) -> Cleaned:
    """Read a text that is no HTML.

    Args:
        text: The decoded text.
        url: Its address; endings such as `.py` or `.csv` say how lines are meant.
        content_type: The header, for the same.
        markup: It is Markdown, AsciiDoc or reStructuredText.

    Raises:
        CleanError: There is no text.
    """
    fields: dict[str, str] = {}
    cut = len(text) > MAX_CHARS
    text = text[:MAX_CHARS]
    front = _FRONT_MATTER.match(text)
    if front:
        fields = {name.lower(): value for name, value in _FIELD.findall(front[1])}
        text = text[front.end() :]
    out, headings = lay_out(_blocks(text, urlsplit(url).path, content_type or "", markup), MAX_TEXT_CHARS)
    if not out:
        raise CleanError("The page has no readable text.", remedy="Ask for another source.")
    stamp = next((day for name in ("updated", "lastmod", "date") if (day := parse_date(fields.get(name, "")))), None)
    stamp = stamp or date_in_path(urlsplit(url).path)
    return Cleaned(
        title=fields.get("title") or (headings[0][2] if headings else _file_name(url)),
        text=out,
        headings=headings,
        language=language_of(out, fields.get("lang", "")),
        published=stamp.isoformat() if stamp else None,
        author=fields.get("author", ""),
        note="The page was cut short." if cut or len(out) > MAX_TEXT_CHARS * 0.99 else "",
    )


def _blocks(text: str, path: str, content_type: str, markup: bool) -> list[Block]:
    mime = content_type.split(";")[0].strip().lower()
    if mime in ("text/csv", "text/tab-separated-values") or path.lower().endswith((".csv", ".tsv")):
        return _rows(text)
    if not markup and (mime.startswith(_SOURCE_TYPES) or _SOURCE.search(path)):
        lines = [line.expandtabs(8).rstrip() for line in text.splitlines()]
        return [Block("code", "\n".join(lines).strip("\n"))]
    return text_blocks(text, markup=markup)


def _rows(text: str) -> list[Block]:
    head = text[:4_096]
    mark = "\t" if head.count("\t") > head.count(",") else ";" if head.count(";") > head.count(",") else ","
    try:
        rows = [[" ".join(cell.split()) for cell in row] for row in csv.reader(text.splitlines(), delimiter=mark)]
    except csv.Error:
        rows = [[" ".join(line.split())] for line in text.splitlines()]
    return [Block("row", " | ".join(row)) for row in rows if any(row)]


def _file_name(url: str) -> str:
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1])
