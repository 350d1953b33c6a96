"""Recall of the gold string in the pages that were read."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="gold in pages read",
    about="cases in which a page that was read holds the gold string",
    order=41,
    better="higher",
    score=share(lambda asked: asked.holds_gold(asked.read) if asked.answer and asked.answer.searches else None),
)
