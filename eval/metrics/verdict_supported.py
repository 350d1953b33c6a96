"""Share of claims that the verifier calls supported: on a part of one kind, its hits or its false alarms."""

from eval.harness.asked import Asked
from eval.harness.case import Judged
from eval.metrics import Metric, Point


def _score(one: Asked | Judged) -> Point | None:
    return (float(one.told),) if isinstance(one, Judged) else None


METRIC = Metric(
    title="called supported",
    about="claims that the verifier calls supported",
    order=73,
    better="neither",
    score=_score,
)
