"""Where a text may be cut: never within a number or a word."""

import re

from tools.text.words import CJK

_LONGEST_WORD_CHARS = 60
"""Longer runs without a gap are no words (`aaaa…`, a digest), and are cut anywhere."""
_JOINED = re.compile(rf"[^\s\W{CJK}](?:[^\s\W{CJK}]|[.,'’_/:-])*\Z")
"""The piece of a word or number that stands at the end."""
_GOES_ON = re.compile(rf"[.,'’_/:-]?[^\s\W{CJK}]")


def cut_at(text: str, most: int) -> int:
    """The length of the longest beginning of at most `most` characters that ends between two words."""
    if len(text) <= most or not _GOES_ON.match(text, most):
        return min(len(text), most)
    begun = _JOINED.search(text[max(0, most - _LONGEST_WORD_CHARS) : most])
    kept = most - len(begun.group()) if begun else 0
    return kept if kept > 0 and most - kept < _LONGEST_WORD_CHARS else most
