"""Accuracy: answers that are right, over all cases; for a case without an answer, abstaining is right."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="accuracy",
    about="right answers over all cases (abstaining is right where there is no answer)",
    order=10,
    better="higher",
    score=share(lambda asked: asked.right),
)
