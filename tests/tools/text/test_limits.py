"""Questions of how many there can be."""

import pytest

from tools.text.limits import limit_terms


@pytest.mark.parametrize(
    "question", ["How many boats can a harbour hold?", "the largest number of boats", "how long may a rope be"]
)
def test_how_many_there_can_be_is_told_with_limits(question: str) -> None:
    assert limit_terms(question) == ("maximum", "limit")


@pytest.mark.parametrize(
    "question",
    [
        "How many boats does the harbour hold?",
        "How do I moor the most recent boat?",
        "How much does a berth cost and where can I get one?",
        "How long does it take before I can sail?",
        "the largest harbour",
        "",
    ],
)
def test_how_many_there_are_is_not(question: str) -> None:
    assert limit_terms(question) == ()
