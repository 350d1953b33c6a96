"""A second opinion on the order of passages, in plain functions and through a whole run against a scripted server."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.answer import Answer
from agent.options import AskOptions
from agent.reorder import Reordering, cosine, fused, in_order_of
from agent.run import Agent
from agent.services import Services
from agent.threads import Threads
from model_backend.errors import MalformedReply
from model_backend.rerank import Embedder, Reranker, RerankOptions
from tests.doubles import FakeReader, FakeSearcher, memory_settings
from tests.model_backend.fake_server import FakeServer, Json, Reply, Wire, failing, hang
from tests.service.serving import saying_model
from tools.pages import Passage
from tools.rank import Ranked

QUESTION = "How high is the Kestrel tower?"


def ranked(*scores: float) -> list[Ranked]:
    """Passages named after their place."""
    return [
        Ranked(passage=Passage(url=f"http://p{n}/", start=0, end=2, text=f"p{n}"), score=score)
        for n, score in enumerate(scores)
    ]


def texts(passages: Sequence[Ranked]) -> list[str]:
    return [one.passage.text for one in passages]


class Scoring:
    """Scores texts by a function; or fails."""

    def __init__(self, score: Callable[[str], float] | None) -> None:
        self._score = score

    async def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        if self._score is None:
            raise MalformedReply("The scorer is broken.")
        return [self._score(text) for text in texts]


async def test_the_best_by_the_scorer_comes_first_with_the_highest_score() -> None:
    before = ranked(9.0, 5.0, 1.0, 0.0)
    step = Reordering(scores=Scoring(lambda text: float(text[1:])), candidates=3)
    after = await step.reorder("q", before, timeout_s=1)
    assert texts(after.ranked) == ["p2", "p1", "p0", "p3"]
    assert [one.score for one in after.ranked] == [9.0, 5.0, 1.0, 0.0]
    assert after.warnings == ()


async def test_a_scorer_that_fails_leaves_the_order_of_words_and_says_so() -> None:
    before = ranked(3.0, 2.0)
    after = await Reordering(scores=Scoring(None)).reorder("q", before, timeout_s=1)
    assert after.ranked == before
    assert after.warnings == ("The passages stand in the order of their words: the scorer is broken.",)


async def test_one_passage_or_none_is_not_worth_a_request() -> None:
    for before in (ranked(), ranked(1.0)):
        assert (await Reordering(scores=Scoring(None)).reorder("q", before, timeout_s=1)).warnings == ()


@given(st.lists(st.floats(-10, 10), max_size=30))
def test_fusion_and_new_scores_lose_no_passage_and_keep_the_scale(scores: list[float]) -> None:
    before = ranked(*sorted((abs(score) for score in scores), reverse=True))
    after = in_order_of(before, fused(before, scores))
    assert sorted(texts(after)) == sorted(texts(before))
    assert [one.score for one in after] == [one.score for one in before]


def test_what_words_and_vectors_both_like_comes_first() -> None:
    assert texts(fused(ranked(3.0, 2.0, 1.0), [0.0, 0.9, 0.1]))[0] == "p1"


def test_the_cosine_of_odd_vectors_is_nothing() -> None:
    assert cosine([1.0, 0.0], [1.0, 0.0]) == pytest.approx(1.0)
    assert cosine([1.0], [-2.0]) == pytest.approx(-1.0)
    assert cosine([0.0], [1.0]) == cosine([1.0], [1.0, 0.0]) == cosine([], []) == 0.0


def likes(word: str) -> Callable[[Json], object]:
    """What a reranker answers that likes passages with this word."""
    return lambda body: {
        "results": [
            {"index": place, "relevance_score": float(word in text)} for place, text in enumerate(body["documents"])
        ]
    }


def points_at(word: str) -> Callable[[Json], object]:
    """What an embedding server answers for which the question means this word."""
    return lambda body: {
        "data": [
            {"index": place, "embedding": [1.0, 0.0] if word in text or place == 0 else [0.0, 1.0]}
            for place, text in enumerate(body["input"])
        ]
    }


BROKEN = failing(500, "boom")


def answering(server: FakeServer, answer: Callable[[Json], object]) -> Reply:
    """A reply whose body is made from that of the request."""

    async def reply(wire: Wire) -> None:
        await wire.answer(200, json.dumps(answer(server.seen[-1].body)))

    return reply


@asynccontextmanager
async def scoring(answer: Callable[[Json], object]) -> AsyncIterator[tuple[FakeServer, RerankOptions]]:
    """A scripted server that scores."""
    async with FakeServer() as server:
        server.replies.append(answering(server, answer))
        yield server, RerankOptions(base_url=server.base_url, name="scorer", timeout_s=1.0)


async def asked(reordering: Reordering | None) -> Answer:
    services = Services(
        model=saying_model(),
        fallback=None,
        searcher=FakeSearcher(),
        reader=FakeReader(),
        settings=memory_settings(),
        reordering=reordering,
    )
    return await Agent(services, Threads(None)).ask(QUESTION, AskOptions(depth="quick"))


async def test_in_a_run_the_page_that_the_reranker_likes_becomes_the_first_source() -> None:
    plain = await asked(None)
    assert plain.sources[0].url != "http://harbour.example/history"
    async with scoring(likes("dug in 1888")) as (server, options):
        reranker = Reranker(options)
        answer = await asked(Reordering(scores=reranker))
        await reranker.aclose()
    assert answer.sources[0].url == "http://harbour.example/history"
    assert answer.warnings == []
    assert [seen.path for seen in server.seen] == ["/rerank"]
    assert QUESTION in server.seen[0].body["query"]


async def test_in_a_run_vectors_lift_a_page() -> None:
    async with scoring(points_at("dug in 1888")) as (server, options):
        embedder = Embedder(options)
        answer = await asked(Reordering(vectors=embedder))
        await embedder.aclose()
    assert answer.warnings == []
    assert [seen.path for seen in server.seen] == ["/v1/embeddings"]


@pytest.mark.parametrize("reply", [hang, BROKEN], ids=["hang", "500"])
async def test_in_a_run_a_reranker_in_trouble_costs_a_warning_and_no_more(reply: Reply) -> None:
    plain = await asked(None)
    async with FakeServer(replies=[reply]) as server:
        reranker = Reranker(RerankOptions(base_url=server.base_url, name="scorer", timeout_s=0.2))
        answer = await asked(Reordering(scores=reranker))
        await reranker.aclose()
    assert [source.url for source in answer.sources] == [source.url for source in plain.sources]
    assert [warning for warning in answer.warnings if "order of their words" in warning]
