"""Whether the results that were recorded with the question hold the gold string: for comparison with the next ones."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="gold in recorded results",
    about="cases whose recorded results hold the gold string",
    order=40,
    better="neither",
    score=share(lambda asked: None if asked.case.recorded is None else asked.holds_gold(asked.case.recorded)),
)
