"""The part of hallucination that no verdict of ours decides: answered, and wrong by the gold answer, over all cases."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="answered wrong",
    about="answered, and wrong by the gold answer, over all cases",
    order=13,
    better="lower",
    score=share(lambda asked: None if asked.right is None else asked.wrong),
)
