"""Raised figures: 2<sup>64</sup> is a power, and must not be read as 264."""

import re

from tools.clean.tree import HtmlElement

_RAISED = re.compile(r"[-+−–]?(?:\d{1,4}|[nkx])")
"""A short number or the letters that stand for one; `1st` and `5 m²` say the same when flat."""


def mark_powers(tree: HtmlElement) -> bool:
    """Put `^` before what is raised right after a digit, and a space before a footnote there; whether any was."""
    found = False
    for raised in tree.iter("sup"):
        text = "".join(raised.itertext()).strip()
        if not _RAISED.fullmatch(text) or not _before(raised)[-1:].isdigit():
            continue
        sign = "^" if next(raised.iter("a"), None) is None else " "
        raised.text = sign + (raised.text or "").lstrip()
        found = True
    return found


def _before(element: HtmlElement) -> str:
    """The text right before an element, within its parent."""
    sibling = element.getprevious()
    if sibling is None:
        parent = element.getparent()
        return (parent.text or "") if parent is not None else ""
    return sibling.tail or "".join(sibling.itertext())
