"""Expected calibration error of the verifier's score: mean distance of score and share of supported claims."""

from collections.abc import Sequence

from eval.metrics import Metric, Point
from eval.metrics.verdict_auc import METRIC as AUC
from eval.verifier.metrics import calibration_error


def _figure(points: Sequence[Point]) -> float:
    return calibration_error([bool(point[0]) for point in points], [point[1] for point in points])


METRIC = Metric(
    title="calibration error",
    about="mean distance of the verifier's score from the share of supported claims, over ten bins",
    order=72,
    better="lower",
    unit="number",
    score=AUC.score,
    figure=_figure,
)
