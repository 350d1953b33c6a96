"""What is said when nothing was found."""

import pytest

from agent.abstain import MAX_QUERY_CHARS, abstention
from model_backend.rules import is_abstention


@pytest.mark.parametrize("language", ["en", "zh"])
def test_queries_and_pages_are_told(language: str) -> None:
    told = abstention(language, asked=["tower height", "塔有多高"], read=3)
    assert is_abstention(told)
    assert "“tower height”" in told
    assert "“塔有多高”" in told
    assert " 3 " in told


def test_of_a_long_query_the_beginning_is_told() -> None:
    told = abstention("en", asked=["a" * 5_000], read=0)
    assert f"“{'a' * MAX_QUERY_CHARS}…”" in told
    assert len(told) < 2 * MAX_QUERY_CHARS
