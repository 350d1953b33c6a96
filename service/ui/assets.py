"""The files of the page: read once, served under a name that changes with them, in the reader's language."""

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

STATIC = Path(__file__).parents[1] / "static"
TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".xml": "application/opensearchdescription+xml; charset=utf-8",
}
LANGUAGES = ("en", "zh-CN")
"""There is a catalogue `static/LANGUAGE.json` for each, and it stands in the page; where none fits, the first does."""
THEMES = frozenset({"light", "dark"})
PAGE, OPENSEARCH = "index.html", "opensearch.xml"
_COMMENT = re.compile(r"^\s*//[^\n]*$|/\*.*?\*/ ?", re.MULTILINE | re.DOTALL)
"""Whole lines, and what stands between signs; our files have neither within strings."""
_CSS_SPACE = re.compile(r"\s*([{};,])\s*")
_JS_LINE_END = re.compile(r"([;{,])\n")
"""None of our texts goes over a line end."""
_JS_SPACE = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')| (=>|[!=]==|&&|\|\||\?\?|[?:=]) |(,) """)
"""Texts, which stay as they are, and spaces around signs; lines with a template are left alone."""
_SLOT = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    media_type: str
    etag: str

    @staticmethod
    def of(name: str, body: bytes) -> "Asset":
        """With its type by its name."""
        return Asset(body, TYPES[Path(name).suffix], f'"{hashlib.sha256(body).hexdigest()[:16]}"')


def lean(name: str, text: str) -> str:
    """Without what only those who change it read: comments, indentation, line ends and spaces that separate nothing."""
    if name.endswith(".svg"):
        return text
    if name.endswith((".js", ".css")):
        text = _COMMENT.sub("", text)
    text = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    if name.endswith(".css"):
        return _CSS_SPACE.sub(r"\1", text).replace(": ", ":")
    return _JS_LINE_END.sub(r"\1", _without_spaces(text)) if name.endswith(".js") else text


def _without_spaces(script: str) -> str:
    lines = (line if "`" in line else _JS_SPACE.sub(r"\1\2\3", line) for line in script.split("\n"))
    return "\n".join(lines)


@lru_cache(maxsize=1)
def assets() -> Mapping[str, Asset]:
    """Every file by name, the page and the search description left out: they have slots to fill."""
    files = sorted(path for path in STATIC.iterdir() if path.suffix in TYPES)
    return {
        path.name: Asset.of(path.name, lean(path.name, path.read_text("utf-8")).encode())
        for path in files
        if path.name not in (PAGE, OPENSEARCH)
    }


@lru_cache(maxsize=1)
def version() -> str:
    """Changes with any of the files."""
    together = "".join(asset.etag for asset in assets().values())
    return hashlib.sha256(together.encode()).hexdigest()[:12]


@lru_cache(maxsize=2 * 3 * 3)
def page(language: str, theme: str = "", view: str = "home") -> Asset:
    """The page with its words in a language of LANGUAGES, and with the whole catalogue for its scripts.

    Args:
        language: One of LANGUAGES.
        theme: `light`, `dark`, or empty for the system's.
        view: `home`, `thread` or `shared`.
    """
    words = json.loads((STATIC / f"{language}.json").read_text("utf-8"))
    catalogue = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    slots = {**words, "lang": language, "theme": theme, "view": view, "base": f"/static/{version()}"}
    filled = {name: html.escape(words) for name, words in slots.items()}
    return Asset.of(PAGE, _filled(PAGE, {**filled, "words": html.escape(catalogue, quote=False)}))


def opensearch(origin: str) -> Asset:
    """What a browser needs to search with us; `origin` as the reader sees it, `http://host:port`."""
    return Asset.of(OPENSEARCH, _filled(OPENSEARCH, {"origin": html.escape(origin)}))


def language_of(chosen: str | None, accepted: str) -> str:
    """The reader's choice, or the first of the browser's languages that we have, or English."""
    if chosen in LANGUAGES:
        return chosen
    for item in accepted.split(","):
        name = item.split(";")[0].strip().lower()
        for language in LANGUAGES:
            if name.split("-")[0] == language.split("-")[0].lower():
                return language
    return LANGUAGES[0]


def _filled(name: str, slots: Mapping[str, str]) -> bytes:
    text = lean(name, (STATIC / name).read_text("utf-8"))
    return _SLOT.sub(lambda slot: slots[slot[1]], text).encode()
