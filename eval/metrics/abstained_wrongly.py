"""Abstentions over the cases that have an answer, where some must abstain and some must not."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="abstained wrongly",
    about="abstentions over cases with an answer",
    order=21,
    better="lower",
    score=share(lambda asked: asked.abstained if asked.case.answerable else None),
)
