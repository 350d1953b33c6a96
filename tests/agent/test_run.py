"""The run over doubles: what it tells, what it survives, what it leaves behind."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from agent.errors import ThreadNotFound
from agent.events import EVENT, AnswerDelta, Event, PageFailed, RunCompleted, RunFailed
from agent.options import AskOptions
from agent.run import Agent
from agent.settings import ModelSettings, RunSettings
from model_backend import ChatRequest, Delta
from model_backend.errors import ModelUnreachable
from tests.doubles import WEB, FakeReader, FakeSearcher, Reply, SayingModel, make_agent, memory_settings, searches_for
from tools.errors import SearchBlocked

QUESTION = "How high is the Kestrel tower?"
ANSWER = "The Kestrel tower is 87 metres high [1, 2]. It was built in 1901 [1]."
PATIENCE_S = 5


def saying_model() -> SayingModel:
    return SayingModel(searches_for("Kestrel tower height"), ANSWER)


async def events_of(agent: Agent, question: str = QUESTION, options: AskOptions | None = None) -> list[Event]:
    return [event async for event in agent.stream(question, options)]


async def test_a_run_tells_its_story_in_order_and_ends_once() -> None:
    events = await events_of(make_agent(saying_model()))
    types = [event.type for event in events]
    assert list(dict.fromkeys(types)) == [
        "run.started",
        "queries.planned",
        "results.found",
        "page.read",
        "passages.selected",
        "answer.delta",
        "citation.added",
        "claims.checked",
        "run.completed",
    ]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert len({event.run_id for event in events}) == 1
    assert sum(event.type in ("run.completed", "run.failed") for event in events) == 1


async def test_the_deltas_are_the_answer_and_marks_are_put_right() -> None:
    events = await events_of(make_agent(saying_model()))
    last = events[-1]
    assert isinstance(last, RunCompleted)
    assert "".join(event.text for event in events if isinstance(event, AnswerDelta)) == last.answer.answer
    assert last.answer.answer == "The Kestrel tower is 87 metres high [1][2]. It was built in 1901 [1]."


async def test_every_event_round_trips_as_json() -> None:
    for event in await events_of(make_agent(saying_model())):
        assert EVENT.validate_json(EVENT.dump_json(event)) == event


async def test_citations_are_words_of_pages_that_were_read() -> None:
    answer = await make_agent(saying_model()).ask(QUESTION)
    assert answer.citations
    for citation in answer.citations:
        page = WEB[citation.url]
        assert page[citation.page_start : citation.page_end] == citation.cited_text
        assert citation.verdict == "supported"
        assert f"[{citation.number}]" in answer.answer[citation.start : citation.end]
    assert answer.groundedness == 1.0


async def test_the_answering_call_is_offered_no_tools() -> None:
    model = saying_model()
    await make_agent(model).ask(QUESTION)
    assert model.requests[0].tools
    assert model.requests[-1].tools == ()


async def test_a_mark_without_a_source_is_dropped_and_its_claim_is_unsupported() -> None:
    model = SayingModel(searches_for(QUESTION), "The Kestrel tower is 87 metres high [7].")
    answer = await make_agent(model).ask(QUESTION)
    assert "[7]" not in answer.answer
    assert [(claim.citations, claim.verdict, claim.reason) for claim in answer.claims] == [
        ([], "unsupported", "no source")
    ]


class PatientModel(SayingModel):
    """Decides nothing before something was searched for."""

    def __init__(self, searcher: FakeSearcher, *replies: Reply) -> None:
        super().__init__(*replies)
        self.searcher = searcher

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        async with asyncio.timeout(PATIENCE_S):
            while not self.searcher.requests:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        async for delta in super().stream(request):
            yield delta


async def test_the_search_starts_before_the_model_has_decided_and_is_not_made_twice() -> None:
    searcher = FakeSearcher()
    model = PatientModel(searcher, searches_for("height of Kestrel tower"), ANSWER)
    events = await events_of(make_agent(model, searcher=searcher))
    assert isinstance(events[-1], RunCompleted)
    assert events[-1].answer.warnings == []
    assert len(searcher.requests) == 1


async def test_a_query_with_new_words_is_searched_too_and_merged() -> None:
    searcher = FakeSearcher()
    model = SayingModel(searches_for("harbour lighthouse altitude"), ANSWER)
    answer = await make_agent(model, searcher=searcher).ask(QUESTION)
    assert {request.query for request in searcher.requests} >= {"harbour lighthouse altitude"}
    assert len(searcher.requests) == 2
    assert answer.sources


async def test_no_search_is_made_when_the_model_wants_none() -> None:
    model = SayingModel("none", "Hello! What would you like to know?")
    searcher = FakeSearcher()
    answer = await make_agent(model, searcher=searcher).ask("hello")
    assert (answer.searches, answer.sources, searcher.requests) == ([], [], [])
    assert answer.groundedness is None


async def test_search_never_means_never() -> None:
    searcher = FakeSearcher()
    model = SayingModel("It is high.")
    answer = await make_agent(model, searcher=searcher).ask(QUESTION, AskOptions(search="never"))
    assert searcher.requests == []
    assert answer.citations == []


async def test_search_always_searches_even_for_a_greeting() -> None:
    searcher = FakeSearcher()
    await make_agent(SayingModel("none", "Hello."), searcher=searcher).ask("hello", AskOptions(search="always"))
    assert len(searcher.requests) == 1


async def test_an_address_in_the_question_is_read_without_being_found() -> None:
    reader = FakeReader()
    model = SayingModel("none", "The tower is 87 metres high [1].")
    question = "Summarise http://tower.example/kestrel, please"
    answer = await make_agent(model, reader=reader).ask(question, AskOptions(search="never"))
    assert reader.reads == ["http://tower.example/kestrel"]
    assert [source.url for source in answer.sources] == ["http://tower.example/kestrel"]


async def test_a_model_that_is_down_gives_an_answer_with_a_warning() -> None:
    down = SayingModel(ModelUnreachable("Nobody listens there.", remedy="Start the server."))
    picker = SayingModel(ANSWER)
    answer = await make_agent(down, fallback=picker).ask(QUESTION)
    assert answer.answer.startswith("The Kestrel tower is 87 metres high")
    assert any("Nobody listens there" in warning for warning in answer.warnings)


async def test_without_a_fallback_a_model_that_is_down_is_an_error_with_its_remedy() -> None:
    down = SayingModel(ModelUnreachable("Nobody listens there.", remedy="Start the server."))
    events = await events_of(make_agent(down))
    last = events[-1]
    assert isinstance(last, RunFailed)
    assert (last.problem.code, last.problem.status) == ("model-unreachable", 503)
    assert "Start the server." in last.problem.detail


async def test_a_blocked_search_is_an_error_and_never_nothing_found() -> None:
    searcher = FakeSearcher(error=SearchBlocked("The provider blocks us.", provider="fake", remedy="Wait."))
    last = (await events_of(make_agent(saying_model(), searcher=searcher)))[-1]
    assert isinstance(last, RunFailed)
    assert last.problem.code == "search-failed"


async def test_an_empty_search_is_an_honest_abstention_that_says_what_was_tried() -> None:
    answer = await make_agent(saying_model(), searcher=FakeSearcher(web={})).ask(QUESTION)
    assert answer.abstained
    assert "Kestrel tower height" in answer.answer


async def test_a_search_that_was_narrowed_and_found_nothing_says_to_what() -> None:
    options = AskOptions(sites=("nowhere.example",), recency="week")
    answer = await make_agent(saying_model(), searcher=FakeSearcher(web={})).ask(QUESTION, options)
    assert any("nowhere.example" in warning and "week" in warning for warning in answer.warnings)
    assert not (await make_agent(saying_model()).ask(QUESTION, options)).warnings


async def test_a_page_that_cannot_be_read_does_not_fail_the_run() -> None:
    searcher = FakeSearcher(web={**WEB, "http://gone.example/": "was here"})
    events = await events_of(make_agent(saying_model(), searcher=searcher))
    assert isinstance(events[-1], RunCompleted)
    assert [event.url for event in events if isinstance(event, PageFailed)] == ["http://gone.example/"]


async def test_a_model_that_hangs_ends_within_the_deadline() -> None:
    hanging = SayingModel("never said", delay_s=60)
    settings = memory_settings(run=RunSettings(deadline_s=1.0, plan_timeout_s=0.3), model=ModelSettings())
    started = time.monotonic()
    answer = await make_agent(hanging, fallback=SayingModel(ANSWER), settings=settings).ask(QUESTION)
    assert time.monotonic() - started < 1.5
    assert answer.warnings


async def test_what_was_said_before_the_time_ran_out_is_kept() -> None:
    # Ten times longer than the run may take, whose first half a slow machine may need for what comes before the words.
    model = SayingModel(searches_for(QUESTION), f"One two {'three ' * 300} four [1].", delay_s=0.1)
    settings = memory_settings(run=RunSettings(deadline_s=3.0))
    answer = await make_agent(model, settings=settings).ask(QUESTION)
    assert answer.answer.startswith("One two")
    assert "[1]" not in answer.answer
    assert any("breaks off" in warning for warning in answer.warnings)


async def test_closing_the_stream_cancels_everything() -> None:
    reader = FakeReader(delay_s=30)
    before = asyncio.all_tasks()
    async with aclosing(make_agent(saying_model(), reader=reader).stream(QUESTION)) as events:
        async for event in events:
            if event.type == "results.found":
                break
    await asyncio.sleep(0.05)
    assert asyncio.all_tasks() - before == set()


async def test_a_follow_up_sees_the_turns_before_it() -> None:
    model = SayingModel(searches_for("tower"), ANSWER, searches_for("tower built"), "It was built in 1901 [1].")
    agent = make_agent(model)
    first = await agent.ask(QUESTION)
    second = await agent.ask("When was it built?", AskOptions(thread_id=first.thread_id))
    assert second.thread_id == first.thread_id
    assert [turn.question for turn in model.requests[-1].brief.turns] == [QUESTION]
    assert any(QUESTION in message.content for message in model.requests[-1].messages[:-1])
    assert second.searches[0].query != first.searches[0].query


async def test_a_second_turn_starts_with_nothing_of_the_first_run() -> None:
    agent = make_agent(SayingModel(searches_for("tower"), ANSWER, "none", "You are welcome."))
    first = await agent.ask(QUESTION)
    second = await agent.ask("thanks", AskOptions(thread_id=first.thread_id))
    assert (second.searches, second.pages, second.sources, second.citations) == ([], [], [], [])


async def test_an_unknown_thread_is_refused() -> None:
    with pytest.raises(ThreadNotFound):
        await make_agent(saying_model()).ask(QUESTION, AskOptions(thread_id="thread_of_someone_else"))


async def test_a_chinese_question_is_answered_in_chinese() -> None:
    answer = await make_agent(SayingModel(searches_for("红隼塔 高度"), "红隼塔高 87 米[1]。")).ask("红隼塔有多高？")
    assert answer.language == "zh"
    assert answer.claims[0].verdict == "supported"


async def test_timings_are_told_for_every_node() -> None:
    answer = await make_agent(saying_model()).ask(QUESTION)
    assert set(answer.timings) == {
        "plan_queries",
        "search_web",
        "read_pages",
        "select_passages",
        "write_answer",
        "check_claims",
        "total",
    }
