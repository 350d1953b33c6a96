"""Units -> how well each answers the question: terms by rarity, context, kind of answer, place, agreement."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from model_backend.embedded.expected import holds_expected
from model_backend.embedded.question import Question
from model_backend.embedded.units import Unit
from tools.text.words import fold, terms

LEAD, HEADING, TITLE, BEFORE, AFTER, ELSEWHERE = 0.85, 0.65, 0.55, 0.5, 0.2, 0.15
"""What a term is worth when it stands not in the unit but in its lead-in, heading, title, neighbours or document."""
EXPECTED_SHARE = 0.30
"""Weight of the kind of answer beside coverage (1.0)."""
PHRASE_SHARE = 0.12
"""Weight of question terms that follow each other in the unit as they do in the question."""
AGREEMENT_SHARE = 0.25
"""Weight of other documents that say the same."""
IDENTIFIER_SHARE = 0.15
"""Weight of identifiers found whole."""
PER_DOCUMENT, PER_POSITION = 0.02, 0.002
"""What each place down the ranking costs: documents and passages come best first."""
SHORT_TERMS, LONG_TERMS = 3, 60
"""A unit of fewer terms seldom says anything; one of more says too much."""
HOLDS = 0.7
"""A unit holds a term from here: the word itself or a synonym."""
SEAM, HALF_SEAM = 0.15, 0.5
"""What a Chinese pair that no unit holds is worth when both, or one, of its neighbours are held."""
AGREEING_UNITS = 12
"""Best units compared with each other; more adds noise and time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A unit and why it is good."""

    unit: Unit
    score: float
    coverage: float
    """Share (by rarity) of the question's terms in the unit and its context, 0 to 1."""
    own: float
    """The same, in the unit itself."""
    expected: float
    """How surely it holds the kind of answer asked for."""
    phrase: float
    """Share of the question's neighbouring terms that are neighbours in the unit too."""
    names: float
    """Share of the question's names found in the unit and its context; 1 when it has none."""
    agreement: float = 0.0
    """How much the best units of other documents say the same beside the question's own terms."""
    terms: frozenset[str]
    """The unit's own terms."""


def score_units(question: Question, units: Sequence[Unit]) -> list[Scored]:
    """Every unit, best first."""
    views = _views(units)
    matches = [{term: _match(term, question, view) for term in question.weights} for view in views]
    rarity = _rarity(question, matches)
    scored = [
        _score(question, unit, view, match, rarity) for unit, view, match in zip(units, views, matches, strict=True)
    ]
    scored.sort(key=lambda one: -one.score)
    return _with_agreement(question, scored)


@dataclass(frozen=True, slots=True)
class _View:
    """A unit's terms by layer."""

    order: tuple[str, ...]
    own: frozenset[str]
    layers: tuple[tuple[float, frozenset[str]], ...]
    text: str


def _views(units: Sequence[Unit]) -> list[_View]:
    known: dict[str, tuple[str, ...]] = {}

    def of(text: str) -> tuple[str, ...]:
        if text not in known:
            known[text] = tuple(terms(text))
        return known[text]

    whole: dict[int, frozenset[str]] = {}
    for unit in units:
        whole[unit.document] = whole.get(unit.document, frozenset()) | set(of(unit.words)) | set(of(unit.lead))
    views = []
    for unit in units:
        order = of(unit.words)
        layers = tuple(
            (worth, frozenset(of(text)))
            for worth, text in (
                (LEAD, unit.lead),
                (HEADING, unit.heading),
                (TITLE, unit.title),
                (BEFORE, unit.before),
                (AFTER, unit.after),
            )
            if text
        )
        text = fold(" ".join([unit.lead, unit.words, unit.heading, unit.title]))
        views.append(_View(order, frozenset(order), (*layers, (ELSEWHERE, whole[unit.document])), text))
    return views


def _match(term: str, question: Question, view: _View) -> tuple[float, float]:
    """(in the unit itself, in the unit or its context): 0 to 1 each."""
    near = question.related.get(term, {})
    own = _in(term, near, view.own)
    best = own
    for worth, layer in view.layers:
        if worth > best:
            best = max(best, worth * _in(term, near, layer))
    return own, best


