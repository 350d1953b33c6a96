"""Searches out of a cache: the same words are not sent twice within the time for which their results stay good."""

import hashlib
import json
import time
from collections.abc import Callable, Collection
from dataclasses import asdict, replace
from typing import Any, Protocol

from tools.cache import Cache
from tools.fetch.flights import SingleFlight
from tools.freshness import max_age_s
from tools.search import SearchRequest, SearchResult
from tools.search_chain import Searched

SECOND_CHOICE_S = 60.0
"""Results are kept no longer than this when a provider further up gave no answer: it may be back in a minute."""


class Searches(Protocol):
    """The provider chain."""

    async def search(self, request: SearchRequest) -> Searched:
        """Results of the first provider that answers; raises SearchError when none does."""

    async def aclose(self) -> None:
        """Close the providers."""


class CachedSearch:
    """A chain with a memory. That nothing was found is never remembered: the next one may find it."""

    def __init__(
        self,
        chain: Searches,
        cache: Cache,
        *,
        scope: str,
        never: Collection[str] = ("library",),
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take over `chain`; `aclose` closes it.

        Args:
            chain: Who is asked.
            cache: Where results are kept; its owner closes it.
            scope: Sets apart what chains with other providers keep in the same cache.
            never: Providers whose results are not kept: what lies on this disk changes, and costs nothing.
            clock: Seconds since the epoch, the same for all that share the cache.
        """
        self._chain = chain
        self._cache = cache
        self._scope = scope
        self._never = frozenset(never)
        self._clock = clock
        self._flights: SingleFlight[str, Searched] = SingleFlight()

    async def search(self, request: SearchRequest) -> Searched:
        """Search, or remember; equal requests at the same time are one.

        Raises:
            SearchError: when no provider answered.
        """
        key = _key(self._scope, request)
        return await self._flights.run(key, self._search(key, request))

    async def aclose(self) -> None:
        """Stop what is under way, and close the chain."""
        await self._flights.aclose()
        await self._chain.aclose()

    async def _search(self, key: str, request: SearchRequest) -> Searched:
        started = time.monotonic()
        longest_s = max_age_s(request.query, request.recency)
        kept = _read(await self._cache.get(key), self._clock() - longest_s)
        if kept is not None:
            return replace(kept, ms=round((time.monotonic() - started) * 1000))
        searched = await self._chain.search(request)
        if searched.results and searched.provider not in self._never:
            keep_s = min(longest_s, SECOND_CHOICE_S) if searched.failures else longest_s
            await self._cache.put(key, _write(searched, self._clock()), keep_s=keep_s)
        return searched


def _key(scope: str, request: SearchRequest) -> str:
    """Only a digest leaves the process: what people ask is not to be read off the names in a shared cache."""
    words = " ".join(request.query.split()).casefold()
    parts = [scope, words, request.max_results, sorted(request.sites), request.recency, request.language]
    return "search:1:" + hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _write(searched: Searched, now: float) -> bytes:
    plain = {"at": now, "provider": searched.provider, "results": [asdict(result) for result in searched.results]}
    return json.dumps(plain, ensure_ascii=False).encode()


def _read(value: bytes | None, not_before: float) -> Searched | None:
    """What was kept; None when there is nothing, when it is too old, or not what we wrote."""
    try:
        plain: dict[str, Any] = json.loads(value or b"")
        if plain["at"] < not_before:
            return None
        results = tuple(SearchResult(**result) for result in plain["results"])
        return Searched(results=results, provider=str(plain["provider"]), ms=0, cached=True)
    except (ValueError, KeyError, TypeError):
        return None
