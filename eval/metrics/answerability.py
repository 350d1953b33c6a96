"""How well the model's confidence parts cases with an answer from those without: area under the ROC curve.

The confidence is the model's own where it tells one; otherwise 0 for an abstention and the share of supported claims
for an answer.
"""

from collections.abc import Sequence

from eval.harness.asked import Asked
from eval.harness.case import Judged
from eval.metrics import Metric, Point
from eval.verifier.metrics import area_under_curve


def _score(one: Asked | Judged) -> Point | None:
    if not isinstance(one, Asked) or one.failed or one.answer is None:
        return None
    confidence = one.confidence
    if confidence is None:
        confidence = 0.0 if one.abstained else one.answer.groundedness or 0.0
    return float(one.case.answerable), confidence


def _figure(points: Sequence[Point]) -> float:
    return area_under_curve([bool(point[0]) for point in points], [point[1] for point in points])


METRIC = Metric(
    title="AUC answerable",
    about="area under the curve of the model's confidence, cases with an answer against those without",
    order=22,
    better="higher",
    unit="number",
    score=_score,
    figure=_figure,
)
