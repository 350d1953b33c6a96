"""Conflicts: places where a claim and the sentences it would rest on say different things.

Each is a sentence one can read in the verdict's reason. Nothing here is learned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agent.verify.amounts import agree
from agent.verify.lexicon import CHINESE_SETS, HAS_OPPOSITE, OPPOSITE, SAME_AS
from agent.verify.reading import Reading
from agent.verify.replaced import in_words_of, replaced_words
from tools.text.numbers import Quantity, same_quantity

Kind = Literal["number", "name", "word", "negation", "opposite"]

FIT_MARGIN = 1.25
"""How much better another number must fit the claim's words before the claim's own is called misplaced."""
FOLLOWS_AT_ALL = 0.6
"""Share of the claim that must follow a sentence in order before a name that is not there counts alone."""
FOLLOWS = 0.6
"""Share of the claim that must follow a sentence in order before a negation in one of them counts alone."""
_FIRST_YEAR, _LAST_YEAR = 1000, 2100
"""A bare number between these is most likely a year, and stands for nothing that is counted."""
REACH = 3.0
"""Words over which the weight of a neighbour of a number halves."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One difference."""

    kind: Kind
    reason: str
    """Shown to people."""
    contradicts: bool
    """Whether the evidence says otherwise, rather than not saying it."""
    firm: bool = True
    """Whether it decides alone; otherwise the classifier has the last word. On judged claims in free wording, a word
    or name that is put otherwise, or a negation, was no sign of a false claim."""


def number_conflicts(claim: Reading, sentences: Sequence[Reading], context: Reading) -> list[Conflict]:
    """Numbers of the claim that the sentences do not give, or give for something else.

    `context` (title and headings) may hold a number of the claim, too.
    """
    told = claim.quantities
    if not told:
        return []
    there = [(one, reading) for reading in sentences for one in reading.quantities]
    found: list[Conflict] = []
    for quantity in told:
        words = claim.text[quantity.start : quantity.end].strip()
        same = [agree(claim, quantity, one) for one, _ in there]
        alike = [pair for pair, agrees in zip(there, same, strict=True) if agrees]
        others = [
            pair for pair, agrees in zip(there, same, strict=True) if not agrees and _comparable(quantity, pair[0])
        ]
        if alike:
            if misplaced := _misplaced(claim, quantity, alike, others, told):
                found.append(Conflict("number", f"the source gives {misplaced}, not {words}", True))
        elif any(same_quantity(quantity, one) for one in context.quantities):
            continue
        elif others:
            # A year is set against a year before it is set against metres.
            fitting = max(others, key=lambda other: (other[0].unit == quantity.unit, _fit(claim, quantity, *other)))
            instead = fitting[1].text[fitting[0].start : fitting[0].end].strip()
            found.append(Conflict("number", f"number {words} is not in the source, which gives {instead}", True))
        else:
            found.append(Conflict("number", f"number {words} is not in the source", False))
    return found


def said_otherwise(claim: Reading, sentences: Sequence[Reading], closest: Reading) -> frozenset[str]:
    """Units of the claim that the sentences hold in another form: numbers of the same value, words of one meaning."""
    there = [(one, reading) for reading in sentences for one in reading.quantities] if claim.quantities else []
    found: set[str] = set()
    for told in claim.quantities:
        if any(agree(claim, told, one) for one, _ in there):
            # A character more on each side: Chinese is counted in pairs, and these span the border.
            found.update(Reading(claim.text[max(0, told.start - 1) : told.end + 1]).sequence)
    found.update(unit for unit in claim.bag for other in SAME_AS.get(unit, ()) if other in closest.bag)
    if claim.has_han:
        found |= claim.bag - Reading(in_words_of(claim.text, closest.text)).bag
    return frozenset(found)


def _comparable(one: Quantity, other: Quantity) -> bool:
    """Whether both measure the same kind of thing."""
    dates = ("date", "month", "year", "day of year", "month of year", "day of month")
    if one.unit in dates and other.unit in dates:
        return one.unit == other.unit or "year" in (one.unit, other.unit) or "date" in (one.unit, other.unit)
    return one.unit == other.unit or not one.unit or not other.unit


