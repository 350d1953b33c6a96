import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from model_backend.errors import MalformedReply, ModelError, ModelTimeout
from model_backend.rerank import Embedder, Reranker, RerankOptions
from tests.model_backend.fake_server import FakeServer, Reply, Wire, failing, hang


@asynccontextmanager
async def serving(*replies: Reply) -> AsyncIterator[tuple[FakeServer, RerankOptions]]:
    async with FakeServer(replies=list(replies)) as server:
        yield server, RerankOptions(base_url=server.base_url, name="scorer", timeout_s=0.5)


def said(body: object) -> Reply:
    async def reply(wire: Wire) -> None:
        await wire.answer(200, json.dumps(body))

    return reply


async def test_scores_come_in_the_order_of_the_texts() -> None:
    results = [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0.1}]
    async with serving(said({"results": results})) as (server, options):
        reranker = Reranker(options)
        assert await reranker.scores("q", ["a", "b"]) == [0.1, 0.9]
        await reranker.aclose()
    assert server.seen[0].path == "/rerank"
    assert server.seen[0].body == {"model": "scorer", "query": "q", "documents": ["a", "b"]}


async def test_vectors_come_in_the_order_of_the_texts() -> None:
    data = [{"index": 1, "embedding": [0, 1]}, {"index": 0, "embedding": [1, 0]}]
    async with serving(said({"data": data})) as (server, options):
        embedder = Embedder(options)
        assert await embedder.vectors(["a", "b"]) == [[1.0, 0.0], [0.0, 1.0]]
        assert await embedder.vectors([]) == []
        await embedder.aclose()
    assert server.seen[0].path == "/v1/embeddings"


@pytest.mark.parametrize("body", [{}, [], {"results": [{"index": 0, "relevance_score": 1}]}, {"results": "x"}])
async def test_a_text_without_a_score_is_told(body: object) -> None:
    async with serving(said(body)) as (_, options):
        reranker = Reranker(options)
        with pytest.raises(MalformedReply):
            await reranker.scores("q", ["a", "b"])
        await reranker.aclose()


@pytest.mark.parametrize("value", [None, "x", 10**400, [1.0]])
async def test_a_vector_that_is_none_is_told(value: object) -> None:
    async with serving(said({"data": [{"index": 0, "embedding": [1.0, value]}]})) as (_, options):
        embedder = Embedder(options)
        with pytest.raises(MalformedReply):
            await embedder.vectors(["a"])
        await embedder.aclose()


@pytest.mark.parametrize("score", [None, "x", 10**400])
async def test_a_score_that_is_none_is_told(score: object) -> None:
    async with serving(said({"results": [{"index": 0, "relevance_score": score}]})) as (_, options):
        reranker = Reranker(options)
        with pytest.raises(MalformedReply):
            await reranker.scores("q", ["a"])
        await reranker.aclose()


async def test_faults_are_our_errors() -> None:
    for reply, kind in [(failing(500, "boom"), ModelError), (failing(401, "key"), ModelError), (hang, ModelTimeout)]:
        async with serving(reply) as (_, options):
            reranker = Reranker(options)
            with pytest.raises(kind):
                await reranker.scores("q", ["a"])
            await reranker.aclose()
