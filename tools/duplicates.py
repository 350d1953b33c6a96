"""Near-duplicates among passages: copies, quotes and reprints, told apart from accounts that contradict each other.

Two texts are near-duplicates when most of the shorter one's shingles (three words, three Chinese characters) occur in
the longer. Strangers share at most 0.22 of them, copies with 15 % of their words changed still 0.6.
"""

import re
from dataclasses import dataclass, field

from tools.text.words import words

SHINGLE_WORDS = 3
"""Words (Chinese: characters) to a shingle."""
NEAR_DUPLICATE = 0.6
"""Share of the shorter text's shingles from which on it counts as a copy."""
MAX_SWAP_WORDS = 3
"""A swap of up to this many words between the same neighbours can be a contradiction."""

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
    """Whether the two say the same in the same words; False when they differ in a number, a name or a negation."""
    return containment(a, b) >= NEAR_DUPLICATE and not contradict(a, b)


def contradict(a: Fingerprint, b: Fingerprint) -> bool:
    """Whether, between the same neighbouring words, one has another number, name or negation than the other.

    Looks only at swaps of up to `MAX_SWAP_WORDS` words: what merely one of them adds is no contradiction, unless it is
    a negation.
    """
    ours, theirs = _slots(a.words), _slots(b.words)
    return any(
        _statement(old, a) != _statement(new, b) if old and new else bool(_NEGATIONS & {*old, *new})
        for neighbours in ours.keys() & theirs.keys()
        for old in ours[neighbours] - theirs[neighbours]
        for new in theirs[neighbours] - ours[neighbours]
    )


def _slots(row: tuple[str, ...]) -> dict[tuple[str, ...], set[tuple[str, ...]]]:
    """What stands between two words on the left and one on the right, for every such place."""
    padded = (*_EDGE, *row, *_EDGE)
    slots: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for start in range(2, len(padded) - 1):
        for end in range(start, min(start + MAX_SWAP_WORDS + 1, len(padded) - 1)):
            slots.setdefault((*padded[start - 2 : start], padded[end]), set()).add(padded[start:end])
    return slots


def _statement(row: tuple[str, ...], text: Fingerprint) -> set[str]:
    """The words of a row that make a statement another one: numbers, names, negations."""
    return {
        word
        for word in row
        if word in text.names or word in _NUMERALS or word in _NEGATIONS or any(c.isdigit() for c in word)
    }
