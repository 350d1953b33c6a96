"""Hallucination rate: answered, and wrong or with a claim that what was read does not support, over all cases."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="hallucination",
    about="answered, and wrong or with a claim shown that the pages read do not support, over all cases",
    order=12,
    better="lower",
    score=share(
        lambda asked: None if asked.right is None and asked.answer is None else asked.wrong or asked.unsupported
    ),
)
