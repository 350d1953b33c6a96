"""Recall of the decision to search: searched, over the cases that call for it."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="search recall",
    about="searches over the cases that call for one",
    order=60,
    better="higher",
    score=share(lambda asked: bool(asked.queries) if asked.case.wants_search and asked.decided else None),
)
