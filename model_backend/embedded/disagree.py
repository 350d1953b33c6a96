"""Two sources that give different values for the very thing asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from model_backend.embedded.expected import expected_values
from model_backend.embedded.question import Question
from model_backend.embedded.score import Scored
from tools.text.numbers import Quantity, quantities, same_quantity

CANDIDATES = 6
"""Best units compared; further down they speak of other things."""
NEAR_BEST = 0.85
"""Both must score this share of the best one."""
MIN_OWN = 0.6
"""Both must themselves hold this share of the question's terms (by rarity)."""
SAME_WORDS = 0.5
"""Both must share this part of their words beside the values: they say the same of the same thing."""

_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r"[.!。！;；][\"'”’」』)）]*$")
_BOUNDS = (
    re.compile(
        r"\b(?:min(?:imum|imal)?|smallest|shortest|lowest|fewest|at least)\b|最[小少低短]|至少|下限", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:max(?:imum|imal)?|largest|biggest|longest|highest|most|upper|limit(?:ed|s)?|exceed)\b|最[大多高长]|至多|上限",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:default|initial|usual)(?:ly|s)?\b|默认|缺省|初始", re.IGNORECASE),
)
"""The least, the most and the usual value of one thing are three values, and none contradicts another."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two units that answer differently."""

    newer: Scored
    older: Scored


def conflict_among(question: Question, scored: Sequence[Scored]) -> Conflict | None:
    """The best unit and the best one of another document that gives another value, if any does."""
    if question.kind not in ("number", "date") or not scored:
        return None
    best = scored[0]
    values = _values(question, best)
    if not values or best.own < MIN_OWN:
        return None
    for other in scored[1:CANDIDATES]:
        if other.unit.document == best.unit.document or other.score < NEAR_BEST * best.score or other.own < MIN_OWN:
            continue
        theirs = _values(question, other)
        if not theirs or values & theirs or _bounds(best) != _bounds(other):
            continue
        if not _same_time(question, best, other) and _same_words(best, other):
            newer = max(best, other, key=lambda one: one.unit.published)
            return Conflict(newer, other if newer is best else best)
    return None


def _bounds(one: Scored) -> list[bool]:
    return [bound.search(one.unit.text) is not None for bound in _BOUNDS]


def _values(question: Question, one: Scored) -> set[str]:
    """What it says of the thing asked about; nothing where that is a mere heading or compares values."""
    if one.unit.kind == "sentence" and not _SENTENCE.search(one.unit.text):
        return set()
    values = expected_values(question, one.unit.text)
    # A sentence with many figures, or two in one unit (`from 32 KiB to 64 KiB`), compares: which is meant is not told.
    units = [found.unit for found in quantities(one.unit.text) if found.unit] if question.kind == "number" else []
    compares = len(values) > 2 or len(set(units)) < len(units)
    return set() if compares else {value.replace(",", "") for value in values}


def _same_time(question: Question, one: Scored, other: Scored) -> bool:
    """Whether one only dates more closely than the other (`1911`, `4 May 1911`)."""
    if question.kind != "date":
        return False
    mine, theirs = (quantities(side.unit.text) for side in (one, other))
    return any(same_quantity(a, b) or _year(a) == _year(b) != 0 for a in mine for b in theirs if _is_year(a, b))


def _is_year(one: Quantity, other: Quantity) -> bool:
    """Whether both are dates, one of them no more than a year or a bare number that may be one."""
    return one.unit in _DATED and other.unit in _DATED and bool({one.unit, other.unit} & {"year", ""})


def _year(one: Quantity) -> int:
    return int(one.value) // _DATED[one.unit]


_DATED = {"date": 10_000, "month": 100, "year": 1, "": 1}
"""What the value of a date is divided by to give its year."""


def _same_words(one: Scored, other: Scored) -> bool:
    mine = {term for term in one.terms if not _DIGIT.search(term)}
    theirs = {term for term in other.terms if not _DIGIT.search(term)}
    return bool(mine and theirs) and len(mine & theirs) >= SAME_WORDS * min(len(mine), len(theirs))
