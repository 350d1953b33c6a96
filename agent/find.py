"""Finding: several queries at once through the provider chain, merged into one list."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.answer import SearchDone
from tools.errors import SearchError, SearchUnreachable
from tools.merge import merge_results
from tools.search import Recency, SearchRequest, SearchResult
from tools.search_chain import Searched

PER_SITE = 3
"""One site may hold this many places of the merged list, unless sites were asked for."""


class Searcher(Protocol):
    """The provider chain."""

    async def search(self, request: SearchRequest) -> Searched:
        """Results of the first provider that answers; raises SearchError when none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchScope:
    """What every query of a run has in common."""

    max_results: int = 10
    sites: tuple[str, ...] = ()
    recency: Recency | None = None
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one query brought."""

    query: str
    results: tuple[SearchResult, ...] = ()
    done: SearchDone
    warnings: tuple[str, ...] = ()
    error: SearchError | None = None
    """Set when no provider answered."""


async def find(searcher: Searcher, query: str, scope: SearchScope, *, timeout_s: float) -> Found:
    """Search once; a failure is an outcome, not an exception."""
    request = SearchRequest(
        query=query,
        max_results=scope.max_results,
        sites=scope.sites,
        recency=scope.recency,
        language=scope.language,
    )
    try:
        async with asyncio.timeout(timeout_s):
            searched = await searcher.search(request)
    except SearchError as error:
        return _failed(query, error)
    except TimeoutError:
        return _failed(
            query,
            SearchUnreachable(
                f"No search results within {timeout_s:.0f} s.",
                remedy="Raise ASTERISM_RUN__SEARCH_TIMEOUT_S or ask another provider.",
            ),
        )
    if not searched.results and searched.failures:
        # Somebody found nothing, but somebody else could not be asked: that is no "nothing exists".
        return _failed(query, _incomplete(searched))
    done = SearchDone(
        query=query,
        provider=searched.provider,
        results=len(searched.results),
        cached=searched.cached,
        ms=searched.ms,
    )
    warnings = tuple(f"{failure.provider}: {failure.message}" for failure in searched.failures)
    return Found(query=query, results=searched.results, done=done, warnings=warnings)


async def find_all(searcher: Searcher, queries: Sequence[str], scope: SearchScope, *, timeout_s: float) -> list[Found]:
    """Search for several queries at once; the outcomes keep the order of the queries."""
    return list(await asyncio.gather(*(find(searcher, query, scope, timeout_s=timeout_s) for query in queries)))


def merge(found: Sequence[Found], scope: SearchScope) -> list[SearchResult]:
    """One list out of many, best first."""
    lists = [outcome.results for outcome in found if outcome.results]
    return merge_results(lists, max_results=scope.max_results, per_site=None if scope.sites else PER_SITE)


def _failed(query: str, error: SearchError) -> Found:
    done = SearchDone(query=query, provider=error.provider, results=0, ms=0, error=str(error))
    return Found(query=query, done=done, error=error)


def _incomplete(searched: Searched) -> SearchError:
    told = [failure.message.rstrip(".") for failure in searched.failures]
    told += [f"{provider} found nothing" for provider in searched.empty]
    remedies = dict.fromkeys(failure.remedy for failure in searched.failures if failure.remedy)
    first = searched.failures[0]
    return SearchUnreachable("; ".join(told) + ".", provider=first.provider, remedy=" ".join(remedies))
