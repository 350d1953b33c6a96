"""Code points nobody sees: format characters, tags, variation selectors, fillers. They carry orders to models."""

import re
import unicodedata

_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
"""Combining joiner, Hangul and Khmer fillers: drawn as nothing, though not of category Cf."""
_SELECTORS = "\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"


def _format_ranges() -> str:
    """The ranges of category Cf, for a character class. Past plane 1 only tags are of it, and they stand below."""
    points = [point for point in range(0x20000) if unicodedata.category(chr(point)) == "Cf"]
    ranges: list[tuple[int, int]] = []
    for point in points:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1] = (ranges[-1][0], point)
        else:
            ranges.append((point, point))
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in ranges)


_UNSEEN = re.compile(f"[{_format_ranges()}{_FILLERS}{_SELECTORS}\U000e0000-\U000e0fff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x85\u2028\u2029]")


def visible(text: str) -> str:
    """The text without what is drawn as nothing; odd line separators become spaces, line feeds and tabs stay."""
    if text.isascii():
        return _OTHER_LINE_ENDS.sub(" ", _CONTROL.sub("", text))
    return _OTHER_LINE_ENDS.sub(" ", _CONTROL.sub("", _UNSEEN.sub("", text)))
