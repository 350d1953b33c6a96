import pytest

from agent.scout import same_quest

QUESTION = "How high is the Kestrel tower in the harbour?"


@pytest.mark.parametrize(
    "query", [QUESTION, "Kestrel tower height harbour", "kestrel tower high", "harbour Kestrel tower"]
)
def test_a_query_that_shortens_the_words_is_the_same_quest(query: str) -> None:
    assert same_quest(QUESTION, query)


@pytest.mark.parametrize(
    "query", ["tower", "Osprey tower height", "Kestrel tower harbour 1901", "lighthouse altitude", "Kestrel"]
)
def test_a_query_that_narrows_widens_or_names_something_else_is_not(query: str) -> None:
    assert not same_quest(QUESTION, query)


def test_chinese_words_and_queries_are_compared_too() -> None:
    assert same_quest("红隼塔有多高？", "红隼塔 高")
    assert not same_quest("红隼塔有多高？", "灯塔 建造 年代")


def test_words_without_terms_are_compared_as_they_are() -> None:
    assert same_quest("???", "???")
    assert not same_quest("???", "!!!")
