"""Where a text may be cut: never within a number or a word, nor between a number and what it counts."""

import re

from tools.text.words import CJK

_LONGEST_WORD_CHARS = 60
"""Longer runs without a gap are no words (`aaaa…`, a digest), and are cut anywhere."""
_SPACED = re.compile(rf"[^\s{CJK}\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]")
"""What is written with spaces between words: letters, digits and the signs that stand among them (`10^-9`, `$5`)."""
_NUMERAL = re.compile(r"[\d.,%〇零一二两三四五六七八九十百千万亿兆点]")
"""What Chinese numbers are written with: `281万亿`, `三千五百`."""


def cut_at(text: str, most: int) -> int:
    """The length of the longest beginning of at most `most` characters that ends between two words."""
    if len(text) <= most:
        return len(text)
    places = range(most, max(0, most - _LONGEST_WORD_CHARS), -1)
    between = [place for place in places if not _is_within(text, place)]
    # A long row of figures has no end that leaves each with what it counts; between two of them it may be cut.
    return next((place for place in between if not _leaves_number(text, place)), next(iter(between), most))


def _is_within(text: str, place: int) -> bool:
    """Whether a place stands within a word or a number."""
    before, after = text[place - 1], text[place]
    return any(kind.match(before) and kind.match(after) for kind in (_SPACED, _NUMERAL))


def _leaves_number(text: str, place: int) -> bool:
    """Whether a number would be the last thing left, without its further digits or its unit."""
    before, after = text[:place].rstrip()[-1:], text[place : place + 2].lstrip()[:1]
    return _NUMERAL.match(before) is not None and after.isalnum()
