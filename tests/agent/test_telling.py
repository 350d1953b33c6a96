"""Numbers and the end of what a run tells."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from agent.errors import Misconfigured
from agent.events import AnswerDelta, Event, RunFailed
from agent.telling import Channel, Numbering, told


async def broken_after(words: int, error: Exception) -> AsyncGenerator[Event]:
    numbering = Numbering("run_1")
    for _ in range(words):
        yield numbering.put(AnswerDelta(text="word"))
    raise error


def test_numbers_rise_by_one_from_where_an_interrupted_run_was() -> None:
    numbering = Numbering("run_1", 7)
    events = [numbering.put(AnswerDelta(text="word")) for _ in range(3)]
    assert [(event.run_id, event.seq) for event in events] == [("run_1", 8), ("run_1", 9), ("run_1", 10)]


async def test_an_error_becomes_the_last_event_under_the_next_number() -> None:
    error = Misconfigured("There is no server.", remedy="Start one.")
    last = [event async for event in told("run_1", broken_after(2, error))][-1]
    assert isinstance(last, RunFailed)
    assert (last.seq, last.run_id, last.problem.code) == (3, "run_1", "misconfigured")
    assert "Start one." in last.problem.detail


async def test_a_fault_of_our_own_is_told_without_its_inner_words() -> None:
    last = [event async for event in told("run_1", broken_after(0, RuntimeError("secret path")))][-1]
    assert isinstance(last, RunFailed)
    assert last.problem.code == "internal"
    assert "secret path" not in last.model_dump_json()


WORD = AnswerDelta(text="word")


async def test_what_is_told_and_what_the_graph_gives_come_in_the_order_of_both() -> None:
    channel = Channel()

    async def graph() -> AsyncGenerator[str]:
        channel.tell(WORD)
        yield "step 1"
        channel.tell(WORD)
        await asyncio.sleep(0)
        channel.tell(WORD)
        yield "step 2"

    assert [item async for item in channel.along(graph())] == [WORD, "step 1", WORD, WORD, "step 2"]


async def test_what_the_graph_raises_comes_after_what_was_told_before() -> None:
    channel = Channel()
    got: list[object] = []

    async def graph() -> AsyncGenerator[str]:
        yield "step 1"
        channel.tell(WORD)
        raise Misconfigured("There is no server.")

    async def listen() -> None:
        async for item in channel.along(graph()):
            got.append(item)

    with pytest.raises(Misconfigured):
        await listen()
    assert got == ["step 1", WORD]


async def test_whoever_stops_listening_ends_the_graph() -> None:
    ended: list[str] = []

    async def graph() -> AsyncGenerator[str]:
        try:
            yield "step 1"
            await asyncio.sleep(60)
        finally:
            ended.append("graph")

    async with aclosing(Channel().along(graph())) as items:
        async for _ in items:
            break
    assert ended == ["graph"]
