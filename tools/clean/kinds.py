"""What a body is: the bytes decide first, then the header, then the ending of the address."""

from enum import Enum
from urllib.parse import urlsplit


class Kind(Enum):
    """How a body is read."""

    HTML = "html"
    PDF = "pdf"
    PLAIN = "plain"
    MARKDOWN = "markdown"
    JSON = "json"
    FEED = "feed"
    BINARY = "binary"


SNIFFED_BYTES = 1024


def sniff(body: bytes, content_type: str | None, url: str) -> Kind:
    """Name the kind of a body."""
    head = body[:SNIFFED_BYTES].lstrip().lower()
    mime = (content_type or "").split(";")[0].strip().lower()
    path = urlsplit(url).path.lower()
    if head.startswith(b"%pdf-"):
        return Kind.PDF
    if b"\0" in body[:SNIFFED_BYTES] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Kind.BINARY
    if mime == "text/markdown" or (path.endswith((".md", ".markdown")) and not head.startswith(b"<")):
        return Kind.MARKDOWN
    if mime == "text/plain":
        return Kind.PLAIN
    if "html" in mime or head.startswith((b"<!doctype html", b"<html")) or b"<body" in head or b"<head" in head:
        return Kind.HTML
    return Kind.HTML if head.startswith(b"<") else Kind.PLAIN
