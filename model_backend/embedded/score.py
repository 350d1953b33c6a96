"""Units -> how well each answers the question: terms by rarity, context, kind of answer, place, agreement."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from model_backend.embedded.blemishes import blemishes
from model_backend.embedded.expected import holds_expected
from model_backend.embedded.manuals import named_manuals
from model_backend.embedded.question import Question
from model_backend.embedded.units import Unit
from model_backend.embedded.views import View, match_of, presence, views_of, with_kin
from tools.text.signs import share_found
from tools.text.words import terms

EXPECTED_SHARE = 0.5
"""Weight of the kind of answer beside coverage (1.0)."""
DEFINING_SHARE = 0.8
"""The same where it is asked what a thing is: the sentence that says so comes before all that merely speak of it."""
PHRASE_SHARE = 0.05
"""Weight of question terms that follow each other in the unit as they do in the question."""
AGREEMENT_SHARE = 0.25
"""Weight of other documents that say the same."""
OWN_SHARE = 0.3
"""Of coverage, how much only the unit itself counts, without its context."""
DOCUMENT_SHARE = 0.4
"""Weight of how much of the question the whole document holds: a sentence of the right page beats a chance likeness."""
TITLE_SHARE = 0.35
"""Weight of a title whose words the question names."""
IDENTIFIER_SHARE = 0.2
"""Weight of identifiers found whole."""
SIGN_SHARE = 1.2
"""Weight of signs found whole (`$!`, `->>`): no term holds what is asked about. Code uses them, and tells nothing."""
OTHER_MANUAL = 0.6
"""What it costs to stand beside the manual of the command that is asked about and not to name it (from 0.6 to 1.0 the
same answers over five sets of questions, with 0.3 one fewer)."""
PER_POSITION = 0.002
"""What each unit before it in its document costs; the order of documents tells nothing that the words do not."""
SHORT_TERMS, LONG_TERMS = 3, 60
"""A unit of fewer terms seldom says anything; one of more holds terms by chance."""
SHORT_COST, LONG_COST = 0.2, 0.05
"""What each missing term costs, and each further `LONG_TERMS` terms (three times at most)."""
CODE_SHARE = 0.1
"""Weight of code with its lead-in: it shows what prose only tells; but not what a thing is."""
FIRST_SHARE = 0.1
"""Weight of standing first in its paragraph, definition or item: what follows elaborates."""
RECENT_SHARE = 0.2
"""Weight of being on the newest page when the question asks how things are now."""
HOLDS = 0.7
"""A unit holds a term from here: the word itself or a synonym."""
SEAM, LOOSE_SEAM, HALF_SEAM = 0.15, 0.3, 0.5
"""What a Chinese pair that no unit holds is worth: when both of its neighbours are held, or one and it holds a joint;
when it holds a joint only; when one neighbour is held."""
_JOINTS = frozenset(
    "时里后前上下中内外得着过个条种位名次会能要想让给用各每某还又再才只最很更太已曾正可并但若因由向往于以所来去成好完掉住出起不没人家自大小"
)
"""Characters at which one Chinese word often ends and the next begins. On 24 questions over manuals these two rules
answered 4 more, of 12 without an answer none."""
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
    """Share of its terms beside the subjects in the unit itself."""
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
    views = views_of(units)
    question = with_kin(question, views)
    matches = [{term: match_of(term, question, view) for term in question.weights} for view in views]
    rarity = _rarity(question, matches)
    about = _about(question, units, views)
    manuals, commands = named_manuals(question, units)
    scored = [
        _score(question, unit, view, match, rarity, about[unit.document] - _beside(unit, view, manuals, commands))
        for unit, view, match in zip(units, views, matches, strict=True)
    ]
    scored.sort(key=lambda one: -one.score)
    return _with_agreement(question, scored)


def _beside(unit: Unit, view: View, manuals: frozenset[int], commands: frozenset[str]) -> float:
    """What it costs a unit to be of no manual asked about."""
    if not manuals or unit.document in manuals or not commands.isdisjoint(terms(view.text)):
        return 0.0
    return OTHER_MANUAL


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
    """Pairs that no unit holds, while their neighbours are held or words often meet there: they are no words."""
    found: dict[str, float] = {}
    for run in question.pairs:
        for index, pair in enumerate(run):
            if holding.get(pair, 1):
                continue
            before = index > 0 and holding.get(run[index - 1], 0) > 0
            after = index + 1 < len(run) and holding.get(run[index + 1], 0) > 0
            joint = not _JOINTS.isdisjoint(pair)
            if (before and after) or (joint and (before or after)):
                found[pair] = SEAM
            elif joint:
                found[pair] = LOOSE_SEAM
            elif before or after:
                found[pair] = HALF_SEAM
    return found


def _score(
    question: Question,
    unit: Unit,
    view: View,
    match: Mapping[str, tuple[float, float]],
    rarity: Mapping[str, float],
    about: float,
) -> Scored:
    own = _own(question, match, rarity)
    coverage = sum(rarity[term] * match[term][1] for term in rarity)
    expected = holds_expected(question, unit)
    phrase = _phrase(question, view.order)
    names = [match[term][1] for term in question.names]
    whole = [one.search(view.text) is not None for one in question.identifiers]
    score = (
        (1 - OWN_SHARE) * coverage
        + OWN_SHARE * own
        + (DEFINING_SHARE if question.kind == "definition" else EXPECTED_SHARE) * expected
        + PHRASE_SHARE * phrase
        + IDENTIFIER_SHARE * (sum(whole) / len(whole) if whole else 0.0)
        + (SIGN_SHARE * share_found(question.signs, view.text) if unit.kind != "code" else 0.0)
        + about
        - PER_POSITION * unit.position
        + (CODE_SHARE if unit.kind == "code" and question.kind != "definition" else 0.0)
        + (0.0 if unit.before else FIRST_SHARE)
        - _length_cost(view.length)
        - blemishes(question, unit)
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


def _own(question: Question, match: Mapping[str, tuple[float, float]], rarity: Mapping[str, float]) -> float:
    """Share in the unit itself of what is asked about the subjects; of the subjects where nothing else is asked."""
    asked = [term for term in rarity if term not in question.subjects | question.home] or list(rarity)
    total = sum(rarity[term] for term in asked)
    return sum(rarity[term] * match[term][0] for term in asked) / total if total else 0.0


def _about(question: Question, units: Sequence[Unit], views: Sequence[View]) -> dict[int, float]:
    """What each document adds to the score of its units: how much of the question it and its title hold."""
    held: dict[int, frozenset[str]] = {}
    titles: dict[int, frozenset[str]] = {}
    for unit, view in zip(units, views, strict=True):
        if unit.document not in held:
            titles[unit.document] = frozenset(terms(unit.title, unigrams=False))
            held[unit.document] = view.document | titles[unit.document]
    found = {
        place: {term: presence(term, question.related.get(term, {}), words) for term in question.weights}
        for place, words in held.items()
    }
    weights = {}
    for term, prior in question.weights.items():
        count = sum(one[term] >= HOLDS for one in found.values())
        weights[term] = prior * math.log(1 + (len(found) - count + 0.5) / (count + 0.5))
    total = sum(weights.values()) or 1.0
    newest = _newest(units) if question.recent else frozenset()
    return {
        place: DOCUMENT_SHARE * sum(weights[term] * one[term] for term in weights) / total
        + TITLE_SHARE * _named(titles[place], question)
        + (RECENT_SHARE if place in newest else 0.0)
        for place, one in found.items()
    }


def _newest(units: Sequence[Unit]) -> frozenset[int]:
    latest = max((unit.published for unit in units), default="")
    return frozenset(unit.document for unit in units if latest and unit.published == latest)


def _named(title: frozenset[str], question: Question) -> float:
    return len(title & question.weights.keys()) / len(title) if title else 0.0


def _length_cost(count: int) -> float:
    if count < SHORT_TERMS:
        return SHORT_COST * (SHORT_TERMS - count)
    return LONG_COST * min(3.0, max(0, count - LONG_TERMS) / LONG_TERMS)


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
