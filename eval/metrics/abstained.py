"""Abstention: answers that say there is none to be found, over all cases."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="abstained",
    about="answers that say there is none, over all cases",
    order=11,
    better="neither",
    score=share(lambda asked: asked.abstained),
)
