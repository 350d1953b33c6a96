import asyncio

import pytest

from model_backend import Brief, ChatModel, ChatRequest, Delta, Finished, Message, TextDelta, ToolCalled
from model_backend.errors import ModelUnreachable
from model_backend.scripted import ScriptedModel, search_for


def a_request(text: str = "hello") -> ChatRequest:
    return ChatRequest(messages=(Message(role="user", content=text),), brief=Brief(question=text))


async def played(model: ChatModel, request: ChatRequest | None = None) -> list[Delta]:
    return [delta async for delta in model.stream(request or a_request())]


async def test_replies_come_in_order_and_end_with_finished() -> None:
    model = ScriptedModel(script=["one two three four", search_for("tides")])
    first, second = await played(model), await played(model)
    assert "".join(d.text for d in first if isinstance(d, TextDelta)) == "one two three four"
    assert isinstance(first[-1], Finished)
    assert first[-1].reason == "stop"
    assert isinstance(second[0], ToolCalled)
    assert second[0].call.arguments == {"query": "tides"}
    assert isinstance(second[-1], Finished)
    assert second[-1].reason == "tool_calls"


async def test_a_text_is_streamed_in_pieces() -> None:
    deltas = await played(ScriptedModel(script=["a b c d e f g"]))
    assert len([d for d in deltas if isinstance(d, TextDelta)]) == 3


async def test_a_function_answers_by_what_is_asked_and_requests_are_kept() -> None:
    model = ScriptedModel(script=lambda request: request.brief.question.upper())
    deltas = await played(model, a_request("why"))
    assert deltas[0] == TextDelta("WHY")
    assert [request.brief.question for request in model.requests] == ["why"]


async def test_an_error_after_some_text_is_a_cut_stream() -> None:
    model = ScriptedModel(script=[["half an answer", ModelUnreachable("gone")]])
    stream = aiter(model.stream(a_request()))
    assert await anext(stream) == TextDelta("half an answer")
    with pytest.raises(ModelUnreachable):
        await anext(stream)


async def test_a_script_that_ran_out_says_so() -> None:
    with pytest.raises(IndexError, match="call 1"):
        await played(ScriptedModel(script=[]))


async def test_a_stream_closed_early_is_counted() -> None:
    model = ScriptedModel(script=["one two three four five six seven"], per_delta_s=0.001)
    stream = model.stream(a_request())
    await anext(aiter(stream))
    await stream.aclose()  # type: ignore[attr-defined]
    assert model.unfinished == 1


async def test_delays_are_waited_for() -> None:
    model = ScriptedModel(script=["late"], first_delta_s=10.0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await played(model)
