import asyncio
import json
import time
from dataclasses import replace

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bench.measure import run_bench
from eval.bench.pace import Calls, Pace, critical_path
from eval.bench.provider import ReplaySearch
from eval.bench.replay import replaying
from eval.bench.report import BARS_S, VariantReport, table, to_plain
from eval.bench.topics import PAGES, answer_text, page_html, page_kilobytes, pieces_of, topic_of
from model_backend import Brief, ChatRequest, Message, TextDelta, ToolCalled, ToolSpec
from model_backend.openai_compatible import ModelOptions, create
from tools.search import SearchRequest

FAST = Pace(
    search_s=0.04, page_s=0.03, first_token_s=0.05, prefill_per_s=100_000.0, tokens_per_s=1_000.0, answer_tokens=40
)
CALLS = Calls(plan_prompt=400, plan_tokens=25, answer_prompt=2000)


def test_a_query_in_the_users_words_costs_only_the_longer_of_deciding_and_reading() -> None:
    path = critical_path(Pace(), CALLS, fresh_search=False)
    assert path.decided == pytest.approx(0.25 + 400 / 4000 + 24 / 80)
    assert path.sources == pytest.approx(0.7)
    assert path.first_token == pytest.approx(0.7 + 0.25 + 0.5)
    assert path.end == pytest.approx(0.7 + 0.75 + 159 / 80)


def test_a_fresh_search_waits_for_the_decision() -> None:
    path = critical_path(Pace(), CALLS, fresh_search=True)
    assert path.sources == pytest.approx(path.decided + 0.7)


@given(st.integers(0, 63), st.integers(0, PAGES - 1))
def test_pages_are_of_their_size_and_hold_what_was_asked(number: int, page: int) -> None:
    topic = topic_of(number)
    html = page_html(topic, page, kilobytes=page_kilobytes(page))
    assert page_kilobytes(page) * 1000 <= len(html) <= page_kilobytes(page) * 1000 + 3000
    assert topic.facts[0] in html
    assert topic.facts[1] in html


def test_no_two_runs_ask_the_same() -> None:
    topics = [topic_of(number) for number in range(64)]
    for words in ("question", "keywords", "reworded", "name"):
        assert len({getattr(topic, words) for topic in topics}) == len(topics)


def test_the_replay_models_answer_names_the_source_that_holds_each_fact() -> None:
    topic = topic_of(0)
    prompt = f"Question\n[1] Other\nNothing here.\n[2] Power\n{topic.facts[0]}\n[3] Years\nWell. {topic.facts[1]}"
    text = answer_text(topic, prompt, tokens=40, chars_per_token=4)
    assert f"{topic.facts[0][:-1]} [2]." in text
    assert "[1]" not in text
    assert len(pieces_of(text, 40)) == 40
    assert "".join(pieces_of(text, 40)) == text


@pytest.mark.slow
async def test_the_replay_servers_keep_their_pace() -> None:
    topic = topic_of(3)
    tool = ToolSpec(name="search_web", description="Search.", parameters={"type": "object"})
    question = Message(role="user", content=topic.question)
    async with replaying(FAST) as addresses:
        search = ReplaySearch(addresses.base_url)
        started = time.monotonic()
        first, other = await asyncio.gather(
            search.search(SearchRequest(query=topic.keywords)), search.search(SearchRequest(query=topic.reworded))
        )
        assert time.monotonic() - started >= FAST.search_s
        assert len(first) == len(other) == 10
        assert 0 < len({hit.url for hit in first} & {hit.url for hit in other}) < 10
        assert await search.search(SearchRequest(query="something else")) == []
        await search.aclose()

        async with httpx2.AsyncClient(trust_env=False, verify=False) as client:
            started = time.monotonic()
            pages = await asyncio.gather(*(client.get(hit.url) for hit in first[:6]))
            assert FAST.page_s <= time.monotonic() - started < 6 * FAST.page_s + 0.5
            assert all(topic.facts[0] in page.text for page in pages)

        model = create(ModelOptions(base_url=addresses.model_url, name="replay-reworded"))
        await model.prepare()
        assert model.context_tokens == 32768
        plan = ChatRequest(messages=(question,), brief=Brief(question=topic.question), tools=(tool,))
        decided = [delta async for delta in model.stream(plan)]
        assert isinstance(decided[0], ToolCalled)
        assert decided[0].call.arguments == {"query": topic.reworded}
        started = time.monotonic()
        answer = [delta async for delta in model.stream(replace(plan, tools=()))]
        assert time.monotonic() - started >= FAST.written_after_s(0, FAST.answer_tokens)
        assert len([delta for delta in answer if isinstance(delta, TextDelta)]) == FAST.answer_tokens
        await model.aclose()


@pytest.mark.slow
async def test_a_bench_tells_every_stage_of_both_variants() -> None:
    reports = await run_bench(FAST, ["keywords", "reworded"], runs=1)
    assert [report.variant for report in reports] == ["keywords", "reworded"]
    for report in reports:
        times = [
            report.stages[stage] for stage in ("started", "results", "sources", "first token", "last token", "end")
        ]
        assert times == sorted(times)
        assert report.ratios["end"] > 1
        assert report.pages_read >= 6
        assert report.model_calls == 2
        assert report.citations > 0
        assert report.warnings == ()
        assert "first token" in table(report)
        assert json.loads(json.dumps(to_plain(report)))["stages"]["end"] > 0
    assert (reports[0].searches, reports[1].searches) == (1, 2)


def report_of(**stages: float) -> VariantReport:
    return VariantReport(
        variant="keywords",
        runs=1,
        stages=stages,
        slowest=stages,
        critical={},
        ratios={},
        pages_read=6,
        searches=1,
        model_calls=2,
        citations=3,
        prompts=CALLS,
        warnings=(),
    )


def test_a_bar_that_is_missed_is_said() -> None:
    good = report_of(**BARS_S)
    assert good.missed == ()
    assert "held" in table(good)
    late = report_of(**{**BARS_S, "end": 3.95})
    assert late.missed == ("end 3.95 s > 3.9 s",)
    assert "MISSED" in table(late)
    assert replace(good, pages_read=5).missed == ("5 pages read < 6",)
    assert replace(late, variant="reworded").missed == ()
