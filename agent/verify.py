"""Verdicts: does the evidence say what the claim says? A transparent lexical check, behind one method.

Each rule is a sentence one can read in the verdict's reason. What it cannot see (paraphrase without shared words,
reasoning over several sentences) it calls unsupported, never supported.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from agent.answer import Verdict
from tools.text.sentences import sentence_spans
from tools.text.words import fold, terms

SUPPORTED_COVERAGE = 0.6
"""Share of the claim's terms that must stand within one window of the evidence."""
CONFLICT_COVERAGE = 0.7
"""Share from which a window is about the same fact, so that a different number or a negation contradicts it."""
WINDOW_SENTENCES = 3
"""Sentences of evidence read together: a fact and its subject often stand in neighbouring sentences."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w-]+")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|cannot|can't|isn't|aren't|wasn't|weren't|doesn't|don't|didn't|won't|without|"
    r"unable|impossible)\b|不|没有|没|无法|未|并非|从未|禁止",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A piece of a page that a claim may rest on."""

    number: int
    """Its source."""
    url: str
    """Its page."""
    start: int
    """Offset of `text` in the cleaned page."""
    text: str
    """The words."""
    title: str = ""
    """The page's title and headings: they count as context, never as evidence of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """The window of evidence that fits a claim best, and what it says about it."""

    verdict: Verdict
    score: float
    """0 to 1."""
    reason: str = ""
    evidence: Evidence | None = None
    start: int = 0
    """Span of the window within `evidence.text`."""
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Window:
    """A few neighbouring sentences, read once for all claims."""

    evidence: Evidence
    start: int
    end: int
    terms: frozenset[str]
    context: frozenset[str]
    numbers: frozenset[str]
    sentences: tuple[tuple[frozenset[str], bool], ...]
    """(terms, is negated) of each sentence."""

    def negates(self, wanted: frozenset[str]) -> bool:
        """Whether the sentence that shares most with the claim is negated."""
        return max(self.sentences, key=lambda sentence: len(sentence[0] & wanted))[1]


class Verifier:
    """Judges claims against one body of evidence."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self._windows = [window for piece in evidence for window in _windows(piece)]

    def judge(self, claim: str, numbers: Collection[int] | None = None) -> Support:
        """The best support that any window gives the claim; `numbers` limits it to those sources.

        A supporting window wins over a contradicting one: sources may disagree, and the claim rests on the one that
        agrees.
        """
        reading = _Claim(
            terms=frozenset(terms(claim)),
            numbers=_numbers(claim),
            names=tuple((name, frozenset(terms(name))) for name in _NAME.findall(claim)),
            negated=bool(_NEGATION.search(claim)),
        )
        best = Support(verdict="unsupported", score=0.0, reason="no evidence")
        for window in self._windows:
            if numbers is None or window.evidence.number in numbers:
                support = _judge_window(reading, window)
                if _order(support) > _order(best):
                    best = support
        return best


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    terms: frozenset[str]
    numbers: frozenset[str]
    names: tuple[tuple[str, frozenset[str]], ...]
    negated: bool


def _order(support: Support) -> tuple[int, float, int]:
    rank = {"supported": 2, "contradicted": 1}.get(support.verdict, 0)
    return rank, support.score, -(support.end - support.start)


def _windows(piece: Evidence) -> list[_Window]:
    spans = sentence_spans(piece.text)
    words = [piece.text[start:end] for start, end in spans]
    bags = [frozenset(terms(sentence)) for sentence in words]
    numbers = [_numbers(sentence) for sentence in words]
    negated = [bool(_NEGATION.search(sentence)) for sentence in words]
    around = frozenset(terms(piece.title))
    windows = []
    for first in range(len(spans)):
        for last in range(first, min(first + WINDOW_SENTENCES, len(spans))):
            there = frozenset[str]().union(*bags[first : last + 1])
            windows.append(
                _Window(
                    evidence=piece,
                    start=spans[first][0],
                    end=spans[last][1],
                    terms=there,
                    context=there | around,
                    numbers=frozenset[str]().union(*numbers[first : last + 1]) | _numbers(piece.title),
                    sentences=tuple(zip(bags[first : last + 1], negated[first : last + 1], strict=True)),
                )
            )
    return windows


def _judge_window(claim: _Claim, window: _Window) -> Support:
    score = len(claim.terms & window.context) / len(claim.terms) if claim.terms else 0.0

    def support(verdict: Verdict, reason: str = "", factor: float = 1.0) -> Support:
        return Support(
            verdict=verdict,
            score=round(score * factor, 3),
            reason=reason,
            evidence=window.evidence,
            start=window.start,
            end=window.end,
        )

    # The title alone never carries a claim.
    if score < SUPPORTED_COVERAGE or not claim.terms & window.terms:
        return support("unsupported", "the words of the claim are not in the source", 0.5)
    missing = sorted(claim.numbers - window.numbers)
    if missing:
        if score >= CONFLICT_COVERAGE and window.numbers:
            return support("contradicted", f"the source gives another number than {missing[0]}", 0.5)
        return support("unsupported", f"the number {missing[0]} is not in the source", 0.5)
    strangers = [name for name, words in claim.names if not words <= window.context]
    if strangers:
        return support("unsupported", f"{strangers[0]} is not in the source", 0.5)
    if claim.negated != window.negates(claim.terms):
        if score >= CONFLICT_COVERAGE:
            return support("contradicted", "one of the two is negated", 0.5)
        return support("supported", factor=0.9)
    return support("supported")


def _numbers(text: str) -> frozenset[str]:
    return frozenset(number.replace(",", "") for number in _NUMBER.findall(fold(text)))
