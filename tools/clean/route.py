"""Sort a body by what it is, then hand it to the one cleaner for that kind."""

from tools.clean.cleaned import Cleaned
from tools.clean.data import clean_feed, clean_json
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
    if kind is Kind.BINARY:
        raise CleanError("The page is no text (a picture, an archive or the like).", remedy="Ask for a page of text.")
    if kind is Kind.PDF:
        # Loads a shared library of 8 MB: only for who reads PDFs.
        from tools.clean.pdf import clean_pdf

        return clean_pdf(body, url)
    text = decode(body, content_type)
    if kind is Kind.HTML:
        return clean_html(text, url)
    if kind is Kind.JSON:
        return clean_json(text, url)
    if kind is Kind.FEED:
        return clean_feed(text, url)
    return clean_plain(text, url, content_type=content_type, markup=kind is Kind.MARKUP)
