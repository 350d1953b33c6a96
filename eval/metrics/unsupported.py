"""The part of hallucination that the verifier decides: answered with a claim that the pages read do not support."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="unsupported",
    about="answered with at least one claim shown that the pages read do not support, over all cases with pages",
    order=14,
    better="lower",
    score=share(lambda asked: asked.unsupported if asked.answer and asked.shown else None),
)
