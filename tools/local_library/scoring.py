"""How well a section, and then a page, fits a question: a share of the most it could reach. Pure."""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from tools.local_library.question import Reading

K1 = 1.2
"""How soon another mention adds little (BM25's usual value)."""
B = 0.6
"""How far a longer section counts for less; sections are of like length, so this matters little."""
AVERAGE_TERMS = 170
"""Terms of an ordinary section (measured over 10,000 sections of documentation)."""
TITLE_WEIGHT = 3.0
HEADING_WEIGHT = 2.0
"""A word of the title or of a heading is worth so many in the text."""
OPTIONAL_SHARE = 0.5
"""Weight of a compound the question only may mean."""
PAIR_SHARE = 0.5
"""Weight of two words of the question that stand together, as a share of the rarer one's weight."""
NEAR_TERMS = 3
"""Terms between which two words still stand together."""
FURTHER_SECTIONS = (1.0, 0.25, 0.12, 0.06)
"""What the best section of a page counts, the second, the third, …: a page about the matter has several."""
LEAD_SHARE = 0.5
"""What the opening of a page counts beside its best section (0.25 to 0.75 differ by 2 of 110 trial questions)."""
TITLE_SHARE = 0.3
"""What its title counts (0.15 to 0.6 differ by 1 of 110 trial questions)."""


@dataclass(frozen=True, slots=True)
class SectionTerms:
    """What a section is made of."""

    title: frozenset[str]
    headings: frozenset[str]
    body: Sequence[str]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of a reading says: its rarity."""

    groups: tuple[float, ...]
    optional: Mapping[str, float]
    total: float
    """The most that a section can reach, pairs and optional compounds aside."""


def rarity(found_in: int, sections: int) -> float:
    """Inverse document frequency; above 0 for any term that is known, 0 for one that is not."""
    if found_in <= 0:
        return 0.0
    return math.log(1 + (max(sections, found_in) - found_in + 0.5) / (found_in + 0.5))


def weigh(reading: Reading, counts: Mapping[str, int], sections: int) -> Weights:
    """Weigh a reading; a group counts as often as its words together.

    A group no page has weighs as much as the rarest that some page has: a page that lacks a word of the question fits
    it less well, and a translation that fits whole can then beat a page with half the question's words.
    """
    known = [rarity(sum(counts.get(term, 0) for term in group), sections) for group in reading.groups]
    unknown = max(known, default=0.0)
    optional = {
        term: OPTIONAL_SHARE * rarity(counts[term], sections) for term in reading.optional if counts.get(term, 0)
    }
    # Where most pages are English, every Chinese term looks rare and `git` common; in a Chinese question it is the name
    # of the matter, and weighs as much as anything in it.
    known = [
        unknown if weight and not reading.names.isdisjoint(group) else weight
        for group, weight in zip(reading.groups, known, strict=True)
    ]
    return Weights(tuple(known), optional, sum(weight or unknown for weight in known) * (K1 + 1))


def score_section(section: SectionTerms, reading: Reading, weights: Weights) -> float:
    """0 for nothing in common, 1 for every word of the question in full measure; pairs can take it above 1."""
    if not weights.total:
        return 0.0
    wanted = {term for group in reading.groups for term in group} | weights.optional.keys()
    at: dict[str, list[int]] = {}
    for place, term in enumerate(section.body):
        if term in wanted:
            at.setdefault(term, []).append(place)
    length = 1 - B + B * len(section.body) / AVERAGE_TERMS
    score = 0.0
    for group, weight in zip(reading.groups, weights.groups, strict=True):
        score += weight * _measure(sum(_mentions(term, section, at) for term in group), length)
    for term, weight in weights.optional.items():
        score += weight * _measure(_mentions(term, section, at), length)
    return (score + _together(reading, weights, at)) / weights.total


def score_title(title: Set[str], reading: Reading, weights: Weights) -> float:
    """From 0 to 1: how much of the question is in the title, times how much of the title is in the question."""
    if not title or not weights.total:
        return 0.0
    asked = {term for group in reading.groups for term in group} & title
    weight = sum(
        weight for group, weight in zip(reading.groups, weights.groups, strict=True) if not title.isdisjoint(group)
    )
    return len(asked) / len(title) * weight * (K1 + 1) / weights.total


def score_page(sections: Sequence[float], *, lead: float, title: float) -> float:
    """One figure for a page: its best sections, and whether its opening and its title say it is about the matter."""
    best_first = sorted(sections, reverse=True)
    return (
        LEAD_SHARE * lead
        + TITLE_SHARE * title
        + sum(share * score for share, score in zip(FURTHER_SECTIONS, best_first, strict=False))
    )


def _mentions(term: str, section: SectionTerms, at: Mapping[str, list[int]]) -> float:
    in_text = len(at.get(term, ()))
    return in_text + TITLE_WEIGHT * (term in section.title) + HEADING_WEIGHT * (term in section.headings)


def _measure(mentions: float, length: float) -> float:
    return mentions * (K1 + 1) / (mentions + K1 * length) if mentions else 0.0


def _together(reading: Reading, weights: Weights, at: Mapping[str, list[int]]) -> float:
    score = 0.0
    pairs = zip(reading.groups, reading.groups[1:], weights.groups, weights.groups[1:], strict=False)
    for first, second, weight, other in pairs:
        ahead = [place for term in first for place in at.get(term, ())]
        behind = {place for term in second for place in at.get(term, ())}
        if any(place + step in behind for place in ahead for step in range(1, NEAR_TERMS + 1)):
            score += PAIR_SHARE * min(weight, other) * (K1 + 1)
    return score
