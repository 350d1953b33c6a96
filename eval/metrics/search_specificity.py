"""Specificity of the decision to search: not searched, over the cases that call for none."""

from eval.metrics import Metric, share

METRIC = Metric(
    title="search specificity",
    about="no search, over the cases that call for none",
    order=61,
    better="higher",
    score=share(
        lambda asked: (
            not asked.queries and not asked.failed if asked.case.wants_search is False and asked.decided else None
        )
    ),
)
