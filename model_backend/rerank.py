"""Embeddings and reranking over OpenAI-compatible `/v1/embeddings` and `/rerank` (vLLM serves both). Optional."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from model_backend.errors import MalformedReply, ModelError, ModelTimeout
from model_backend.openai_compatible.connection import Connection

MOST_TEXTS = 64
"""Texts of one request: an embedding server's usual batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankOptions:
    """Where passages are scored."""

    base_url: str
    """`http://HOST:PORT/v1`."""
    name: str
    """The name the server serves."""
    api_key: str = ""
    timeout_s: float = 2.0
    """Longest wait; selection goes on without these scores."""


class Reranker:
    """Scores passages by a cross-encoder; safe for concurrent calls within one event loop."""

    def __init__(self, options: RerankOptions) -> None:
        self._options = options
        self._connection = Connection(options.base_url, options.api_key)

    async def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score a text, in the order of the texts; higher is nearer.

        Raises:
            ModelError: when the server does not score every text in time.
        """
        batches = [texts[at : at + MOST_TEXTS] for at in range(0, len(texts), MOST_TEXTS)]
        return [score for batch in batches for score in await self._batch(question, batch)]

    async def aclose(self) -> None:
        """Give back connections."""
        await self._connection.aclose()

    async def _batch(self, question: str, texts: Sequence[str]) -> list[float]:
        body = {"model": self._options.name, "query": question, "documents": list(texts)}
        told = await _within(self._connection, "/rerank", body, self._options.timeout_s)
        results = told.get("results") if isinstance(told, dict) else None
        scores: dict[int, float] = {}
        for entry in results if isinstance(results, list) else []:
            if isinstance(entry, dict) and isinstance(entry.get("index"), int):
                score = entry.get("relevance_score", entry.get("score"))
                if (value := _number(score)) is not None:
                    scores[entry["index"]] = value
        if set(scores) != set(range(len(texts))):
            raise _incomplete(self._connection.base_url)
        return [scores[place] for place in range(len(texts))]


class Embedder:
    """Vectors of texts; safe for concurrent calls within one event loop."""

    def __init__(self, options: RerankOptions) -> None:
        self._options = options
        self._connection = Connection(options.base_url, options.api_key)

    async def vectors(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in the order of the texts.

        Raises:
            ModelError: when the server does not give every vector in time.
        """
        vectors: list[list[float]] = []
        for at in range(0, len(texts), MOST_TEXTS):
            vectors += await self._batch(texts[at : at + MOST_TEXTS])
        return vectors

    async def aclose(self) -> None:
        """Give back connections."""
        await self._connection.aclose()

    async def _batch(self, texts: Sequence[str]) -> list[list[float]]:
        body = {"model": self._options.name, "input": list(texts)}
        told = await _within(self._connection, "/v1/embeddings", body, self._options.timeout_s)
        data = told.get("data") if isinstance(told, dict) else None
        found: dict[int, list[float]] = {}
        for place, entry in enumerate(data if isinstance(data, list) else []):
            if isinstance(entry, dict) and isinstance(entry.get("embedding"), list):
                vector = [value for one in entry["embedding"] if (value := _number(one)) is not None]
                index = entry.get("index", place)
                if isinstance(index, int) and len(vector) == len(entry["embedding"]):
                    found[index] = vector
        if set(found) != set(range(len(texts))):
            raise _incomplete(self._connection.base_url)
        return [found[place] for place in range(len(texts))]


def _number(value: object) -> float | None:
    """What a server gave as a number; None when it is none, or none that can be reckoned with."""
    if not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


async def _within(connection: Connection, path: str, body: Mapping[str, object], timeout_s: float) -> object:
    # Loading the SDK once takes longer than the server's work.
    await connection.ready()
    try:
        async with asyncio.timeout(timeout_s):
            return await connection.post_beside(path, body)
    except TimeoutError as error:
        raise ModelTimeout(
            f"{connection.base_url} did not score within {timeout_s:g} s.", remedy="Raise the time, or switch it off."
        ) from error


def _incomplete(base_url: str) -> ModelError:
    return MalformedReply(
        f"{base_url} did not answer for every text.", remedy="Check that it serves a model of that kind."
    )
