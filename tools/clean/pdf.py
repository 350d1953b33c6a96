"""PDF -> text with pdfium: pages' lines joined to paragraphs, running heads out, outline titles as headings."""

import re
from collections import Counter
from typing import Any

import pypdfium2  # type: ignore[import-untyped]

from tools.clean.blocks import Block, lay_out, one_line
from tools.clean.cleaned import MAX_TEXT_CHARS, Cleaned
from tools.clean.dates import parse_date
from tools.clean.invisible import visible
from tools.clean.language import language_of
from tools.errors import CleanError

MAX_PAGES = 80
"""1 to 5 ms a page; this many fill the text we keep. The rest of a manual is cut and noted."""
MAX_PAGE_CHARS = 50_000
MAX_OUTLINE = 2_000
EDGE_LINES = 2
"""Running heads and page numbers stand in the first or last two lines."""
REPEATED_SHARE = 0.5
MIN_PAGES_FOR_HEADS = 3
WRAP_SHARE = 0.8
"""A line whose next word would have fitted into this share of the page's width ends a paragraph."""
MAX_TITLE_CHARS = 200

_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_HYPHEN = re.compile("[\ufffe\x02\u00ad]\\s*\r?\n?|(?<=[a-z])-\r?\n(?=[a-z])")
_LEADERS = re.compile(r"(?:\. ?){5,}|…{2,}")
"""The dotted lines of a table of contents."""
_OUTER_NUMBER = re.compile(r"^\W*\d+\W+|\W+\d+\W*$")
_NUMBER_ONLY = re.compile(r"^[\W\d]*$|^(?:page|第)\s*\d+\s*(?:页|(?:of|/|[,，]\s*共)\s*\d+\s*页?)?$", re.IGNORECASE)
_STARTS_ANEW = re.compile(
    r"^(?:[•‣▪◦●·–*-]\s|\(?\d{1,2}[.)]\s|\d+(?:\.\d+)+\s|[一二三四五六七八九十]+、|第.{1,4}[章节条])"
)
_BULLET = re.compile(r"^[•‣▪◦●·*–-]\s+")
_ENDS = re.compile(r"[.!?:;。！？：；”\"')）]$")


def clean_pdf(body: bytes, url: str) -> Cleaned:
    """Read the first pages of a PDF.

    Raises:
        CleanError: It is damaged, locked, or holds pictures of text only.
    """
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise CleanError("The PDF is locked or damaged.", remedy="Ask for another source.") from error
    try:
        pages = [_page_lines(document, number) for number in range(min(len(document), MAX_PAGES))]
        outline = _outline(document)
        fields = document.get_metadata_dict()
        page_count = len(document)
    finally:
        document.close()
    text, headings = lay_out(_blocks(_without_heads(pages), outline), MAX_TEXT_CHARS)
    if not text:
        raise CleanError("The PDF holds pictures of pages, no text.", remedy="Ask for another source.")
    cut = page_count > MAX_PAGES or len(text) > MAX_TEXT_CHARS * 0.99
    return Cleaned(
        title=_title(fields, text),
        text=text,
        headings=headings,
        language=language_of(text),
        published=_published(fields),
        author=one_line(visible(fields.get("Author", "")))[:MAX_TITLE_CHARS],
        note=f"Only the first {MAX_PAGES} of {page_count} pages were read." if cut else "",
    )


def _page_lines(document: Any, number: int) -> list[str]:
    try:
        page = document[number]
        text = str(page.get_textpage().get_text_bounded())[:MAX_PAGE_CHARS]
    except pypdfium2.PdfiumError:
        return []
    text = _HYPHEN.sub("", text).translate(_LIGATURES)
    return [
        line
        for line in (visible(piece).strip() for piece in re.split(r"\r\n|\r|\n", text))
        if line and not _LEADERS.search(line)
    ]


def _outline(document: Any) -> dict[str, int]:
    """Squeezed title of each outline entry -> heading level."""
    found: dict[str, int] = {}
    try:
        for entry in document.get_toc(max_depth=6):
            title = str(entry.get_title() or "")
            if title:
                found.setdefault(_squeezed(title), min(int(entry.level) + 1, 6))
            if len(found) >= MAX_OUTLINE:
                break
    except pypdfium2.PdfiumError:
        pass
    return found


def _squeezed(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text).lower()


def _without_heads(pages: list[list[str]]) -> list[list[str]]:
    """Lines at the edge that stand on most pages, page number aside, and bare page numbers out."""
    counts: Counter[str] = Counter()
    for lines in pages:
        counts.update({_OUTER_NUMBER.sub("", line) for line in lines[:EDGE_LINES] + lines[-EDGE_LINES:]})
    limit = max(MIN_PAGES_FOR_HEADS, REPEATED_SHARE * len(pages))

    def is_head(line: str) -> bool:
        return counts[_OUTER_NUMBER.sub("", line)] >= limit or _NUMBER_ONLY.match(line) is not None

    kept = []
    for lines in pages:
        last = len(lines) - EDGE_LINES
        edges = {index for index, line in enumerate(lines) if (index < EDGE_LINES or index >= last) and is_head(line)}
        kept.append([line for index, line in enumerate(lines) if index not in edges])
    return kept


def _blocks(pages: list[list[str]], outline: dict[str, int]) -> list[Block]:
    blocks: list[Block] = []
    run: list[str] = []
    lengths = sorted(len(line) for lines in pages for line in lines)
    width = lengths[int(len(lengths) * 0.8)] if lengths else 0

    def flush() -> None:
        if run:
            text = one_line("\n".join(run))
            item = _BULLET.match(text)
            blocks.append(Block("item", text[item.end() :]) if item else Block("paragraph", text))
            run.clear()

    for line in (line for lines in pages for line in lines):
        level = outline.get(_squeezed(line)) if outline else None
        if level:
            flush()
            blocks.append(Block("heading", one_line(line), level))
            continue
        if run and (_STARTS_ANEW.match(line) or _ends_paragraph(run[-1], line, width)):
            flush()
        run.append(line)
    flush()
    return blocks


def _ends_paragraph(line: str, below: str, width: int) -> bool:
    first_word = below.split(" ", 1)[0] if below.isascii() else below[:1]
    fitted = len(line) + 1 + len(first_word) <= WRAP_SHARE * width
    return fitted and (_ENDS.search(line) is not None or not below[:1].islower())


def _title(fields: dict[str, str], text: str) -> str:
    title = one_line(visible(fields.get("Title", "")))[:MAX_TITLE_CHARS]
    return (
        title if len(title) > 3 and not title.lower().endswith((".doc", ".docx", ".tex", ".dvi")) else _first_line(text)
    )


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0][:MAX_TITLE_CHARS]


def _published(fields: dict[str, str]) -> str | None:
    stamps = (fields.get(name, "").removeprefix("D:")[:8] for name in ("CreationDate", "ModDate"))
    days = [day for stamp in stamps if (day := parse_date(stamp))]
    return max(days).isoformat() if days else None
