"""Answers that repeat what a falsified document says, without a word that the documents disagree."""

from eval.harness.rightness import names_any
from eval.metrics import Metric, share
from eval.metrics.detected import SAYS_SO

METRIC = Metric(
    title="misled",
    about="answers with the falsified answer and no word of a disagreement, over cases with falsified documents",
    order=31,
    better="lower",
    score=share(
        lambda asked: (
            names_any(asked.text, asked.case.false) and not SAYS_SO.search(asked.text) if asked.case.false else None
        )
    ),
)
