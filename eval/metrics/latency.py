"""Median wall time of a run; a model's reply that was kept counts with the time it took when it was given."""

from collections.abc import Sequence
from statistics import median

from eval.harness.asked import Asked
from eval.harness.case import Judged
from eval.metrics import Metric, Point


def _score(one: Asked | Judged) -> Point | None:
    return (float(one.answer.timings["total"] + one.kept_ms),) if isinstance(one, Asked) and one.answer else None


def _figure(points: Sequence[Point]) -> float:
    return median(point[0] for point in points)


METRIC = Metric(
    title="median time",
    about="median wall time of a run, in milliseconds",
    order=91,
    better="lower",
    unit="ms",
    score=_score,
    figure=_figure,
)
