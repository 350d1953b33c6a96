"""Features: what can be counted between a claim and the evidence, each a plain number with a name.

The best window is the run of up to three neighbouring sentences that covers most of the claim, weighted by rarity.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import log, sqrt

from agent.verify.body import PAIR_REACH, Body, Sentence, Window, letter_grams, near_pairs, triples
from agent.verify.lexicon import QUANTIFIERS
from agent.verify.reading import Reading
from tools.text.numbers import same_quantity

RELATED_CREDIT = 0.7
"""What a word counts for when only a related one (same first letters) is there."""
LONGEST_ALIGNED = 160
"""Words of a window that are aligned; bounds the time of a claim."""
MOST_SENTENCES_NEEDED = 5
"""Beyond it the count of sentences that a claim is scattered over says nothing more."""
_QUANTIFIER = re.compile(rf"\b(?:{QUANTIFIERS.replace(' ', '|')})\b", re.IGNORECASE)
_PRONOUN = re.compile(r"(?:it|they|this|these|he|she|that|those|such)\b|[它他她其该此这]", re.IGNORECASE)
_HEDGE = re.compile(r"\b(?:may|might|can|could|would|should|some|likely|often)\b|可能|也许|或许", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:overall|therefore|however|additionally|in addition|furthermore|in conclusion|according)\b", re.IGNORECASE
)

Rarity = Callable[[str], float]
"""Weight of a unit: high for rare ones."""


@dataclass(frozen=True)
class Comparison:
    """One claim beside one body of evidence, and what all features are taken from."""

    claim: Reading
    body: Body
    question: Reading
    rarity: Rarity

    @cached_property
    def weights(self) -> dict[str, float]:
        """Weight of each different unit of the claim, in order."""
        return {unit: self.rarity(unit) for unit in self.claim.sequence} or {"": 1.0}

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Kind of each different unit."""
        return dict(self.claim.units)

    @cached_property
    def windows(self) -> list[Window]:
        """All windows."""
        return self.body.windows(self.weights)

    @cached_property
    def best(self) -> Window:
        """The window that covers most; the shortest of several."""
        return max(self.windows, key=lambda window: (window.coverage, -window.length), default=Window(0, 0, 0.0))

    @cached_property
    def single(self) -> Window:
        """The sentence that covers most."""
        singles = [window for window in self.windows if window.length == 1]
        return max(singles, key=lambda window: window.coverage, default=Window(0, 0, 0.0))

    @cached_property
    def inside(self) -> Sequence[Sentence]:
        """The sentences of the best window."""
        return self.body.inside(self.best)

    @cached_property
    def best_bag(self) -> frozenset[str]:
        """Units of the best window."""
        return frozenset().union(*(one.reading.bag for one in self.inside))

    def share(self, there: Collection[str], units: Collection[str] | None = None) -> float:
        """Weighted share of the claim's units (or of these) that are there; 1 when there are none."""
        wanted = self.weights if units is None else units
        total = sum(self.weights[unit] for unit in wanted)
        return sum(self.weights[unit] for unit in wanted if unit in there) / total if total else 1.0


def features(comparison: Comparison) -> dict[str, float]:
    """Every feature by name, always the same names in the same order."""
    found: dict[str, float] = {}
    for group in (_coverage, _missing, _order, _meaning, _closeness, _spread, _about_question, _shape):
        found |= group(comparison)
    return found


def _coverage(c: Comparison) -> dict[str, float]:
    single = c.body.inside(c.single)[0].reading.bag if c.single.length else frozenset[str]()
    words = [unit for unit, kind in c.kinds.items() if kind in ("word", "han")]
    return {
        "covered by all": c.share(c.body.bag),
        "covered by sentence": c.single.coverage,
        "covered by window": c.best.coverage,
        "units in window": _mean(unit in c.best_bag for unit in c.weights),
        "units in all": _mean(unit in c.body.bag for unit in c.weights),
        "related in all": _related(c, c.body.bag),
        "related in sentence": _related(c, single),
        "related in window": _related(c, c.best_bag),
        "words in window": c.share(c.best_bag, words),
        "words in all": c.share(c.body.bag, words),
    }


def _related(c: Comparison, there: frozenset[str]) -> float:
    gained = 0.0
    for unit, weight in c.weights.items():
        if unit in there:
            gained += weight
        elif not there.isdisjoint(c.body.related.get(unit[:5], ())) and len(unit) >= 5:
            gained += RELATED_CREDIT * weight
    return gained / sum(c.weights.values())


