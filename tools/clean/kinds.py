"""What a body is: the bytes decide first, then the header, then the ending of the address."""

import re
from enum import Enum
from urllib.parse import urlsplit

_CONTROL = bytes([*range(1, 9), *range(14, 27), *range(28, 32)])
"""Control codes that no text holds; NUL is looked at apart, and escape begins Japanese in 7 bits."""


class Kind(Enum):
    """How a body is read."""

    HTML = "html"
    PDF = "pdf"
    PLAIN = "plain"
    MARKUP = "markup"
    """Markdown, AsciiDoc or reStructuredText: plain text with marks for its structure."""
    JSON = "json"
    FEED = "feed"
    """RSS, Atom and other XML that is no page."""
    BINARY = "binary"


SNIFFED_BYTES = 2_048
MAX_CONTROL_SHARE = 0.05
"""More control bytes than this in the first 2 kB: no text in any charset."""

_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|div|article|main|section|table|p|h1|meta|script)[\s>]", re.I
)
_FEED = re.compile(rb"<(?:rss|feed|rdf:rdf|urlset|sitemapindex|opml)[\s>]", re.I)
_BINARY = (
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf"),
    *(
        b"\x7fELF",
        b"MZ",
        b"OggS",
        b"ID3",
        b"\x00\x00\x00",
        b"wOFF",
        b"wOF2",
        b"\xd0\xcf\x11\xe0",
        b"Rar!",
        b"\x28\xb5\x2f\xfd",
    ),
)
_TEXT_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_MARKUP_ENDINGS = (".md", ".markdown", ".mdx", ".rst", ".adoc", ".asciidoc")
_MARKUP_TYPES = ("text/markdown", "text/x-markdown", "text/x-rst", "text/asciidoc")


def sniff(body: bytes, content_type: str | None, url: str) -> Kind:
    """Name the kind of a body."""
    head = body[:SNIFFED_BYTES]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\f")
    mime = (content_type or "").split(";")[0].strip().lower()
    if start.startswith(b"%PDF-") or (b"%PDF-" in head[:1024] and mime == "application/pdf"):
        return Kind.PDF
    if _is_binary(head):
        return Kind.BINARY
    named = _by_name(mime, urlsplit(url).path.lower())
    flat = start.replace(b"\0", b"")
    if _FEED.search(flat[:1024]) and not _HTML.match(flat):
        return Kind.FEED
    if named in (Kind.PLAIN, Kind.MARKUP, Kind.JSON) and not _claims_html(flat):
        return named
    if flat.startswith(b"<?xml") and b"<html" not in flat and "html" not in mime:
        return Kind.FEED
    if named is Kind.HTML or _HTML.search(flat):
        return Kind.HTML
    if flat[:1] in (b"{", b"[") and mime in ("", "application/octet-stream"):
        return Kind.JSON
    return named or (Kind.HTML if flat.startswith(b"<") else Kind.PLAIN)


def _by_name(mime: str, path: str) -> Kind | None:
    if "html" in mime:
        return Kind.HTML
    if mime in _MARKUP_TYPES or (
        path.endswith(_MARKUP_ENDINGS) and mime in ("", "text/plain", "application/octet-stream")
    ):
        return Kind.MARKUP
    if mime == "application/json" or mime.endswith("+json") or mime == "application/x-ndjson":
        return Kind.JSON
    if mime in ("text/xml", "application/xml") or mime.endswith("+xml"):
        return Kind.FEED
    if mime.startswith("text/"):
        return Kind.PLAIN
    return None


def _claims_html(start: bytes) -> bool:
    """A whole HTML page under a wrong header; a text that only talks about tags is left as it is."""
    return start[:15].lower().startswith((b"<!doctype html", b"<html"))


def _is_binary(head: bytes) -> bool:
    if head.startswith(_TEXT_MARKS):
        return False
    if head.startswith(_BINARY):
        return True
    nul = head.count(0)
    even, odd = head[::2].count(0), head[1::2].count(0)
    if nul and min(even, odd) * 10 > max(even, odd):  # UTF-16 has its NULs on one side.
        return True
    control = len(head) - len(head.translate(None, _CONTROL))
    return control > MAX_CONTROL_SHARE * len(head)
