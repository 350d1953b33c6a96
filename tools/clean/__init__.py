"""Bytes of a page -> its readable text: HTML, PDF, plain text, Markdown, JSON and feeds. Pure; no network, no model.

Parsing a hostile page can take long and much memory: call `clean` through `tools.cleaning_pool`, never on the loop.
"""

from tools.clean.cleaned import MAX_TEXT_CHARS, Cleaned, Headings

__all__ = ["MAX_TEXT_CHARS", "Cleaned", "Headings", "clean"]


def clean(body: bytes, *, content_type: str | None, url: str) -> Cleaned:
    """Take the readable text out of one body.

    Args:
        body: The bytes as received, content encodings already undone.
        content_type: The `Content-Type` header as sent, or None.
        url: Where it came from; used for the kind of file and for relative canonical addresses.

    Raises:
        CleanError: Nothing readable is there; the message says why.
    """
    # The parsers load 0.4 s long; the service process needs the type above and never parses.
    from tools.clean.route import clean_body

    return clean_body(body, content_type=content_type, url=url)
