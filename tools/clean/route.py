"""Sort a body by what it is, then hand it to the one cleaner for that kind."""

from tools.clean.cleaned import Cleaned
from tools.clean.decode import decode
from tools.clean.html import clean_html
from tools.clean.kinds import Kind, sniff
from tools.clean.plain import clean_plain
from tools.errors import CleanError


def clean_body(body: bytes, *, content_type: str | None, url: str) -> Cleaned:
    """See `tools.clean.clean`."""
    if not body.strip():
        raise CleanError("The page is empty.", remedy="Ask for another source.")
    kind = sniff(body, content_type, url)
    if kind is Kind.BINARY or kind is Kind.PDF:
        raise CleanError("The page is not text.", remedy="Ask for a page of text.")
    text = decode(body, content_type)
    if kind is Kind.HTML:
        return clean_html(text, url)
    return clean_plain(text, url)
