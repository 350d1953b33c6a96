"""Metrics: one module each, its name is the metric's name, `METRIC` its only obligation.

A metric gives each case some numbers (`score`), or none where it says nothing of it, and makes one figure of those of
all cases (`figure`). All metrics are counted on all suites; those that say nothing are left out of the tables.
"""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from eval.harness.asked import Asked
from eval.harness.case import Judged

Point = tuple[float, ...]
"""What a metric keeps of one case."""


def mean(points: Sequence[Point]) -> float:
    """The mean of the first numbers."""
    return sum([point[0] for point in points]) / len(points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """How one thing is counted."""

    title: str
    """Heading of its column."""
    about: str
    """Its definition in one sentence."""
    order: int
    """Place in tables: what must be read together stands together, first."""
    better: Literal["higher", "lower", "neither"]
    unit: Literal["share", "number", "ms", "tokens"] = "share"
    score: Callable[[Asked | Judged], Point | None]
    """What one case gives; None where the metric says nothing of it."""
    figure: Callable[[Sequence[Point]], float] = mean
    """One figure out of at least one point."""


def metric_names() -> list[str]:
    """Every metric there is, in the order of tables."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    return sorted(names, key=lambda name: (load_metric(name).order, name))


@cache
def load_metric(name: str) -> Metric:
    """Import one metric's module."""
    metric = importlib.import_module(f"{__name__}.{name}").METRIC
    assert isinstance(metric, Metric)
    return metric


def share(counts: Callable[[Asked], bool | None]) -> Callable[[Asked | Judged], Point | None]:
    """A score out of a yes or no about an asked case; None says nothing."""

    def score(one: Asked | Judged) -> Point | None:
        found = counts(one) if isinstance(one, Asked) else None
        return None if found is None else (float(found),)

    return score
