"""Units as sets of terms by layer, and how well a term of the question is met there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from model_backend.embedded.question import Question
from model_backend.embedded.units import Unit
from tools.text.words import terms

LEAD, HEADING, TITLE, BEFORE, SECTION, AFTER, ELSEWHERE = 0.85, 0.65, 0.7, 0.45, 0.2, 0.2, 0.05
"""What a term is worth when it stands not in the unit but in its lead-in, heading, title, neighbours, section, page."""
NAME_ELSEWHERE = 0.6
"""The same for a name: a page names its subject once and then speaks of it."""
KIN = 0.5
"""What a word is worth that differs from the one asked only in its ending."""
_WORDS = re.compile(r"[A-Za-z]{3,}")
MIN_KIN_CHARS, MAX_ENDING = 5, 4
"""Stems share at least this many letters, and the longer one ends in at most this many more."""


@dataclass(frozen=True, slots=True)
class View:
    """A unit's terms by layer."""

    order: tuple[str, ...]
    own: frozenset[str]
    layers: tuple[tuple[float, frozenset[str]], ...]
    length: int
    """Number of words, roughly."""
    document: frozenset[str]
    """Terms of every unit of the document."""
    address: frozenset[str]
    """Terms of the document's address: a manual of Debian does not name Debian on each page."""
    text: str


def views_of(units: Sequence[Unit]) -> list[View]:
    """One view a unit, in the same order."""
    known: dict[str, tuple[str, ...]] = {}

    def of(text: str) -> tuple[str, ...]:
        if text not in known:
            known[text] = tuple(terms(text))
        return known[text]

    whole: dict[int, set[str]] = {}
    sections: dict[tuple[int, str], set[str]] = {}
    for unit in units:
        own = {*of(unit.words), *of(unit.lead)}
        whole.setdefault(unit.document, set()).update(own)
        sections.setdefault((unit.document, unit.heading), set()).update(own)
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
        section = frozenset(sections[unit.document, unit.heading])
        text = " ".join([unit.lead, unit.words, unit.heading, unit.title])
        # A Chinese run of n characters gives n singles and n - 1 pairs, for about n / 2 words.
        length = sum(1.0 if term.isascii() else 0.25 for term in order)
        views.append(
            View(
                order=order,
                own=frozenset(order),
                layers=(*layers, (SECTION, section)),
                length=round(length),
                document=frozenset(whole[unit.document]),
                address=frozenset(of(" ".join(_WORDS.findall(unit.url)))),
                text=text,
            )
        )
    return views


def with_kin(question: Question, views: Sequence[View]) -> Question:
    """The question with words of the pages that only differ in their ending (`recover`, `recovery`) as related ones."""
    words = {term for view in {id(view.document): view for view in views}.values() for term in view.document}
    related = dict(question.related)
    for term in question.weights:
        if len(term) >= MIN_KIN_CHARS and term.isascii() and term.isalpha():
            kin = {word for word in words if _are_kin(term, word)}
            if kin:
                related[term] = dict.fromkeys(kin, KIN) | dict(related.get(term, {}))
    return replace(question, related=related)


def _are_kin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return (
        short != long
        and len(short) >= MIN_KIN_CHARS
        and len(long) - len(short) <= MAX_ENDING
        and long.startswith(short)
    )


def match_of(term: str, question: Question, view: View) -> tuple[float, float]:
    """(in the unit itself, in the unit or its context): 0 to 1 each."""
    near = question.related.get(term, {})
    if term in question.home:
        there = presence(term, near, view.document)
        return there, there
    own = presence(term, near, view.own)
    best = own
    elsewhere = NAME_ELSEWHERE if term in question.names else ELSEWHERE
    address = view.address if term in question.subjects else frozenset[str]()
    for worth, layer in (*view.layers, (elsewhere, view.document), (NAME_ELSEWHERE, address)):
        if worth > best:
            best = max(best, worth * presence(term, near, layer))
    return own, best


def presence(term: str, near: Mapping[str, float], found: frozenset[str]) -> float:
    """Whether a term is among others: 1 for itself, less for a related one."""
    if term in found:
        return 1.0
    return max((weight for other, weight in near.items() if other in found), default=0.0)
