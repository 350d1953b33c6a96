"""Numbers and the end of what a run tells."""

from collections.abc import AsyncGenerator

from agent.errors import Misconfigured
from agent.events import AnswerDelta, Event, RunFailed
from agent.telling import Numbering, told


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
