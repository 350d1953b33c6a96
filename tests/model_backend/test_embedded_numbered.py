"""Things told apart by a number: is the one asked for named?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_backend.embedded.numbered import unnamed

PAGES = [
    "Boats run Windows 98 and Ferry-OS 4.2.1.",
    "The status 404 means that no pier is there.",
    "It has 17 oars.",
    "Boats of World War II.",
]


@pytest.mark.parametrize(
    "question",
    [
        "Which boats run Windows 95?",
        "Windows 95 的船有哪些？",
        "When did Ferry-OS 4.3 come out?",
        "Who sank in World War 3?",
        "Windows 95 boat",
        "Does it work with iOS 17?",
        "What does HTTP 405 mean?",
    ],
)
def test_another_of_the_same_name_is_not_the_one_asked_for(question: str) -> None:
    assert unnamed(question, PAGES)


@pytest.mark.parametrize(
    "question",
    [
        "Which boats run Windows 98?",
        "What is new in Ferry-OS 4.2?",
        "What does HTTP 404 mean?",
        "Who rowed at the World Cup 2022?",
        "What happens in Chapter 5?",
        "How many of the 30 boats are there?",
        "Boats with 12 oars",
        "List 3 parts of a boat",
        "A boat sinks. Name 5 common reasons.",
        "Who sank in World War 2?",
        "What is a boat?",
    ],
)
def test_what_is_named_or_only_counted_is_no_other_thing(question: str) -> None:
    assert not unnamed(question, PAGES)


@given(st.text(max_size=200))
def test_no_question_names_what_it_does_not_say_itself(question: str) -> None:
    assert not unnamed(question, [question])
