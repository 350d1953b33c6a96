"""Rounds of searching: as many as the depth allows, as long as the evidence is thin, and never past the deadline."""

import time
from dataclasses import dataclass
from itertools import count

import pytest

from agent.events import Event, QueriesPlanned, RunCompleted
from agent.options import EFFORTS, AskOptions, Depth
from agent.run import Agent
from agent.settings import RunSettings
from model_backend import ChatRequest
from tests.doubles import WEB, FakeReader, FakeSearcher, Reply, SayingModel, make_agent, memory_settings, searches_for
from tools.search import SearchRequest
from tools.search_chain import Searched

NOWHERE = "What is the phlogiston quotient of zorblax in Xanadu?"
QUESTION = "How high is the Kestrel tower?"
ANSWER = "The Kestrel tower is 87 metres high [1]."


class RestlessModel(SayingModel):
    """Asks for five new queries each time it is offered the search."""

    def __init__(self, answer: Reply) -> None:
        super().__init__(answer)
        self._numbers = count()

    def stream(self, request: ChatRequest):  # type: ignore[no-untyped-def]
        if request.tools:
            self.replies.insert(0, searches_for(*(f"word{next(self._numbers)} thing" for _ in range(5))))
        return super().stream(request)


@dataclass
class LateSearcher(FakeSearcher):
    """Finds nothing of use before the query holds a certain word."""

    word: str = "harbour"

    async def search(self, request: SearchRequest) -> Searched:
        self.web = WEB if self.word in request.query else {"http://moor.example/": "The moor is wet. " * 20}
        return await super().search(request)


async def planned(agent: Agent, question: str, depth: Depth) -> list[QueriesPlanned]:
    events: list[Event] = [event async for event in agent.stream(question, AskOptions(depth=depth))]
    assert isinstance(events[-1], RunCompleted)
    return [event for event in events if isinstance(event, QueriesPlanned)]


@pytest.mark.parametrize("depth", ["quick", "standard", "deep"])
async def test_thin_evidence_is_searched_for_as_often_and_as_wide_as_the_depth_allows(depth: Depth) -> None:
    rounds = await planned(make_agent(RestlessModel("I could not find it.")), NOWHERE, depth)
    assert [event.round for event in rounds] == list(range(1, EFFORTS[depth].rounds + 1))
    assert {len(event.queries) for event in rounds} == {EFFORTS[depth].queries}


async def test_a_deep_question_stops_as_soon_as_the_pages_hold_enough() -> None:
    model = SayingModel(searches_for("lighthouse altitude"), searches_for("harbour tower height"), ANSWER)
    web = {**WEB, "http://moor.example/": "The moor is wet. " * 20}
    agent = make_agent(model, searcher=LateSearcher(), reader=FakeReader(web))
    rounds = await planned(agent, QUESTION, "deep")
    assert [event.queries for event in rounds] == [["lighthouse altitude"], ["harbour tower height"]]


async def test_enough_in_the_first_round_is_enough() -> None:
    assert len(await planned(make_agent(RestlessModel(ANSWER)), QUESTION, "deep")) == 1


async def test_a_model_that_wants_no_more_ends_the_search() -> None:
    model = SayingModel(searches_for("one thing"), "none", "I could not find it.")
    rounds = await planned(make_agent(model), NOWHERE, "deep")
    assert [event.queries for event in rounds] == [["one thing"], []]


async def test_the_same_query_again_is_no_further_search() -> None:
    model = SayingModel(searches_for("one thing"), searches_for("things, one"), "I could not find it.")
    rounds = await planned(make_agent(model), NOWHERE, "deep")
    assert [event.queries for event in rounds] == [["one thing"], []]


async def test_no_further_round_is_begun_where_the_answer_needs_the_time() -> None:
    settings = memory_settings(run=RunSettings(deadline_s=3.9))
    agent = make_agent(RestlessModel("I could not find it."), settings=settings)
    assert len(await planned(agent, NOWHERE, "deep")) == 1


async def test_slow_rounds_end_within_the_deadline() -> None:
    settings = memory_settings(run=RunSettings(deadline_s=4.4, search_timeout_s=0.2, read_timeout_s=0.2))
    agent = make_agent(RestlessModel("I could not find it."), reader=FakeReader(delay_s=5.0), settings=settings)
    await agent.prepare()
    started = time.monotonic()
    events = [event async for event in agent.stream(NOWHERE, AskOptions(depth="deep"))]
    assert time.monotonic() - started < 4.4
    assert isinstance(events[-1], RunCompleted)
    assert events[-1].answer.abstained
