"""Near-duplicates among passages: copies, quotes and reprints, told apart from accounts that contradict each other.

Two texts are near-duplicates when most of the shorter one's shingles (three words, three Chinese characters) occur in
the longer. Strangers share at most 0.22 of them, copies with 15 % of their words changed still 0.6.
"""

import re
from dataclasses import dataclass, field

from tools.text.words import terms, words

SHINGLE_WORDS = 3
"""Words (Chinese: characters) to a shingle."""
NEAR_DUPLICATE = 0.6
"""Share of the shorter text's shingles from which on it counts as a copy."""
MAX_SWAP_WORDS = 3
"""A swap of up to this many words between the same neighbours can be a contradiction."""

MAX_CLEAR_SWAPS = 2
"""Copies that differ in no more places than this were changed on purpose; a reprint is edited all over."""

_Row = tuple[str, ...]
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两")
_NEGATIONS = frozenset(["not", "no", "never", "without", "none", "不", "没", "未", "非", "无"])
_NAME = re.compile(r"(?<=[\w,;:)] )[A-Z][^\W_]*")
_EDGE = ("", "")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is compared of a text."""

    words: tuple[str, ...]
    """Folded words, a Chinese character each."""
    shingles: frozenset[tuple[str, ...]]
    """Every three words in a row; of a shorter text the whole."""
    names: frozenset[str] = field(default=frozenset())
    """Folded words that stand capitalised inside a sentence."""


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a text."""
    found = tuple(words(text))
    rows = zip(*(found[offset:] for offset in range(SHINGLE_WORDS)), strict=False)
    names = frozenset(name.lower() for name in _NAME.findall(text))
    return Fingerprint(found, frozenset(rows) or frozenset([found] if found else []), names)


def containment(a: Fingerprint, b: Fingerprint) -> float:
    """Share of the shingles of the one with fewer that occur in the other, 0 to 1; 0 when either is empty."""
    fewer, more = sorted((a.shingles, b.shingles), key=len)
    return len(fewer & more) / len(fewer) if fewer else 0.0


def near_duplicates(a: Fingerprint, b: Fingerprint) -> bool:
    """Whether the two say the same in the same words; False for copies that contradict each other."""
    return containment(a, b) >= NEAR_DUPLICATE and not contradict(a, b)


def contradict(a: Fingerprint, b: Fingerprint) -> bool:
    """Whether two copies differ in what they state, judged by what stands between the same neighbouring words.

    Another number or name, or a negation in one only, is a contradiction. So is another content word, where hardly
    anything else differs (a comedy here, a drama there); among many differences it is a matter of wording. What merely
    one of the two adds is no contradiction.
    """
    if a.shingles <= b.shingles or b.shingles <= a.shingles:
        return False
    swaps = _swaps(a, b)
    few = len(swaps) <= MAX_CLEAR_SWAPS
    for old, new in swaps:
        if not (old and new):
            if _NEGATIONS & {*old, *new}:
                return True
        elif _telling(old, a) != _telling(new, b) or (few and _content(old) and _content(new)):
            return True
    return False


def _swaps(ours: Fingerprint, theirs: Fingerprint) -> set[tuple[_Row, _Row]]:
    """What stands in the one where something else (or nothing) stands in the other, between the same neighbours."""
    forks = {shingle[:2] for shingle in _edged(ours) ^ _edged(theirs)}
    a, b = _slots(ours.words, forks), _slots(theirs.words, forks)
    return {
        _without_common_ends(old, new)
        for neighbours in a.keys() & b.keys()
        for old in a[neighbours] - b[neighbours]
        for new in b[neighbours] - a[neighbours]
    }


def _without_common_ends(old: _Row, new: _Row) -> tuple[_Row, _Row]:
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return old, new


def _edged(text: Fingerprint) -> set[_Row]:
    padded = (*_EDGE, *text.words, *_EDGE)
    return set(zip(padded, padded[1:], padded[2:], strict=False))


def _slots(row: _Row, forks: set[_Row]) -> dict[_Row, set[_Row]]:
    """What stands between two words on the left and one on the right, where the two texts part ways after the left."""
    padded = (*_EDGE, *row, *_EDGE)
    slots: dict[_Row, set[_Row]] = {}
    for start in range(2, len(padded) - 1):
        if padded[start - 2 : start] in forks:
            for end in range(start, min(start + MAX_SWAP_WORDS + 1, len(padded) - 1)):
                slots.setdefault((*padded[start - 2 : start], padded[end]), set()).add(padded[start:end])
    return slots


def _telling(row: _Row, text: Fingerprint) -> set[str]:
    """Numbers, names and negations of a row."""
    return {
        word
        for word in row
        if word in text.names or word in _NUMERALS or word in _NEGATIONS or any(c.isdigit() for c in word)
    }


def _content(row: _Row) -> list[str]:
    return terms(" ".join(row))