def _in(term: str, near: Mapping[str, float], found: frozenset[str]) -> float:
    if term in found:
        return 1.0
    return max((weight for other, weight in near.items() if other in found), default=0.0)


def _rarity(question: Question, matches: Sequence[Mapping[str, tuple[float, float]]]) -> dict[str, float]:
    """Weight of each term: its prior times its inverse unit frequency, summing to 1."""
    count = len(matches)
    holding = {term: sum(match[term][0] >= HOLDS for match in matches) for term in question.weights}
    seams = _seams(question, holding)
    weights = {
        term: prior * math.log(1 + (count - holding[term] + 0.5) / (holding[term] + 0.5)) * seams.get(term, 1.0)
        for term, prior in question.weights.items()
    }
    total = sum(weights.values()) or 1.0
    return {term: weight / total for term, weight in weights.items()}


def _seams(question: Question, holding: Mapping[str, int]) -> dict[str, float]:
    """Pairs that no unit holds while their neighbours are held: they only stand where two words meet."""
    found: dict[str, float] = {}
    for run in question.pairs:
        for index, pair in enumerate(run):
            if holding.get(pair, 1):
                continue
            before = index > 0 and holding.get(run[index - 1], 0) > 0
            after = index + 1 < len(run) and holding.get(run[index + 1], 0) > 0
            if before and after:
                found[pair] = SEAM
            elif before or after:
                found[pair] = HALF_SEAM
    return found


def _score(
    question: Question,
    unit: Unit,
    view: _View,
    match: Mapping[str, tuple[float, float]],
    rarity: Mapping[str, float],
) -> Scored:
    own = sum(rarity[term] * match[term][0] for term in rarity)
    coverage = sum(rarity[term] * match[term][1] for term in rarity)
    expected = holds_expected(question, unit)
    phrase = _phrase(question, view.order)
    names = [match[term][1] for term in question.names]
    whole = [one in view.text for one in question.identifiers]
    score = (
        0.6 * coverage
        + 0.4 * own
        + EXPECTED_SHARE * expected
        + PHRASE_SHARE * phrase
        + IDENTIFIER_SHARE * (sum(whole) / len(whole) if whole else 0.0)
        - PER_DOCUMENT * unit.document
        - PER_POSITION * unit.position
        - _length_cost(len(view.order))
    )
    return Scored(
        unit=unit,
        score=score,
        coverage=coverage,
        own=own,
        expected=expected,
        phrase=phrase,
        names=sum(names) / len(names) if names else 1.0,
        terms=view.own,
    )


def _length_cost(count: int) -> float:
    if count < SHORT_TERMS:
        return 0.2 * (SHORT_TERMS - count)
    return 0.05 * min(2.0, max(0, count - LONG_TERMS) / LONG_TERMS)


def _phrase(question: Question, order: Sequence[str]) -> float:
    asked = list(question.weights)
    wanted = {*pairwise(asked)}
    if not wanted:
        return 0.0
    place = {term: index for index, term in enumerate(order)}
    return sum(a in place and b in place and abs(place[a] - place[b]) <= 3 for a, b in wanted) / len(wanted)


def _with_agreement(question: Question, scored: list[Scored]) -> list[Scored]:
    """Raise units that the best units of other documents repeat, beside the words of the question itself."""
    best = scored[:AGREEING_UNITS]
    asked = question.weights.keys()
    raised = []
    for one in best:
        beyond = {term for term in one.terms if term not in asked}
        support: dict[int, float] = {}
        for other in best:
            if other.unit.document == one.unit.document or not beyond:
                continue
            shared = len(beyond & other.terms) / (len(beyond) ** 0.5 * len(other.terms - asked) ** 0.5 or 1.0)
            support[other.unit.document] = max(support.get(other.unit.document, 0.0), shared * max(0.0, other.score))
        agreement = min(1.0, sum(support.values()) / 2)
        raised.append(replace(one, score=one.score + AGREEMENT_SHARE * agreement, agreement=agreement))
    raised.sort(key=lambda one: -one.score)
    return raised + scored[AGREEING_UNITS:]
