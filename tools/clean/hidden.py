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
    pending = list(reversed(body))
    while pending:
        element = pending.pop()
        if not isinstance(element.tag, str):
            continue
        form = _form_of(element, sheet)
        if form:
            found.append((element, form))
        if not form or form == "font-size":
            pending.extend(reversed(element))
    return found


def _form_of(element: HtmlElement, sheet: Sheet) -> Form:
    tag, attributes = element.tag, element.attrib
    if tag == "template" or (tag in ("details", "dialog") and "open" not in attributes):
        return "attribute"
    if not attributes:
        return sheet.form_of(element)
    if "hidden" in attributes or attributes.get("aria-hidden", "").lower() == "true":
        return "attribute"
    classes = attributes.get("class")
    if classes and not _UNSEEN_CLASSES.isdisjoint(classes.lower().split()):
        return "clip"
    inline = attributes.get("style")
    style = declarations(inline[:MAX_STYLE_CHARS]) if inline else {}
    form = (hiding(style) if style else "") or sheet.form_of(element)
    if form:
        return form
    if tag == "font" and "color" in attributes:
        style.setdefault("color", attributes["color"].lower())
    return "colour" if "color" in style and _is_unreadable(element, style) else ""


def _is_unreadable(element: HtmlElement, style: dict[str, str]) -> bool:
    """Text in the colour of what is behind it. Without any sign of another ground, a page is white."""
    if is_see_through(style["color"]):
        return "text" not in style.get("background-clip", style.get("-webkit-background-clip", ""))
    text = colour(style["color"])
    if text is None:
        return False
    above, own = element, style
    while above is not None and isinstance(above.tag, str):
        known, ground = _ground(above, own)
        if known:
            return ground is not None and look_alike(text, ground)
        if above.tag == "body" or not look_alike(text, WHITE):
            # Only white is worth the climb: other colours are compared with their own element's ground alone.
            break
        if _GROUND_HINT.search(above.get("class") or ""):
            return False
        above = above.getparent()
        own = declarations((above.get("style") or "")[:MAX_STYLE_CHARS]) if above is not None else {}
    return look_alike(text, WHITE)


def _ground(element: HtmlElement, style: dict[str, str]) -> tuple[bool, Colour | None]:
    """Whether the element sets a ground, and its colour where that is plain."""
    value = style.get("background-color") or style.get("background") or (element.get("bgcolor") or "").lower()
    if "background-image" in style:
        return True, None
    if not value or value in _NO_GROUND:
        return False, None
    return True, colour(value) or colour(value.split()[0])


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