def _misplaced(
    claim: Reading,
    told: Quantity,
    alike: Sequence[tuple[Quantity, Reading]],
    others: Sequence[tuple[Quantity, Reading]],
    all_told: Sequence[Quantity],
) -> str:
    """The number that stands where the claim puts another one of the same kind; empty when there is none."""
    rivals = [other for other in others if other[0].unit == told.unit]
    rivals = [other for other in rivals if _like_a_year(other[0]) == _like_a_year(told) or _told(other[0], all_told)]
    if not rivals:
        return ""
    own = max(_fit(claim, told, *one) for one in alike)
    rival = max(rivals, key=lambda other: _fit(claim, told, *other))
    if _fit(claim, told, *rival) <= FIT_MARGIN * own:
        return ""
    # A number that the claim gives elsewhere is spoken for, unless both were exchanged.
    owner = [one for one in all_told if one is not told and same_quantity(one, rival[0])]
    if any(_fit(claim, one, *rival) >= _fit(claim, told, *rival) for one in owner):
        return ""
    return rival[1].text[rival[0].start : rival[0].end].strip()


def _told(one: Quantity, all_told: Sequence[Quantity]) -> bool:
    return any(same_quantity(one, told) for told in all_told)


def _like_a_year(one: Quantity) -> bool:
    return not one.unit and _FIRST_YEAR <= one.value < _LAST_YEAR


def _fit(claim: Reading, told: Quantity, other: Quantity, reading: Reading) -> float:
    """How far the words around a number of the claim are those around a number of the evidence."""
    near = claim.around(told, REACH)
    there = reading.around(other, REACH)
    return sum([weight * there.get(form, 0.0) for form, weight in near.items()])


def negation_conflict(claim: Reading, sentence: Reading, follows: float) -> Conflict | None:
    """One of the two denies what the other states; `follows` is the share of the claim that follows the sentence.

    Firm only where the other one speaks of the very thing that is denied.
    """
    if claim.negated == sentence.negated:
        return None
    denied, other = (claim.denied(), sentence) if claim.negated else (sentence.denied(), claim)
    met = any(form in other.form_set for form in denied)
    return Conflict("negation", "one of the two is negated", True, firm=met and follows >= FOLLOWS)


def opposite_conflicts(claim: Reading, sentence: Reading) -> list[Conflict]:
    """The claim has a word where the sentence has its opposite, or another of a closed set."""
    only_here = [t for t in claim.tokens if t.form in HAS_OPPOSITE and t.form not in sentence.form_set]
    only_there = [t for t in sentence.tokens if t.form in HAS_OPPOSITE and t.form not in claim.form_set]
    found = [
        Conflict("opposite", f"the source says {other.raw}, not {token.raw}", True)
        for token in only_here
        for other in only_there
        if (token.form, other.form) in OPPOSITE
    ]
    for words in CHINESE_SETS if claim.has_han else ():
        here = [word for word in words if word in claim.text and word not in sentence.text]
        there = [word for word in words if word in sentence.text and word not in claim.text]
        if here and there:
            found.append(Conflict("opposite", f"the source says {there[0]}, not {here[0]}", True))
    return found


def word_conflicts(claim: Reading, sentence: Reading, context: Reading) -> list[Conflict]:
    """Names and words that the claim puts where the sentence has others."""
    found = []
    for replaced in replaced_words(claim, sentence, context):
        reason = f"the source says {replaced.there}, not {replaced.here}"
        is_word = replaced.kind == "word"
        found.append(Conflict(replaced.kind, reason, not is_word, firm=not is_word))
    return found


def missing_names(claim: Reading, bag: frozenset[str], known: frozenset[str], follows: float) -> list[Conflict]:
    """Names of the claim that stand nowhere in the window or its title.

    Firm when the source does not know them either, and the claim otherwise says what a sentence says.
    """
    free = follows < FOLLOWS_AT_ALL
    missing = {t.raw: free or t.form in known for t in claim.tokens if t.kind == "name" and t.form not in bag}
    return [Conflict("name", f"{raw} is not in the source", False, firm=not soft) for raw, soft in missing.items()]