def _missing(c: Comparison) -> dict[str, float]:
    names = [unit for unit, kind in c.kinds.items() if kind == "name"]
    missing = [weight for unit, weight in c.weights.items() if unit not in c.best_bag]
    nowhere = [weight for unit, weight in c.weights.items() if unit not in c.body.bag]
    by_rarity = sorted(c.weights, key=c.weights.__getitem__, reverse=True)
    return {
        "names": len(names),
        "names in window": c.share(c.best_bag, names),
        "names not in window": sum(name not in c.best_bag for name in names),
        "names nowhere": sum(name not in c.body.bag for name in names),
        "rarest not in window": max(missing, default=0.0),
        "weight not in window": sum(missing),
        "units not in window": len(missing),
        "weight nowhere": sum(nowhere),
        "rarest nowhere": max(nowhere, default=0.0),
        "three rarest": _mean(unit in c.body.bag for unit in by_rarity[:3]),
        "three commonest": _mean(unit in c.body.bag for unit in by_rarity[-3:]),
    } | _quantities(c)


def _quantities(c: Comparison) -> dict[str, float]:
    told = c.claim.quantities
    near = [one for sentence in c.inside for one in sentence.reading.quantities] if told else []
    found = [one for sentence in c.body.sentences for one in sentence.reading.quantities] if told else []
    nowhere = [one for one in told if not any(same_quantity(one, other) for other in found)]
    return {
        "quantities": len(told),
        "quantities not in window": sum(not any(same_quantity(one, other) for other in near) for one in told),
        "quantities nowhere": len(nowhere),
        "quantities conflicting": sum(any(one.unit == other.unit for other in found) for one in nowhere),
    }


def _order(c: Comparison) -> dict[str, float]:
    """How far the words stand in the same order and company."""
    next_ = list(dict.fromkeys(pairwise(c.claim.sequence)))
    close = near_pairs(c.claim.sequence, 2)
    there = frozenset().union(*(near_pairs(one.reading.sequence, PAIR_REACH) for one in c.inside))
    sequence = [unit for one in c.inside for unit in one.reading.sequence][:LONGEST_ALIGNED]
    forms = [form for one in c.inside for form in one.reading.forms][:LONGEST_ALIGNED]
    told = c.claim.forms[:LONGEST_ALIGNED]
    run = longest_run(told, forms)
    by_weight = {pair: min(c.weights[pair[0]], c.weights[pair[1]]) for pair in close}
    kept = sum(weight for pair, weight in by_weight.items() if pair in there)
    grams = letter_grams(c.claim.text)
    window_grams = frozenset().union(*(letter_grams(one.reading.text) for one in c.inside))
    three = set(triples(told))
    two = set(pairwise(told))
    return {
        "pairs in all": _mean(p in c.body.pairs or p[::-1] in c.body.pairs for p in next_),
        "pairs in window": _mean(p in there or p[::-1] in there for p in next_),
        "ordered pairs in window": kept / (sum(by_weight.values()) or 1.0),
        "order kept": common_length(c.claim.sequence, sequence) / max(1, len(c.claim.sequence)),
        "word order kept": common_length(told, forms) / max(1, len(told)),
        "longest run": run / max(1, len(told)),
        "longest run in words": min(20, run),
        "triples in all": len(three & c.body.word_triples) / max(1, len(three)),
        "word pairs in all": len(two & c.body.word_pairs) / max(1, len(two)),
        "letters in window": len(grams & window_grams) / max(1, len(grams)),
        "letters in all": len(grams & c.body.grams) / max(1, len(grams)),
    }


def _meaning(c: Comparison) -> dict[str, float]:
    told = {word.lower() for word in _QUANTIFIER.findall(c.claim.text)}
    there = {word.lower() for one in c.inside for word in _QUANTIFIER.findall(one.reading.text)}
    return {
        "negated": float(c.claim.negated),
        "negation differs": float(c.claim.negated != any(one.reading.negated for one in c.inside)),
        "quantifiers added": len(told - there),
    }


