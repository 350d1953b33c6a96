"""Right or wrong: how an answer is held against what is known of its question. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from eval.docs_score import MARK, fold, holds

NONE_OF_THESE = ("none of the above", "none of these")
"""How an answer says that no choice is right."""


class Right(Protocol):
    """Tells a right answer from a wrong one."""

    def is_right(self, answer: str, *, abstained: bool) -> bool:
        """Whether the answer is right."""


@dataclass(frozen=True, slots=True)
class Holds:
    """Right: it holds one spelling of every group, and none of what it must not hold.

    With one group and nothing forbidden this is the published "the answer contains a gold string" (exact match of
    RGB, ALCE and others), but a number must stand free: 70 is not in 170. With every gold answer as a group and the
    known wrong ones forbidden it is RAMDocs' strict exact match.
    """

    groups: tuple[tuple[str, ...], ...]
    forbidden: tuple[str, ...] = ()

    def is_right(self, answer: str, *, abstained: bool) -> bool:
        """Whether the answer is right; an abstention never is."""
        return not abstained and holds(answer, self.groups) and not names_any(answer, self.forbidden)


@dataclass(frozen=True, slots=True)
class Abstains:
    """Right: it says that there is no answer to be found."""

    def is_right(self, answer: str, *, abstained: bool) -> bool:
        """Whether it abstains."""
        return abstained


@dataclass(frozen=True, slots=True)
class NamesChoice:
    """Right: of the choices offered it names the right one and no other.

    Where the right one is "None of the above" (`right` is None), an answer is right that says so, abstains, or names
    none of the others.
    """

    choices: tuple[str, ...]
    """Those with content, without "None of the above"."""
    right: str | None

    def is_right(self, answer: str, *, abstained: bool) -> bool:
        """Whether the answer is right."""
        held = [choice for choice in self.choices if holds(answer, [[choice]])]
        # "Georgia" stands in "South Georgia" and is not named by it.
        named = [one for one in held if not any(one != other and fold(one) in fold(other) for other in held)]
        if any(words in fold(answer) for words in NONE_OF_THESE):
            named = []
        if self.right is None:
            return abstained or not named
        return not abstained and named == [self.right]


@dataclass(frozen=True, slots=True)
class Nearer:
    """Right: it is nearer to a right answer than to any wrong one, by overlap of words or pairs of characters.

    The automatic judgement that TruthfulQA published for its free answers (highest similarity to a true reference
    above the highest to a false one), here with F1 over character pairs. It is a stand-in for a judge that reads.
    """

    good: tuple[str, ...]
    bad: tuple[str, ...]

    def is_right(self, answer: str, *, abstained: bool) -> bool:
        """Whether the answer is right; an abstention never is."""
        return not abstained and self.lead(answer) > 0

    def lead(self, answer: str) -> float:
        """How much nearer it is to the right answers, -1 to 1."""
        return _nearest(answer, self.good) - _nearest(answer, self.bad)


def names_any(answer: str, spellings: Sequence[str]) -> bool:
    """Whether the answer holds any of the spellings."""
    return any(holds(answer, [[spelling]]) for spelling in spellings)


def _nearest(answer: str, references: Sequence[str]) -> float:
    return max((_pair_f1(answer, reference) for reference in references), default=0.0)


def _pair_f1(one: str, other: str) -> float:
    mine, theirs = _pairs(one), _pairs(other)
    total = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / total if total else 0.0


def _pairs(text: str) -> Counter[str]:
    plain = "".join(char for char in fold(MARK.sub("", text)) if char.isalnum())
    return Counter(a + b for a, b in pairwise(plain)) if len(plain) > 1 else Counter([plain])
