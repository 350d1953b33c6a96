"""Passages put in order for a question: plain BM25 over stemmed English words and Chinese characters and bigrams.

As good as any library at this size (a few hundred passages, index built per question). Only the question's terms are
counted, so the thousands of other words are neither stemmed nor stored. Pure functions.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from tools.pages import Passage
from tools.text.words import CJK, is_cjk, piece_terms, pieces, settle, terms

K1 = 1.2
"""How soon another occurrence of a term stops counting (the usual value)."""
B = 0.75
"""How much a long passage is held back (the usual value)."""
HEADING_WEIGHT = 0.5
"""A term in the headings above a passage counts half an occurrence: it says what the section is about."""
TITLE_WEIGHT = 0.25
"""A term in the page's title counts a quarter: all passages of the page share it."""
SINGLE_CHARACTER_WEIGHT = 0.5
"""A Chinese character on its own says less than a pair of them."""
MAX_TERMS = 96
"""Terms looked for; a longer question is cut to those that most queries share, then the first ones."""

_WORD = re.compile(rf"[^\W_{CJK}]+(?:[.,][^\W_{CJK}]+)*")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage and how well it fits."""

    passage: Passage
    score: float
    """BM25 score, 0 when no term of the queries occurs; comparable within one call only."""


def rank(
    passages: Sequence[Passage], queries: Sequence[str], *, titles: Mapping[str, str] | None = None
) -> list[Ranked]:
    """Every passage, best first; ties in the order of the pages, then of the text.

    Args:
        passages: All passages of all pages, pages in the order of their search rank.
        queries: The question and what was searched for; a term counts by the share of them that hold it.
        titles: Page titles by `Passage.url`.
    """
    weights = query_weights(queries)
    counter = _TermCounter(weights)
    bodies = [counter.count(passage.text) for passage in passages]
    labels = _label_counts(counter, passages, titles or {})
    rarity = _rarity((body for body, _ in bodies), len(passages), weights)
    average = sum(length for _, length in bodies) / max(1, len(bodies)) or 1.0
    scored: list[Ranked] = []
    for passage, (body, length), label in zip(passages, bodies, labels, strict=True):
        damping = K1 * (1 - B + B * length / average)
        score = 0.0
        for term in body.keys() | label.keys():
            n = body.get(term, 0) + label.get(term, 0.0)
            score += weights[term] * rarity[term] * n * (K1 + 1) / (n + damping)
        scored.append(Ranked(passage, round(score, 9)))
    page_order = {url: order for order, url in enumerate(dict.fromkeys(passage.url for passage in passages))}
    return sorted(scored, key=lambda r: (-r.score, page_order[r.passage.url], r.passage.start))


def coverage(question: str, texts: Sequence[str]) -> float:
    """How much of what the question asks about occurs in the texts at all, 0 to 1.

    The share of the question's terms, each weighted by its rarity in the texts: a name that occurs nowhere weighs
    most. 1.0 for a question without content terms, 0.0 for no texts.
    """
    weights = query_weights([question])
    if not weights:
        return 1.0
    counter = _TermCounter(weights)
    bodies = [counter.count(text)[0] for text in texts]
    rarity = _rarity(bodies, len(texts), weights)
    present = {term for body in bodies for term in body}
    total = sum(weights[term] * rarity[term] for term in weights)
    return sum(weights[term] * rarity[term] for term in present) / total


def query_weights(queries: Sequence[str]) -> dict[str, float]:
    """Each term of the queries and its weight: the share of the distinct queries that hold it."""
    held = [dict.fromkeys(terms(query)) for query in dict.fromkeys(queries)]
    held = [one for one in held if one]
    share = Counter(term for one in held for term in one)
    return {
        term: count / len(held) * (SINGLE_CHARACTER_WEIGHT if len(term) == 1 and is_cjk(term) else 1.0)
        for term, count in share.most_common(MAX_TERMS)
    }


class _TermCounter:
    """Counts the wanted terms in texts; remembers which words of the texts are forms of which."""

    def __init__(self, wanted: Iterable[str]) -> None:
        wanted = list(wanted)
        self._cjk = [term for term in wanted if is_cjk(term)]
        self._latin = set(wanted).difference(self._cjk)
        # A stem begins with the first two letters of its word (but for dying, lying, tying), so most words need no
        # look at all; `U.S.` is the term `us`, `1,024` the term `1024`.
        heads = {head for term in self._latin for head in (term[:2], f"{term[0]}.", f"{term[0]},")}
        self._heads = {case for head in heads for case in (head, head.upper(), head.capitalize())}
        self._forms: dict[str, list[str]] = {}

    def count(self, text: str) -> tuple[dict[str, int], float]:
        """The counts of the wanted terms that occur, and the text's length in words (a Chinese character is one)."""
        text = settle(text)
        found = _WORD.findall(text)
        heads, forms = self._heads, self._forms
        counts: dict[str, int] = {}
        for word in [word for word in found if word[:2] in heads]:
            if word not in forms:
                forms[word] = [t for piece in pieces(word) for t in piece_terms(piece) if t in self._latin]
            for term in forms[word]:
                counts[term] = counts.get(term, 0) + 1
        for term in self._cjk:
            if term in text:
                counts[term] = text.count(term)
        # A Chinese character takes three bytes in UTF-8: the cheapest way to count them (accents add a little).
        characters = 0 if text.isascii() else (len(text.encode("utf-8", "replace")) - len(text)) / 2
        return counts, len(found) + characters


def _label_counts(
    counter: _TermCounter, passages: Sequence[Passage], titles: Mapping[str, str]
) -> list[dict[str, float]]:
    """What headings and titles add to the counts of each passage; each label is looked at once."""
    known: dict[tuple[str, str], dict[str, float]] = {}
    for passage in passages:
        key = (titles.get(passage.url, ""), passage.headings)
        if key not in known:
            title, _ = counter.count(key[0])
            headings, _ = counter.count(key[1])
            label = dict.fromkeys(title, TITLE_WEIGHT)
            known[key] = label | {term: HEADING_WEIGHT + label.get(term, 0.0) for term in headings}
    return [known[titles.get(passage.url, ""), passage.headings] for passage in passages]


def _rarity(holders: Iterable[Iterable[str]], total: int, wanted: Iterable[str]) -> dict[str, float]:
    """BM25's inverse document frequency of each wanted term, never below zero."""
    frequency = Counter(term for held in holders for term in held)
    return {term: log(1 + (total - frequency[term] + 0.5) / (frequency[term] + 0.5)) for term in wanted}
