"""Macro-F1 of the verifier's yes or no against people's, over the two classes."""

from collections.abc import Sequence

from eval.harness.asked import Asked
from eval.harness.case import Judged
from eval.metrics import Metric, Point
from eval.verifier.metrics import macro_f1


def _score(one: Asked | Judged) -> Point | None:
    return (float(one.supported), float(one.told)) if isinstance(one, Judged) else None


def _figure(points: Sequence[Point]) -> float:
    return macro_f1([bool(point[0]) for point in points], [bool(point[1]) for point in points])


METRIC = Metric(
    title="macro-F1",
    about="macro-F1 of supported or not, against people's judgement",
    order=70,
    better="higher",
    unit="number",
    score=_score,
    figure=_figure,
)
