"""The words of a page beside the words of a claim: what they share, and in what they differ."""

import re
from collections.abc import Iterator

from service.ui.shown import Shown
from tools.text.words import CJK, STOP_WORDS, stem

_WORD = re.compile(rf"\d+(?:[.,:]\d+)*|[{CJK}]|[^\W_{CJK}]+")
_PAIR = re.compile(rf"[\w\s{CJK}]{{2}}")
MAX_GAP_CHARS = 1
"""Shared words with no more than a space between them are one highlight."""
Span = tuple[int, int]


class Quote(Shown):
    """Where the words of a claim are in those of a page. Offsets count UTF-16 units, as JavaScript does."""

    same: list[int]
    """Start, end, start, end, … of words that the claim shares."""
    other: list[int]
    """The same of words that the claim says differently; apart from those above."""


def quote(text: str, claim: str, differs: str = "") -> Quote:
    """The page's words beside the claim's; `differs` are the words that stand against the claim.

    Chinese characters count as shared in pairs: a single one stands in too many words.
    """
    other = list(_differing(text, differs))
    same = [*_shared(text, claim, other)]
    return Quote(same=_in_utf16(text, same), other=_in_utf16(text, other))


def _in_utf16(text: str, spans: list[Span]) -> list[int]:
    ends = [end for span in spans for end in span]
    return ends if text.isascii() else [len(text[:end].encode("utf-16-le", "surrogatepass")) // 2 for end in ends]


def _differing(text: str, differs: str) -> Iterator[Span]:
    if differs:
        pattern = rf"(?<!\d){re.escape(differs)}(?!\d)"
        yield from (found.span() for found in re.finditer(pattern, text, re.IGNORECASE))


def _shared(text: str, other: str, apart_from: list[Span]) -> Iterator[Span]:
    theirs = {_key(word[0]) for word in _WORD.finditer(other)} - STOP_WORDS
    pairs = {pair[0] for i in range(len(other) - 1) if (pair := _PAIR.match(other, i))}
    start = end = -1
    for word in _WORD.finditer(text):
        a, b = word.span()
        alone = re.match(f"[{CJK}]", word[0]) and not (text[a : a + 2] in pairs or text[max(0, a - 1) : b] in pairs)
        if _key(word[0]) not in theirs or alone or any(a < d and c < b for c, d in apart_from):
            continue
        if start >= 0 and a - end <= MAX_GAP_CHARS and not text[end:a].strip():
            end = b
            continue
        if start >= 0:
            yield start, end
        start, end = a, b
    if start >= 0:
        yield start, end


def _key(word: str) -> str:
    return stem(word.lower().replace(",", ""))
