"""Recall of the gold string in the passages that the model was shown."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="gold in passages shown",
    about="cases in which a passage shown to the model holds the gold string",
    order=42,
    better="higher",
    score=share(
        lambda asked: (
            asked.holds_gold([text for _, text in asked.shown]) if asked.answer and asked.answer.searches else None
        )
    ),
)
