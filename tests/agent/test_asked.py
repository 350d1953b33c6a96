"""What can be a question, and how a run begins."""

from dataclasses import fields

import pytest

from agent.asked import check_question, fresh_state, given_turns, new_id
from agent.errors import InvalidQuestion
from agent.options import AskOptions
from agent.state import State

MAX_CHARS = 8_000


@pytest.mark.parametrize("question", ["", "   ", "\x00\x01\x02", "\u200b\u200b", "\ud800 alone", "x" * (MAX_CHARS + 1)])
def test_what_cannot_be_a_question_is_refused_with_a_remedy(question: str) -> None:
    with pytest.raises(InvalidQuestion) as caught:
        check_question(question, MAX_CHARS)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "question", ["?", "1+1", "红隼塔有多高？", "كم ارتفاع البرج؟", "🗼", "x" * MAX_CHARS, "\u202etower"]
)
def test_anything_readable_is_a_question(question: str) -> None:
    check_question(question, MAX_CHARS)


def test_a_fresh_state_has_every_field_of_the_state() -> None:
    turns = given_turns(AskOptions(turns=(("How high?", "87 metres."),)))
    state = fresh_state("When?", "en", turns)
    assert set(state) == {field.name for field in fields(State)}
    assert state["turns"] == [{"question": "How high?", "answer": "87 metres."}]
    assert state["warnings"] == []
    assert fresh_state("When?", "en", turns, warning="Beware.")["warnings"] == ["Beware."]


def test_ids_tell_what_they_name_and_never_repeat() -> None:
    ids = {new_id("run") for _ in range(100)}
    assert len(ids) == 100
    assert all(id_.startswith("run_") and len(id_) == 36 for id_ in ids)