def _closeness(c: Comparison) -> dict[str, float]:
    """How much of the evidence is the claim."""
    single = c.body.inside(c.single)[0].reading.bag if c.single.length else frozenset[str]()
    own = sum(weight * weight for weight in c.weights.values())
    found: dict[str, float] = {}
    for name, bag in (("window", c.best_bag), ("sentence", single)):
        there = [c.rarity(unit) for unit in bag]
        both = [weight for unit, weight in c.weights.items() if unit in bag]
        squares = sum([weight * weight for weight in there])
        found[f"claim in {name}"] = sum(both) / (sum(there) or 1.0)
        found[f"cosine with {name}"] = sum(w * w for w in both) / (sqrt(own * squares) or 1.0)
    return found


def _spread(c: Comparison) -> dict[str, float]:
    """How the claim's words are spread over the evidence: what mere chance would give, and how far the best is off."""
    singles = [window.coverage for window in c.windows if window.length == 1] or [0.0]
    ranked = sorted(singles, reverse=True)
    mean = sum(singles) / len(singles)
    deviation = sqrt(sum((one - mean) ** 2 for one in singles) / len(singles))
    total = sum(c.weights.values())
    return {
        "margin of sentence": ranked[0] - (ranked[1] if len(ranked) > 1 else 0.0),
        "mean of best three": sum(ranked[:3]) / 3,
        "sum of best five": sum(ranked[:5]),
        "mean coverage": mean,
        "peak over mean": (ranked[0] - mean) / (deviation + 0.05),
        "sentences needed": _sentences_needed(c),
        "repeated": sum(weight * min(3, c.body.counts[unit]) for unit, weight in c.weights.items()) / total,
        "log repeated": sum(log(1 + c.body.counts[unit]) for unit in c.weights) / len(c.weights),
        "log sentences": log(max(1, len(c.body.sentences))),
        "log evidence": log(1 + c.body.counts.total()),
        "log window": log(1 + sum(len(one.reading.sequence) for one in c.inside)),
    }


def _sentences_needed(c: Comparison) -> int:
    left = set(c.weights) & c.body.bag
    bags = [one.reading.bag & left for one in c.body.sentences]
    needed = 0
    while left and needed < MOST_SENTENCES_NEEDED:
        most = max(bags, key=lambda bag: sum([c.weights[unit] for unit in bag & left]))
        left -= most
        needed += 1
    return needed


def _about_question(c: Comparison) -> dict[str, float]:
    """What the claim says beyond the question is what must be found."""
    new = [unit for unit in c.weights if unit not in c.question.bag]
    asked = c.question.bag
    return {
        "new in window": c.share(c.best_bag, new),
        "new in all": c.share(c.body.bag, new),
        "share that is new": sum(c.weights[unit] for unit in new) / sum(c.weights.values()),
        "question in all": len(asked & c.body.bag) / max(1, len(asked)),
        "question in window": len(asked & c.best_bag) / max(1, len(asked)),
    }


def _shape(c: Comparison) -> dict[str, float]:
    return {
        "units": len(c.weights),
        "begins with pronoun": float(bool(_PRONOUN.match(c.claim.text))),
        "begins with connective": float(bool(_LEAD.match(c.claim.text))),
        "hedges": len(_HEDGE.findall(c.claim.text)),
    }


def common_length(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence.

    A row of the usual table is the bits of one number, so that a word of `other` costs a few operations on it
    (Crochemore, Iliopoulos, Pinzon, Reid: A fast and practical bit-vector algorithm for the longest common
    subsequence problem, 2001): thirty times as fast as the table on sentences.
    """
    places: dict[str, int] = {}
    for at, form in enumerate(one):
        places[form] = places.get(form, 0) | 1 << at
    everywhere = (1 << len(one)) - 1
    unmatched = everywhere
    for form in other:
        here = unmatched & places.get(form, 0)
        if here:
            unmatched = ((unmatched + here) | (unmatched - here)) & everywhere
    return len(one) - unmatched.bit_count()


def longest_run(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest run of words that both hold."""
    places: dict[str, list[int]] = {}
    for at, form in enumerate(one):
        places.setdefault(form, []).append(at)
    best = 0
    before: dict[int, int] = {}
    for form in other:
        # Only where the words meet can a run go on.
        before = {at: before.get(at - 1, 0) + 1 for at in places.get(form, ())}
        if before:
            best = max(best, *before.values())
    return best


def _mean(flags: Iterable[bool]) -> float:
    listed = list(flags)
    return sum(listed) / len(listed) if listed else 0.0


def feature_names() -> list[str]:
    """The names, in order."""
    empty = Comparison(claim=Reading(""), body=Body.read([]), question=Reading(""), rarity=lambda _: 1.0)
    return list(features(empty))
