"""Hidden text out of a tree: what a reader of the page does not see must not reach a model."""

import re
from collections import Counter

from tools.clean.sheet import Sheet
from tools.clean.style import WHITE, Colour, Form, colour, declarations, hiding, is_see_through, look_alike
from tools.clean.tree import HtmlElement

PAGE_SHARE = 0.5
"""A form that hides more than this share of the text hides the page itself until a script shows it: then it is kept."""
MAX_STYLE_CHARS = 4_000

_UNSEEN_CLASSES = frozenset(
    [
        *(
            "sr-only",
            "visually-hidden",
            "visuallyhidden",
            "screen-reader-text",
            "screen-reader-only",
            "screenreader-only",
        ),
        *(
            "screen-reader",
            "assistive-text",
            "a11y-hidden",
            "hidden-visually",
            "u-visually-hidden",
            "is-visually-hidden",
        ),
        *("sr_only", "sronly", "element-invisible", "show-for-sr", "offscreen", "u-hidden-visually", "clip-hide"),
    ]
)
_GROUND_HINT = re.compile(
    r"bg|back|dark|hero|banner|cover|button|btn|badge|overlay|header|footer|card|slide|section|row|column|elementor|block",
    re.IGNORECASE,
)
_SHUT = frozenset(["template", "details", "dialog"])
_NO_GROUND = ("none", "transparent", "inherit", "initial", "unset")


def remove_hidden(tree: HtmlElement, styles: str) -> int:
    """Take hidden text out of `tree` in place.

    Forms: `display`, `visibility`, opacity, font size, text in the colour of its ground, off screen, clipped, the
    attributes `hidden` and `aria-hidden`, `<template>`, classes for screen readers, classes hidden by a `<style>` of
    the page, closed `<details>` (its summary stays).

    Returns:
        Characters removed.
    """
    body = tree.find("body")
    if body is None:
        return 0
    found = _find(body, Sheet(styles))
    if not found:
        return 0
    sizes = [sum(map(len, element.itertext())) for element, _ in found]
    per_form: Counter[Form] = Counter()
    for (_, form), size in zip(found, sizes, strict=True):
        per_form[form] += size
    limit = PAGE_SHARE * sum(map(len, body.itertext()))
    removed = 0
    for (element, form), size in zip(found, sizes, strict=True):
        if per_form[form] > limit:
            _reveal(element)
        else:
            removed += size
            _remove(element, form)
    return removed


def _find(body: HtmlElement, sheet: Sheet) -> list[tuple[HtmlElement, Form]]:
    """The outermost hidden elements, in document order."""
    found: list[tuple[HtmlElement, Form]] = []
    grounds = _Grounds()
    pending = list(reversed(body))
    while pending:
        element = pending.pop()
        if not isinstance(element.tag, str):
            continue
        if element.attrib:
            form = _form_of(element, grounds, sheet)
        else:
            form = "attribute" if element.tag in _SHUT else sheet.form_of(element)
        if form:
            found.append((element, form))
        if not form or form == "font-size":
            pending.extend(reversed(element))
    return found


def _inline_style(element: HtmlElement) -> dict[str, str]:
    inline = element.get("style")
    style = declarations(inline[:MAX_STYLE_CHARS]) if inline else {}
    if element.tag == "font" and element.get("color"):
        style.setdefault("color", element.get("color").strip().lower())
    return style


def _form_of(element: HtmlElement, grounds: "_Grounds", sheet: Sheet) -> Form:
    tag, attributes = element.tag, element.attrib
    style = _inline_style(element)
    if tag in _SHUT and "open" not in attributes:
        return "attribute"
    if "hidden" in attributes or "popover" in attributes or attributes.get("aria-hidden", "").lower() == "true":
        return "attribute"
    classes = attributes.get("class")
    if classes and not _UNSEEN_CLASSES.isdisjoint(classes.lower().split()):
        return "clip"
    form = (hiding(style) if style else "") or sheet.form_of(element)
    if form or "color" not in style:
        return form
    if is_see_through(style["color"]):
        return "" if "text" in style.get("background-clip", style.get("-webkit-background-clip", "")) else "colour"
    text, ground = colour(style["color"]), grounds.behind(element)
    if text is None or ground is None or not look_alike(text, ground):
        return ""
    # A dark ground may be covered by a class in between; only on white, the colour of paper, is silence a sign.
    return "colour" if look_alike(text, WHITE) or _ground(element, style, None) is not None else ""


class _Grounds:
    """The colour behind each element's text, worked out for those that set a text colour and remembered on the way."""

    def __init__(self) -> None:
        self._known: dict[HtmlElement, Colour | None] = {}

    def behind(self, element: HtmlElement) -> Colour | None:
        """The ground's colour; None where a picture or a style sheet of the site may have set it. A page is white."""
        climbed = []
        above = element
        while above is not None and above not in self._known:
            climbed.append(above)
            above = above.getparent()
        ground = self._known[above] if above is not None else WHITE
        for inner in reversed(climbed):
            ground = self._known[inner] = _ground(inner, _inline_style(inner), ground)
        return ground


def _ground(element: HtmlElement, style: dict[str, str], above: Colour | None) -> Colour | None:
    """The colour behind an element's text; None where a picture or a style sheet of the site may have set it."""
    if "background-image" in style:
        return None
    value = style.get("background-color") or style.get("background") or (element.get("bgcolor") or "").lower()
    if value and value not in _NO_GROUND:
        return colour(value) or colour(value.split()[0])
    return None if above == WHITE and _GROUND_HINT.search(element.get("class") or "") else above


def _remove(element: HtmlElement, form: Form) -> None:
    if element.tag == "details":
        element.text = None
        for child in list(element):
            if child.tag == "summary":
                child.tail = None
            else:
                element.remove(child)
    elif form == "font-size":
        _blank(element)
    elif element.getparent() is not None:
        element.drop_tree()


def _blank(element: HtmlElement) -> None:
    """Drop text down to where a size is set again."""
    element.text = None
    for child in element:
        child.tail = None
        size = declarations((child.get("style") or "")[:MAX_STYLE_CHARS])
        if not ({"font-size", "font"} & size.keys()):
            _blank(child)


def _reveal(element: HtmlElement) -> None:
    """Let the cleaners see what scripts would show."""
    for name in ("style", "hidden", "aria-hidden"):
        element.attrib.pop(name, None)
    if element.tag in ("template", "dialog"):
        element.tag = "div"
