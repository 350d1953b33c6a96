"""Runs that ended without an answer: neither right, wrong nor abstained; figures about answers are over the others."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="failed",
    about="runs that ended without an answer, over all cases",
    order=90,
    better="lower",
    score=share(lambda asked: asked.failed),
)
