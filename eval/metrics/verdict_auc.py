"""Area under the ROC curve of the verifier's score against people's judgement."""

from collections.abc import Sequence

from eval.harness.asked import Asked
from eval.harness.case import Judged
from eval.metrics import Metric, Point
from eval.verifier.metrics import area_under_curve


def _score(one: Asked | Judged) -> Point | None:
    return (float(one.supported), one.score) if isinstance(one, Judged) else None


def _figure(points: Sequence[Point]) -> float:
    return area_under_curve([bool(point[0]) for point in points], [point[1] for point in points])


METRIC = Metric(
    title="AUC",
    about="area under the curve of the verifier's score, supported against not",
    order=71,
    better="higher",
    unit="number",
    score=_score,
    figure=_figure,
)
