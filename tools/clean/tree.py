"""The one door to lxml, which ships no types."""

import re
from typing import Any

import lxml.etree  # type: ignore[import-untyped]
import lxml.html  # type: ignore[import-untyped]

HtmlElement = Any
"""An `lxml.html.HtmlElement`."""

_PARSER = lxml.html.HTMLParser(
    encoding="utf-8", collect_ids=False, default_doctype=False, remove_comments=True, remove_pis=True
)
# lxml's own lookup asks Python for the class of every element it hands out, which is 4 % of the time spent on a
# page; nobody here needs the classes it has for forms and fields.
_PARSER.set_element_class_lookup(
    lxml.etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement, comment=lxml.html.HtmlComment)
)
_XML_PARSER = lxml.etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")


def parse(html: str) -> HtmlElement:
    """A whole document as a tree; the root is `html`, present even when the page names none.

    Bytes are handed over, since lxml refuses a `str` with an XML declaration and stops at lone surrogates.
    Raises `ValueError` when there is no element at all.
    """
    try:
        return lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=_PARSER)
    except lxml.etree.ParserError as error:
        raise ValueError("no element in the page") from error


def parse_xml(text: str) -> HtmlElement | None:
    """The root of an XML document, entities left alone and errors passed over; None when there is nothing."""
    try:
        return lxml.etree.fromstring(_DECLARATION.sub("", text).encode("utf-8", "replace"), parser=_XML_PARSER)
    except lxml.etree.XMLSyntaxError:
        return None


def to_html(tree: HtmlElement) -> str:
    """A tree as HTML again."""
    text: str = lxml.etree.tostring(tree, method="html", encoding="unicode")
    return text


def new_element(tag: str, text: str = "") -> HtmlElement:
    """An element with text, for putting into a tree."""
    element = lxml.html.HtmlElement()
    element.tag = tag
    element.text = text
    return element
