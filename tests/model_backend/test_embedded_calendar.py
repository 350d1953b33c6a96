"""What day it is, from the request; everything else about days is a question for the web."""

import pytest

from model_backend.embedded.calendar import asks_date, date_answer
from model_backend.embedded.model import EmbeddedModel
from model_backend.rules import needs_search
from tests.doubles import FakeSearcher, make_agent


@pytest.mark.parametrize(
    "question",
    [
        *("What day is it today?", "what's the date", "What is today's date?", "What is the date today?"),
        *("Which day is it?", "what year is it now?", "Today's date?"),
        *(
            "今天几号？",
            "今天是几月几号",
            "今天星期几",
            "今年是哪一年？",
            "今天是什么日子？",
            "Hi, what day is it?",
        ),
    ],
)
def test_the_date_of_today_needs_no_page(question: str) -> None:
    assert not needs_search(question)


@pytest.mark.parametrize(
    "question",
    [
        *("What day is Easter this year?", "What is the date of the next eclipse?", "What time is it?"),
        *(
            "What year was it built?",
            "Which day is it closed?",
            "what is today's weather",
            "What is the year of the rat?",
        ),
        *(
            "哪一年？",
            "今天天气怎么样？",
            "它是哪一年建成的？",
            "春节是几月几号？",
            "现在几点了？",
            "什么时候？",
            "几号开放？",
        ),
    ],
)
def test_other_days_and_places_are_looked_up(question: str) -> None:
    assert needs_search(question)


def test_the_date_is_told_with_its_weekday_in_both_languages() -> None:
    assert date_answer("2026-11-26", chinese=False) == "Today is Thursday, 26 November 2026 (UTC)."
    assert date_answer("2026-11-26", chinese=True) == "今天是2026年11月26日，星期四（世界时）。"
    assert "not told" in date_answer("", chinese=False)


def test_an_unfinished_question_is_none() -> None:
    assert not asks_date("")


async def test_a_whole_run_tells_the_date_and_searches_nothing() -> None:
    searcher = FakeSearcher()
    answer = await make_agent(EmbeddedModel(), searcher=searcher).ask("What day is it today?")
    assert answer.answer.startswith("Today is ")
    assert searcher.requests == []
