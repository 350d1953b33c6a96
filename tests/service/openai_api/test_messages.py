"""Messages as a question and the turns before it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agent.asked import given_turns
from agent.options import AskOptions
from agent.rows import pack_options, unpack_options
from agent.threads import TURNS_KEPT
from service.openai_api.messages import Conversation, Message, conversation_of

MESSAGES: TypeAdapter[list[Message]] = TypeAdapter(list[Message])


def talk(*said: tuple[str, Any]) -> Conversation | None:
    return conversation_of(MESSAGES.validate_python([{"role": role, "content": content} for role, content in said]))


def test_answered_words_are_turns_and_the_last_words_are_the_question() -> None:
    conversation = talk(("assistant", "Hello!"), ("user", "a"), ("assistant", "b"), ("user", "c"))
    assert conversation == Conversation("c", (("a", "b"),), ())


def test_words_that_were_said_in_several_messages_stay_together() -> None:
    conversation = talk(("user", "a"), ("assistant", "b"), ("assistant", "c"), ("user", "d"), ("user", "e"))
    assert conversation == Conversation("d\n\ne", (("a", "b\n\nc"),), ())


def test_a_beginning_of_the_answer_is_left_out_and_told() -> None:
    conversation = talk(("user", "a"), ("assistant", "It is"))
    assert conversation is not None
    assert (conversation.question, conversation.turns) == ("a", ())
    assert "left out" in conversation.notes[0]


def test_without_a_user_there_is_no_question() -> None:
    assert talk(("system", "a"), ("assistant", "b")) is None


@given(st.lists(st.tuples(st.sampled_from(["user", "assistant", "system"]), st.text("ab", min_size=1)), max_size=60))
def test_no_user_s_word_is_lost_but_those_before_the_oldest_turn(said: list[tuple[str, str]]) -> None:
    conversation = talk(*said)
    if conversation is None:
        assert all(role != "user" for role, _ in said)
        return
    assert len(conversation.turns) <= TURNS_KEPT
    words = [text for role, text in said if role == "user"]
    told = "\n\n".join([question for question, _ in conversation.turns] + [conversation.question]).split("\n\n")
    assert told == words[len(words) - len(told) :]
    if len(conversation.turns) < TURNS_KEPT:
        assert told == words


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=5))
def test_given_turns_survive_the_store(turns: list[tuple[str, str]]) -> None:
    options = AskOptions(turns=tuple(turns))
    assert unpack_options(pack_options(options)) == options
    assert [(turn["question"], turn["answer"]) for turn in given_turns(options)] == turns
