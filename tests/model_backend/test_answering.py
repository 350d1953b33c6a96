"""A reply that its limit cut goes on once, says nothing twice, and is not begun anew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_backend import Brief, ChatRequest, Finished, Message, TextDelta
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel
from model_backend.openai_compatible.answering import FEWEST_REPEATED, Joint
from tests.model_backend.fake_server import FakeServer, saying

FIRST = "The tower is 87 metres high [1]. It was built in 1901 by the"
REST = " harbour board [1]."


async def answered(*second: str, first: str = FIRST) -> tuple[str, Finished, FakeServer]:
    """The answer of a server whose first reply is cut."""
    cut = saying(first, finish_reason="length", usage=(50, 200))
    async with FakeServer(replies=[cut, saying(*second)]) as server:
        model = OpenAICompatibleModel(ModelOptions(base_url=server.base_url, name="tiny"))
        request = ChatRequest(messages=(Message(role="user", content="?"),), brief=Brief(question="?"), max_tokens=200)
        deltas = [delta async for delta in model.stream(request)]
        await model.aclose()
    end = deltas[-1]
    assert isinstance(end, Finished)
    return "".join(delta.text for delta in deltas if isinstance(delta, TextDelta)), end, server


async def test_it_goes_on_once_where_it_stopped() -> None:
    text, end, server = await answered(*REST)
    assert (text, end.reason) == (FIRST + REST, "stop")
    assert [message["role"] for message in server.chats[1].body["messages"]] == ["user", "assistant", "user"]
    assert end.usage.output_tokens > 200


async def test_words_that_are_said_again_are_left_out() -> None:
    text, _, _ = await answered("It was built in 1901 by the", REST)
    assert text == FIRST + REST


async def test_a_reply_that_begins_anew_is_left_out_and_told_as_cut() -> None:
    long = " ".join(f"Stair {number} is made of stone." for number in range(20))
    text, end, _ = await answered(*f"{long} And so on.", first=f"{long} It")
    assert (text, end.reason) == (f"{long} It", "length")


@given(st.text(min_size=1, max_size=80), st.text(max_size=300), st.integers(1, 50))
def test_nothing_new_is_lost_however_it_comes(said: str, more: str, step: int) -> None:
    joint = Joint(said)
    out = "".join(joint.feed(more[at : at + step]) for at in range(0, len(more), step)) + joint.finish()
    again = more.lstrip()[:FEWEST_REPEATED]
    if len(again) < FEWEST_REPEATED or again not in said:
        assert out == more


@pytest.mark.parametrize("more", ["", " ", "a"])
def test_a_short_end_is_kept(more: str) -> None:
    joint = Joint("The tower is high.")
    assert joint.feed(more) + joint.finish() == more
