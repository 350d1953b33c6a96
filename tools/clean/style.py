"""What a CSS declaration block hides: the pure part of finding hidden text."""

import colorsys
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
FAR_ASIDE_PX = 3_000.0
"""Moved this far to the right or down: past any screen, and past what people scroll to."""
BEHIND = -99
"""From this `z-index` on down something lies behind the page and not behind a picture of it."""
CLOSE_SET_PX = 8.0
"""Letters set this much closer than usual lie upon one another."""
NEARLY_NO_SIZE = 0.05
"""Scaled to this or less, text of any size is a dot."""

_COMMENT = re.compile(r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/")
_NUMBER = re.compile(r"^([+-]?(?:\d+\.?\d*|\.\d+))(px|pt|em|rem|ex|ch|vw|vh|%|)$")
_FUNCTION = re.compile(r"^(?:calc|min|max|clamp)\((?:[^,()]*,)?\s*([^,()]+?)\s*(?:,[^()]*)?\)$")
"""A length in a function: the only one, or the second, which a clamp prefers."""
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?|\\(.)", re.IGNORECASE)
_PX_PER_UNIT = {"px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 12.8, "vh": 7.2, "%": 12.8}
_CLIPPED = re.compile(r"^rect\((?:[01](?:px)?[, ]*){4}\)$")
_INSET = re.compile(r"^inset\((?:[5-9]\d|100)(?:\.\d+)?%|^(?:circle|ellipse)\(0(?![\d.])")
_TRANSLATED = re.compile(r"translate(?:x|y|3d)?\((-?[\d.]+)(px|em|rem|vw|vh|%)(?:,(-?[\d.]+)(px|em|rem|vw|vh|%))?")
_SCALED = re.compile(r"scale(?:x|y|3d)?\(([\d.]+)(?:,([\d.]+))?")
_FADED = re.compile(r"opacity\(0*(?:\.0+)?%?\)")
_RGB = re.compile(r"^rgba?\(([\d.]+%?)[, ]+([\d.]+%?)[, ]+([\d.]+%?)(?:[,/ ]+([\d.]+%?))?\)$")
_HSL = re.compile(r"^hsla?\(([\d.]+)(?:deg)?[, ]+([\d.]+)%?[, ]+([\d.]+)%?(?:[,/ ]+[\d.]+%?)?\)$")
_NAMED = {
    "white": (255, 255, 255),
    "snow": (255, 250, 250),
    "ghostwhite": (248, 248, 255),
    "mintcream": (245, 255, 250),
    "azure": (240, 255, 255),
    "aliceblue": (240, 248, 255),
    "floralwhite": (255, 250, 240),
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
    if "\\" in block:
        block = _ESCAPE.sub(lambda match: chr(min(int(match[1], 16), 0xFFFF)) if match[1] else match[2], block)
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
    if _is_zero(get("opacity"), NEARLY_NO_OPACITY) or _FADED.search(get("filter", "")):
        return "opacity"
    if is_see_through(get("-webkit-text-fill-color")) and "text" not in get("-webkit-background-clip", ""):
        return "" if "text" in get("background-clip", "") else "colour"
    if _is_off_screen(style):
        return "off-screen"
    if _is_clipped(style) or _is_shrunk(style):
        return "clip"
    size = length_px(get("font-size")) if "font-size" in style else _shorthand_font_size(get("font", ""))
    return "font-size" if size is not None and size <= NEARLY_NOTHING_PX else ""


def length_px(value: str | None) -> float | None:
    """A CSS length in pixels, roughly; None when it is no plain length."""
    inner = _FUNCTION.match(value) if value and value.endswith(")") else None
    match = _NUMBER.match(inner[1] if inner else value or "")
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
    match = _HSL.match(value)
    if match:
        hue, saturation, lightness = float(match[1]) % 360 / 360, float(match[2]) / 100, float(match[3]) / 100
        parts = colorsys.hls_to_rgb(hue, min(lightness, 1), min(saturation, 1))
        return round(parts[0] * 255), round(parts[1] * 255), round(parts[2] * 255)
    return _NAMED.get(value)


def is_see_through(value: str | None) -> bool:
    """Text of this colour lets the ground through wholly."""
    value = (value or "").replace(" ", "")
    if value.startswith("#"):
        return (len(value) == 5 and value.endswith("0")) or (len(value) == 9 and value.endswith("00"))
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
        shifts = [length_px(style.get(side)) for side in ("left", "top", "right", "bottom")]
        shifts += [length_px(part) for part in style.get("inset", "").split()]
        if any(shift is not None and (shift <= -FAR_OFF_PX or shift >= FAR_ASIDE_PX) for shift in shifts):
            return True
        layer = style.get("z-index", "")
        if layer.startswith("-") and layer[1:].isdigit() and int(layer) <= BEHIND:
            return True
    # Only what is above and to the left moves a box; the other sides change what stands after it.
    above = style.get("margin-top", (style.get("margin", "").split() or [""])[0])
    aside = _left(style, "margin")
    if (length_px(_left(style, "padding")) or 0.0) >= FAR_OFF_PX:
        # Taken back inside: a bar over the whole width.
        aside = ""
    lengths = [length_px(part) for part in (*style.get("text-indent", "").split(), above, aside)]
    if any(length is not None and length <= -FAR_OFF_PX for length in lengths):
        return True
    moved = _TRANSLATED.search(style.get("transform", "").replace(" ", ""))
    shifts = [length_px(part) for part in style.get("translate", "").split()]
    if moved is not None:
        shifts += [length_px(f"{moved[1]}{moved[2]}"), length_px(f"{moved[3]}{moved[4]}") if moved[3] else None]
    return any(shift is not None and (shift <= -FAR_OFF_PX * 2 or shift >= FAR_ASIDE_PX) for shift in shifts)


def _left(style: dict[str, str], name: str) -> str:
    """The left side of `margin` or `padding`, by its own property or the one for all sides."""
    sides = style.get(name, "").split()[:4]
    whole = (sides[3] if len(sides) == 4 else sides[min(1, len(sides) - 1)]) if sides else ""
    return style.get(f"{name}-left", whole)


def _is_shrunk(style: dict[str, str]) -> bool:
    """Scaled, zoomed or set so close that nothing can be read."""
    factors = [*style.get("scale", "").split(), style.get("zoom", "")]
    scaled = _SCALED.search(style.get("transform", "").replace(" ", ""))
    if scaled is not None:
        factors = [*factors, *(factor for factor in scaled.groups() if factor)]
    closeness = length_px(style.get("letter-spacing"))
    return any(_is_zero(factor, NEARLY_NO_SIZE) for factor in factors) or (
        closeness is not None and closeness <= -CLOSE_SET_PX
    )


def _is_clipped(style: dict[str, str]) -> bool:
    path = re.sub(r",\s+", ",", style.get("clip-path", ""))
    if _CLIPPED.match(style.get("clip", "")) or _INSET.match(path.replace(" ", "")):
        return True
    if path.startswith("polygon(") and len(set(path[len("polygon(") : -1].split(","))) == 1:
        return True
    if "hidden" not in style.get("overflow", "") and "clip" not in style.get("overflow", ""):
        return False
    lengths = (length_px(style.get(name)) for name in ("width", "height", "max-width", "max-height"))
    return any(length is not None and length <= 1 for length in lengths)
