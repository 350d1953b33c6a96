"""Which questions ask what a thing is, and which sentences say so."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.text.thing import Thing, subjects_told, thing_asked


@pytest.mark.parametrize(
    ("question", "words", "home"),
    [
        ("What is a trigger in SQLite?", "trigger", "SQLite"),
        ("what's a blob in git", "blob", "git"),
        ("What are window functions?", "window functions", ""),
        ("What is the index in git?", "index", ""),
        ("What is WAL mode in SQLite?", "WAL", "SQLite"),
        ("SQLite 的 WAL 模式是什么？", "WAL", "SQLite"),
        ("git 中的 HEAD 是什么意思？", "HEAD", "git"),
        ("什么是守护进程？", "守护进程", ""),
        ("软链接是什么", "软链接", ""),
    ],
)
def test_the_thing_is_told_from_where_it_belongs(question: str, words: str, home: str) -> None:
    assert thing_asked(question) == Thing(words, home)


@pytest.mark.parametrize(
    "question",
    [
        "What is the page size of SQLite?",
        "How do I undo a commit?",
        "法国的首都是什么？",
        "What does git bisect do?",
        "",
    ],
)
def test_other_questions_ask_of_no_thing(question: str) -> None:
    assert thing_asked(question) is None


def test_a_question_of_any_length_is_looked_at_in_time() -> None:
    began = time.perf_counter()
    assert thing_asked("请问" + " " * 100_000 + "x") is None
    assert thing_asked("What is " + "a " * 50_000) is None
    assert time.perf_counter() - began < 0.5


def test_the_sort_of_a_word_that_is_no_abbreviation_stays() -> None:
    assert thing_asked("What is Python language?") == Thing("Python language", "")


def test_subjects_of_sentences_that_say_what_they_are() -> None:
    text = "The command adds triggers. Triggers are database operations. A blob is an object; it has no name."
    assert subjects_told(text) == ["Triggers", "A blob"]
    assert subjects_told("守护进程是一种后台程序。它没有终端。") == ["守护进程"]


def test_what_something_is_called_is_its_subject_too() -> None:
    assert subjects_told('We call this off. An index like this is known as a "covering index".') == ["covering index"]


@given(st.text(max_size=300))
def test_subjects_stand_in_the_text(text: str) -> None:
    assert all(subject in text for subject in subjects_told(text))
