"""A second opinion on the order of passages: vectors and a cross-encoder on servers of the user's, where configured.

Words find the candidates, these put them in order. What fails leaves the order of words, with a warning.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from model_backend.errors import ModelError, ModelTimeout
from tools.rank import Ranked

FUSION_K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): how little the first places
stand out."""


class Scores(Protocol):
    """A cross-encoder; see `model_backend.rerank.Reranker`."""

    async def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score a text; higher is nearer.

        Raises:
            ModelError: when not every text is scored in time.
        """


class Vectors(Protocol):
    """An embedding model; see `model_backend.rerank.Embedder`."""

    async def vectors(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text.

        Raises:
            ModelError: when not every vector comes in time.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Reordered:
    """Passages in their new order."""

    ranked: list[Ranked]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reordering:
    """The optional steps between ranking and selecting."""

    vectors: Vectors | None = None
    scores: Scores | None = None
    candidates: int = 40
    """Passages that are looked at, the best by words."""

    async def reorder(self, question: str, ranked: Sequence[Ranked], *, timeout_s: float) -> Reordered:
        """The passages, their best in a new order; the old one, and a warning, where a server fails.

        Scores keep their meaning for what selects: the new first passage gets the highest score, and so on.
        """
        top, rest = list(ranked[: self.candidates]), ranked[self.candidates :]
        warnings: list[str] = []
        ends_at = asyncio.get_running_loop().time() + timeout_s
        for step in (self._by_vectors, self._by_scores):
            try:
                async with asyncio.timeout_at(ends_at):
                    top = await step(question, top)
            except TimeoutError:
                warnings.append(_told(ModelTimeout("the time for it was used up")))
            except ModelError as error:
                warnings.append(_told(error))
        return Reordered(ranked=[*in_order_of(ranked, top), *rest], warnings=tuple(dict.fromkeys(warnings)))

    async def _by_vectors(self, question: str, top: list[Ranked]) -> list[Ranked]:
        if self.vectors is None or len(top) < 2:
            return top
        asked, *found = await self.vectors.vectors([question, *(one.passage.text for one in top)])
        return fused(top, [cosine(asked, vector) for vector in found])

    async def _by_scores(self, question: str, top: list[Ranked]) -> list[Ranked]:
        if self.scores is None or len(top) < 2:
            return top
        scores = await self.scores.scores(question, [one.passage.text for one in top])
        return [top[place] for place in _best_first(scores)]


def fused(top: Sequence[Ranked], scores: Sequence[float]) -> list[Ranked]:
    """The passages by reciprocal rank fusion of the order they have and the order of the scores."""
    value = {place: 1 / (FUSION_K + place) for place in range(len(top))}
    for other, place in enumerate(_best_first(scores)):
        value[place] += 1 / (FUSION_K + other)
    return [top[place] for place in sorted(value, key=lambda place: -value[place])]


def in_order_of(ranked: Sequence[Ranked], order: Sequence[Ranked]) -> list[Ranked]:
    """The passages of `order`, each with the score that stood at its place before."""
    return [Ranked(passage=one.passage, score=before.score) for one, before in zip(order, ranked, strict=False)]


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """How far two vectors point the same way, -1 to 1; 0 where one of them is nothing or of another length."""
    if len(one) != len(other):
        return 0.0
    norm = sqrt(sum(x * x for x in one) * sum(y * y for y in other))
    return sum(x * y for x, y in zip(one, other, strict=True)) / norm if norm else 0.0


def _best_first(scores: Sequence[float]) -> list[int]:
    return sorted(range(len(scores)), key=lambda place: -scores[place])


def _told(error: ModelError) -> str:
    return f"The passages stand in the order of their words: {str(error)[:1].lower()}{str(error)[1:].rstrip('.')}."
