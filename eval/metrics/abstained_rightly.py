"""Rejection: abstentions over the cases that have no answer."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="abstained rightly",
    about="abstentions over cases without an answer",
    order=20,
    better="higher",
    score=share(lambda asked: None if asked.case.answerable else asked.abstained),
)
