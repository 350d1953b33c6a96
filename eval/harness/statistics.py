"""Intervals and tests: bootstrap over clusters, and McNemar's test for two arms on the same cases. Pure."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import comb

RESAMPLES = 1000
"""Draws of the bootstrap: the ends of a 95 % interval are then known to about a tenth of its width."""
LEVEL = 0.95
SEED = 0

Point = tuple[float, ...]
Figure = Callable[[Sequence[Point]], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure and how well it is known."""

    value: float
    low: float
    high: float
    """Ends of the 95 % bootstrap interval."""
    n: int
    """Cases that it is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Two arms on the same cases, each yes or no."""

    only_first: int
    """Cases where only the first says yes."""
    only_second: int
    both: int
    neither: int
    p: float
    """Two-sided exact McNemar test: how likely so uneven a split is when the arms are alike."""


def estimate(
    points: Sequence[Point], clusters: Sequence[str], figure: Figure, *, resamples: int = RESAMPLES
) -> Estimate:
    """The figure, and the percentile bootstrap over clusters (Efron & Tibshirani 1993, chapter 13).

    Cases of one cluster are drawn together, since they share a question. The draws are the same every time.
    """
    grouped: dict[str, list[Point]] = defaultdict(list)
    for point, cluster in zip(points, clusters, strict=True):
        grouped[cluster].append(point)
    groups = list(grouped.values())
    value = figure(points)
    if len(set(points)) == 1 or len(groups) == 1:
        # Every draw would give the same figure.
        return Estimate(value=value, low=value, high=value, n=len(points))
    chance = random.Random(SEED)
    drawn = sorted(figure(list(chain.from_iterable(chance.choices(groups, k=len(groups))))) for _ in range(resamples))
    cut = (1 - LEVEL) / 2
    last = len(drawn) - 1
    return Estimate(value=value, low=drawn[round(cut * last)], high=drawn[round((1 - cut) * last)], n=len(points))


def mcnemar(first: Sequence[bool], second: Sequence[bool]) -> Paired:
    """Compare two arms case by case."""
    pairs = list(zip(first, second, strict=True))
    only_first = sum(a and not b for a, b in pairs)
    only_second = sum(b and not a for a, b in pairs)
    both = sum(a and b for a, b in pairs)
    return Paired(
        only_first=only_first,
        only_second=only_second,
        both=both,
        neither=len(pairs) - only_first - only_second - both,
        p=exact_p(only_first, only_second),
    )


def exact_p(one: int, other: int) -> float:
    """Two-sided binomial test of `one` against `other` at even odds (McNemar 1947, in its exact form)."""
    n = one + other
    if n == 0:
        return 1.0
    tail = sum(comb(n, k) for k in range(min(one, other) + 1))
    return min(1.0, 2 * (tail / float(2**n)))
