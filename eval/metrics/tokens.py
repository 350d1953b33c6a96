"""Cost: tokens in and out over all model calls of a run."""

from eval.harness.asked import Asked
from eval.harness.case import Judged
from eval.metrics import Metric, Point


def _score(one: Asked | Judged) -> Point | None:
    if not isinstance(one, Asked) or one.answer is None:
        return None
    return (float(one.answer.usage.input_tokens + one.answer.usage.output_tokens),)


METRIC = Metric(
    title="tokens",
    about="tokens in and out over all model calls of a run, mean",
    order=92,
    better="lower",
    unit="tokens",
    score=_score,
)
