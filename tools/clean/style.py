"""What a CSS declaration block hides: the pure part of finding hidden text."""

import re
from typing import Literal

Form = Literal["", "display", "opacity", "off-screen", "clip", "font-size", "colour", "attribute"]
"""How something is hidden; empty when it is not. `font-size` hides text only, and only where no size is set inside."""

NEARLY_NO_OPACITY = 0.05
NEARLY_NOTHING_PX = 2.0
"""Text up to 2 px high is hidden on purpose: nobody can read it."""
FAR_OFF_PX = 400.0
"""Moved at least this far to the left or above: past any margin used for layout."""
SAME_COLOUR = 24
"""Sum of the differences of red, green and blue (0-765) below which text cannot be told from its ground."""

_COMMENT = re.compile(r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/")
_NUMBER = re.compile(r"^([+-]?(?:\d+\.?\d*|\.\d+))(px|pt|em|rem|ex|ch|vw|vh|%|)$")
_PX_PER_UNIT = {"px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 12.8, "vh": 7.2, "%": 12.8}
_CLIPPED = re.compile(r"^rect\((?:[01](?:px)?[, ]*){4}\)$")
_INSET = re.compile(r"^inset\((?:[5-9]\d|100)(?:\.\d+)?%")
_TRANSLATED = re.compile(r"translate(?:x|y|3d)?\((-?[\d.]+)(px|em|rem|vw|vh|%)(?:,(-?[\d.]+)(px|em|rem|vw|vh|%))?")
_RGB = re.compile(r"^rgba?\(([\d.]+%?)[, ]+([\d.]+%?)[, ]+([\d.]+%?)(?:[,/ ]+([\d.]+%?))?\)$")
_NAMED = {
    "white": (255, 255, 255),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "navy": (0, 0, 128),
    "orange": (255, 165, 0),
    "purple": (128, 0, 128),
}
Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)


def declarations(block: str) -> dict[str, str]:
    """Property -> value, both lower case, of a declaration block; the last one wins."""
    found: dict[str, str] = {}
    for piece in _COMMENT.sub("", block).split(";"):
        name, colon, value = piece.partition(":")
        if colon:
            found[name.strip().lower()] = " ".join(value.replace("!important", "").lower().split())
    return found


def hiding(style: dict[str, str]) -> Form:
    """How the declarations hide the element, colours aside."""
    get = style.get
    if get("display") == "none" or get("visibility") in ("hidden", "collapse") or get("content-visibility") == "hidden":
        return "display"
    if _is_zero(get("opacity"), NEARLY_NO_OPACITY) or "opacity(0)" in get("filter", ""):
        return "opacity"
    if _is_off_screen(style):
        return "off-screen"
    if _is_clipped(style):
        return "clip"
    size = length_px(get("font-size")) if "font-size" in style else _shorthand_font_size(get("font", ""))
    return "font-size" if size is not None and size <= NEARLY_NOTHING_PX else ""


def length_px(value: str | None) -> float | None:
    """A CSS length in pixels, roughly; None when it is no plain length."""
    match = _NUMBER.match(value or "")
    return float(match[1]) * _PX_PER_UNIT.get(match[2], 1.0) if match else None


def colour(value: str | None) -> Colour | None:
    """The colour a value names, None when it names none we know."""
    value = (value or "").strip()
    if value.startswith("#") and len(value) in (4, 5, 7, 9):
        digits = value[1:]
        pairs = [digit * 2 for digit in digits] if len(digits) < 6 else [digits[i : i + 2] for i in range(0, 6, 2)]
        try:
            return int(pairs[0], 16), int(pairs[1], 16), int(pairs[2], 16)
        except ValueError:
            return None
    match = _RGB.match(value)
    if match:
        red, green, blue = (
            int(min(float(part.rstrip("%")) * (2.55 if part.endswith("%") else 1), 255)) for part in match.groups()[:3]
        )
        return red, green, blue
    return _NAMED.get(value)


def is_see_through(value: str | None) -> bool:
    """Text of this colour lets the ground through wholly."""
    value = (value or "").replace(" ", "")
    return value == "transparent" or re.search(r"^(?:rgba|hsla)\(.*[,/]0?\.?0+%?\)$", value) is not None


def look_alike(first: Colour, second: Colour) -> bool:
    """Nobody can tell the two apart."""
    return sum(abs(one - other) for one, other in zip(first, second, strict=True)) < SAME_COLOUR


def _is_zero(value: str | None, limit: float) -> bool:
    match = _NUMBER.match(value or "")
    return match is not None and float(match[1]) / (100 if match[2] == "%" else 1) <= limit


def _shorthand_font_size(value: str) -> float | None:
    sizes = [length_px(part.split("/")[0]) for part in value.split() if not part.isdigit() or part == "0"]
    return next((size for size in sizes if size is not None), None)


def _is_off_screen(style: dict[str, str]) -> bool:
    if style.get("position") in ("absolute", "fixed", "relative"):
        for side in ("left", "top", "right", "bottom"):
            length = length_px(style.get(side))
            if length is not None and length <= -FAR_OFF_PX:
                return True
    for name in ("text-indent", "margin-left", "margin-top"):
        length = length_px(style.get(name))
        if length is not None and length <= -FAR_OFF_PX:
            return True
    moved = _TRANSLATED.search(style.get("transform", "").replace(" ", ""))
    if moved is None:
        return False
    shifts = [length_px(f"{moved[1]}{moved[2]}"), length_px(f"{moved[3]}{moved[4]}") if moved[3] else None]
    return any(shift is not None and shift <= -FAR_OFF_PX * 2 for shift in shifts)


def _is_clipped(style: dict[str, str]) -> bool:
    clip = style.get("clip", "")
    if _CLIPPED.match(clip) or _INSET.match(style.get("clip-path", "").replace(" ", "")):
        return True
    if "scale(0)" in style.get("transform", ""):
        return True
    if "hidden" not in style.get("overflow", "") and "clip" not in style.get("overflow", ""):
        return False
    lengths = (length_px(style.get(name)) for name in ("width", "height", "max-width", "max-height"))
    return any(length is not None and length <= 1 for length in lengths)
