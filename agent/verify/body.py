"""The evidence, read once for all claims: its sentences, and windows of a few neighbouring ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

from agent.verify.evidence import Evidence
from agent.verify.reading import Reading
from tools.text.sentences import sentence_spans

WINDOW_SENTENCES = 3
"""Sentences of evidence read together: a fact and its subject often stand in neighbouring sentences."""
CELL = " | "
"""Stands between the cells of a row in cleaned text."""
MAX_NAME_CHARS = 40
"""A longer cell names no column."""
PREFIX = 5
"""Letters two words must share to count as related (invent, invention); shorter beginnings mean nothing."""
GRAM = 4
"""Length of the letter sequences that are compared."""
PAIR_REACH = 3
"""How far apart, in content words, the two of a pair may stand."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of evidence."""

    evidence: Evidence
    start: int
    """Span within `evidence.text`."""
    end: int
    reading: Reading
    context: str
    """What stands above it: title and headings, and over a row of a table the names of its columns."""


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring sentences of one piece, and how much of a claim they cover."""

    first: int
    """Place of the first in the body."""
    length: int
    coverage: float
    """Share of the claim's weight."""


class Body:
    """Some or all of the evidence, as sentences in order."""

    def __init__(self, sentences: Sequence[Sentence], contexts: Mapping[str, Reading]) -> None:
        self.sentences = sentences
        self._contexts = contexts

    @classmethod
    def read(cls, evidence: Sequence[Evidence]) -> "Body":
        """Read every piece."""
        found = [
            Sentence(piece, start, end, reading, _context(piece.title, start, tables))
            for piece in evidence
            for tables in [table_heads(piece.text)]
            for start, end in sentence_spans(piece.text)
            if (reading := Reading(piece.text[start:end])).units
        ]
        return cls(found, {context: Reading(context) for context in {one.context for one in found}})

    def of(self, numbers: frozenset[int]) -> "Body":
        """Only what comes from these sources."""
        return Body([one for one in self.sentences if one.evidence.number in numbers], self._contexts)

    def context_of(self, sentence: Sentence) -> Reading:
        """What stands above a sentence."""
        return self._contexts[sentence.context]

    @cached_property
    def bag(self) -> frozenset[str]:
        """Every unit of every sentence."""
        return frozenset().union(*(one.reading.bag for one in self.sentences))

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each unit stands in it."""
        return Counter(chain.from_iterable(one.reading.sequence for one in self.sentences))

    @cached_property
    def related(self) -> Mapping[str, frozenset[str]]:
        """Units by their first letters."""
        return prefixes(self.bag)

    @cached_property
    def grams(self) -> frozenset[str]:
        """Letter sequences of all sentences."""
        return frozenset().union(*(letter_grams(one.reading.text) for one in self.sentences))

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Pairs of content units that stand close together."""
        return frozenset().union(*(near_pairs(one.reading.sequence, PAIR_REACH) for one in self.sentences))

    @cached_property
    def word_pairs(self) -> frozenset[tuple[str, str]]:
        """Neighbouring words, stop words too."""
        return frozenset(chain.from_iterable(pairwise(one.reading.forms) for one in self.sentences))

    @cached_property
    def word_triples(self) -> frozenset[tuple[str, ...]]:
        """Three words in a row."""
        return frozenset(chain.from_iterable(triples(one.reading.forms) for one in self.sentences))

    def windows(self, weights: Mapping[str, float]) -> list[Window]:
        """Every window of up to `WINDOW_SENTENCES` sentences of one piece, in text order."""
        total = sum(weights.values()) or 1.0
        hits = [one.reading.bag & weights.keys() for one in self.sentences]
        found = []
        for first, hit in enumerate(hits):
            covered = hit
            for length in range(1, WINDOW_SENTENCES + 1):
                last = first + length - 1
                if last >= len(hits) or self.sentences[last].evidence is not self.sentences[first].evidence:
                    break
                covered = covered | hits[last]
                found.append(Window(first, length, sum([weights[unit] for unit in covered]) / total))
        return found

    def inside(self, window: Window) -> Sequence[Sentence]:
        """The sentences of a window."""
        return self.sentences[window.first : window.first + window.length]


def table_heads(text: str) -> list[tuple[int, int, str]]:
    """(start, end, first line) of what follows the line that names the columns of each table, in order."""
    if CELL not in text:
        return []
    heads: list[tuple[int, int, str]] = []
    head, begun, at = "", 0, 0
    for line in [*text.split("\n"), ""]:
        if head and (CELL not in line or line.count(CELL) != head.count(CELL)):
            if at > begun and max(map(len, head.split(CELL))) <= MAX_NAME_CHARS:
                heads.append((begun, at, head))
            head = ""
        if not head and CELL in line:
            head, begun = line, at + len(line) + 1
        at += len(line) + 1
    return heads


def _context(title: str, at: int, tables: Sequence[tuple[int, int, str]]) -> str:
    head = next((head for start, end, head in tables if start <= at < end), "")
    return f"{title}\n{head}" if head else title


def prefixes(bag: frozenset[str]) -> dict[str, frozenset[str]]:
    """Units by their first `PREFIX` letters; shorter ones and Chinese are left out."""
    found: dict[str, set[str]] = {}
    for unit in bag:
        if len(unit) >= PREFIX:
            found.setdefault(unit[:PREFIX], set()).add(unit)
    return {key: frozenset(units) for key, units in found.items()}


def letter_grams(text: str) -> frozenset[str]:
    """Every sequence of `GRAM` characters, case folded."""
    folded = text.lower()
    return frozenset([folded[at : at + GRAM] for at in range(len(folded) - GRAM + 1)])


def near_pairs(sequence: Sequence[str], reach: int) -> frozenset[tuple[str, str]]:
    """Ordered pairs that stand at most `reach` apart."""
    return frozenset([(unit, other) for at, unit in enumerate(sequence) for other in sequence[at + 1 : at + 1 + reach]])


def triples(forms: Sequence[str]) -> list[tuple[str, ...]]:
    """Three words in a row, in order."""
    return [tuple(forms[at : at + 3]) for at in range(len(forms) - 2)]
