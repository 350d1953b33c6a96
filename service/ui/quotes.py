"""The words of a page beside the words of a claim: what they share, and in what they differ."""

import re
from collections.abc import Iterator
from typing import Literal

from tools.text.words import CJK, STOP_WORDS, stem

Kind = Literal["", "same", "other"]
"""Of a piece of a quotation: nothing special, a word the claim shares, or what it says differently."""
Part = tuple[str, Kind]

_WORD = re.compile(rf"\d+(?:[.,:]\d+)*|[{CJK}]|[^\W_{CJK}]+")
MAX_GAP_CHARS = 1
"""Shared words with no more than a space between them are one highlight."""


def parts(text: str, other: str, differs: str = "") -> list[Part]:
    """The text cut where words are shared with `other`, and where `differs` stands in it; joined, it is the text.

    Chinese characters count as shared in pairs: a single one stands in too many words.
    """
    spans = sorted([*_differing(text, differs), *_shared(text, other)], key=lambda span: (span[0], span[2] != "other"))
    cut: list[Part] = []
    at = 0
    for start, end, kind in spans:
        if start < at:
            continue
        if start > at:
            cut.append((text[at:start], ""))
        cut.append((text[start:end], kind))
        at = end
    if at < len(text):
        cut.append((text[at:], ""))
    return cut


def _differing(text: str, differs: str) -> Iterator[tuple[int, int, Kind]]:
    if differs:
        pattern = rf"(?<!\d){re.escape(differs)}(?!\d)"
        yield from ((found.start(), found.end(), "other") for found in re.finditer(pattern, text, re.IGNORECASE))


def _shared(text: str, other: str) -> Iterator[tuple[int, int, Kind]]:
    theirs = {_key(word[0]) for word in _WORD.finditer(other)} - STOP_WORDS
    pairs = {other[i : i + 2] for i in range(len(other) - 1)}
    start = end = -1
    for word in _WORD.finditer(text):
        a, b = word.span()
        alone = re.match(f"[{CJK}]", word[0]) and not (text[a : a + 2] in pairs or text[max(0, a - 1) : b] in pairs)
        if _key(word[0]) not in theirs or alone:
            continue
        if start >= 0 and a - end <= MAX_GAP_CHARS and not text[end:a].strip():
            end = b
            continue
        if start >= 0:
            yield start, end, "same"
        start, end = a, b
    if start >= 0:
        yield start, end, "same"


def _key(word: str) -> str:
    return stem(word.lower().replace(",", ""))
