"""Random runs keep their promises, and a broken one is seen."""

from collections.abc import Callable

import pytest

from agent.events import AnswerDelta, Event, PassagesSelected, RunCompleted
from agent.options import AskOptions
from eval.run_fuzz.__main__ import fuzz
from eval.run_fuzz.promises import broken_promises
from tests.doubles import WEB, SayingModel, make_agent, searches_for

RUNS = 32


async def test_random_runs_keep_every_promise() -> None:
    tally = await fuzz(RUNS, seed=7)
    assert tally.broken == []
    assert tally.endings["run.completed"] > RUNS // 4
    assert tally.endings["run.failed"] > 0


def renumbered(event: Event) -> Event:
    return event.model_copy(update={"seq": event.seq + 1})


def with_answer(events: list[Event], **changes: object) -> list[Event]:
    last = events[-1]
    assert isinstance(last, RunCompleted)
    return [*events[:-1], last.model_copy(update={"answer": last.answer.model_copy(update=changes)})]


def with_swapped_numbers(events: list[Event]) -> list[Event]:
    place, selected = next((n, event) for n, event in enumerate(events) if isinstance(event, PassagesSelected))
    one, two, *rest = selected.sources
    swapped = [one.model_copy(update={"url": two.url}), two.model_copy(update={"url": one.url}), *rest]
    return [*events[:place], selected.model_copy(update={"sources": swapped}), *events[place + 1 :]]


SPOILT: dict[str, Callable[[list[Event]], list[Event]]] = {
    "terminal events": lambda events: [*events, renumbered(events[-1])],
    "not numbered": lambda events: [events[0], *events],
    "deltas are not the answer": lambda events: [e for e in events if not isinstance(e, AnswerDelta) or e.seq % 2],
    "changed its page": with_swapped_numbers,
    "a mark names no source": lambda events: with_answer(events, answer="It is high [9]."),
    "not read": lambda events: with_answer(events, pages=[]),
    "stands outside": lambda events: with_answer(events, answer=""),
}


@pytest.mark.parametrize("promise", SPOILT)
async def test_a_broken_promise_is_seen(promise: str) -> None:
    model = SayingModel(
        searches_for("Kestrel tower height"), "The Kestrel tower is 87 metres high [1, 2]. It is old [1]."
    )
    events = [event async for event in make_agent(model).stream("How high is the Kestrel tower?")]
    assert broken_promises(events, AskOptions(), WEB) == []
    assert any(promise in told for told in broken_promises(SPOILT[promise](events), AskOptions(), WEB))
