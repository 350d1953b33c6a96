"""The one door to lxml, which ships no types."""

from typing import Any

import lxml.html  # type: ignore[import-untyped]

HtmlElement = Any
"""An `lxml.html.HtmlElement`."""

_PARSER = lxml.html.HTMLParser(
    encoding="utf-8", collect_ids=False, default_doctype=False, remove_comments=True, remove_pis=True
)


def parse(html: str) -> HtmlElement:
    """A whole document as a tree; the root is `html`, present even when the page names none.

    Bytes are handed over, since lxml refuses a `str` with an XML declaration and stops at lone surrogates.
    """
    return lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=_PARSER)
