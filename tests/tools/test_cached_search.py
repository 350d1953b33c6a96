import asyncio

import pytest

from tools.cache import MemoryCache
from tools.cached_search import SECOND_CHOICE_S, CachedSearch
from tools.errors import SearchBlocked
from tools.search import Recency, SearchRequest, SearchResult
from tools.search_chain import Searched, SearchFailure

HIT = SearchResult(url="http://a.example/", title="塔", snippet="87 m", rank=1, provider="p", published="2026-01-01")
FAILED = SearchFailure(provider="q", kind="blocked", message="It blocks us.", remedy="Wait.")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Chain:
    """Counts what it is asked."""

    def __init__(self, answer: Searched | SearchBlocked, delay_s: float = 0.0) -> None:
        self.answer = answer
        self.asked = 0
        self.delay_s = delay_s
        self.closed = False

    async def search(self, request: SearchRequest) -> Searched:
        self.asked += 1
        await asyncio.sleep(self.delay_s)
        if isinstance(self.answer, SearchBlocked):
            raise self.answer
        return self.answer

    async def aclose(self) -> None:
        self.closed = True


def found(provider: str = "p", *, results: int = 1, failures: tuple[SearchFailure, ...] = ()) -> Searched:
    return Searched(results=(HIT,) * results, provider=provider, ms=400, failures=failures)


def cached(chain: Chain, clock: Clock, scope: str = "p", cache: MemoryCache | None = None) -> CachedSearch:
    return CachedSearch(chain, cache or MemoryCache(clock=clock), scope=scope, clock=clock)


async def test_the_same_question_is_not_sent_twice_and_the_second_answer_says_so() -> None:
    chain, clock = Chain(found()), Clock()
    search = cached(chain, clock)
    first = await search.search(SearchRequest(query="Kestrel  tower"))
    second = await search.search(SearchRequest(query="kestrel tower"))
    assert chain.asked == 1
    assert (first.cached, second.cached) == (False, True)
    assert second.results == first.results
    assert second.provider == "p"
    await search.aclose()
    assert chain.closed


@pytest.mark.parametrize(
    ("query", "recency", "age_s", "asked"),
    [
        ("kestrel tower", None, 3500, 1),
        ("kestrel tower", None, 3700, 2),
        ("kestrel tower", "day", 280, 1),
        ("kestrel tower", "day", 320, 2),
        ("kestrel tower", "year", 7200, 1),
        ("weather in Kestrel Bay today", None, 200, 2),
        ("红隼湾今天的天气", None, 200, 2),
    ],
)
async def test_results_stay_good_for_as_long_as_the_question_bears(
    query: str, recency: Recency | None, age_s: float, asked: int
) -> None:
    chain, clock = Chain(found()), Clock()
    search = cached(chain, clock)
    await search.search(SearchRequest(query=query, recency=recency))
    clock.now += age_s
    await search.search(SearchRequest(query=query, recency=recency))
    assert chain.asked == asked


@pytest.mark.parametrize(
    "other",
    [
        SearchRequest(query="tower", language="zh"),
        SearchRequest(query="tower", sites=("a.example",)),
        SearchRequest(query="tower", recency="day"),
        SearchRequest(query="tower", max_results=3),
        SearchRequest(query="towers"),
    ],
)
async def test_requests_that_differ_are_kept_apart(other: SearchRequest) -> None:
    chain = Chain(found())
    search = cached(chain, Clock())
    await search.search(SearchRequest(query="tower"))
    await search.search(other)
    assert chain.asked == 2


async def test_chains_with_other_providers_do_not_share() -> None:
    clock = Clock()
    shared = MemoryCache(clock=clock)
    one, two = Chain(found()), Chain(found("other"))
    await cached(one, clock, "p", shared).search(SearchRequest(query="tower"))
    assert (await cached(two, clock, "other", shared).search(SearchRequest(query="tower"))).provider == "other"


@pytest.mark.parametrize("answer", [found(results=0), found("library")])
async def test_nothing_found_and_the_library_are_never_remembered(answer: Searched) -> None:
    chain = Chain(answer)
    search = cached(chain, Clock())
    for _ in range(2):
        assert not (await search.search(SearchRequest(query="tower"))).cached
    assert chain.asked == 2


async def test_results_of_a_second_choice_are_kept_for_a_minute_only() -> None:
    chain, clock = Chain(found(failures=(FAILED,))), Clock()
    search = cached(chain, clock)
    await search.search(SearchRequest(query="tower"))
    await search.search(SearchRequest(query="tower"))
    assert chain.asked == 1
    clock.now += SECOND_CHOICE_S
    await search.search(SearchRequest(query="tower"))
    assert chain.asked == 2


async def test_equal_requests_at_the_same_time_are_one() -> None:
    chain = Chain(found(), delay_s=0.02)
    search = cached(chain, Clock())
    answers = await asyncio.gather(*(search.search(SearchRequest(query="tower")) for _ in range(5)))
    assert chain.asked == 1
    assert {answer.results for answer in answers} == {(HIT,)}


async def test_a_failure_reaches_everybody_who_waits_and_is_not_kept() -> None:
    chain = Chain(SearchBlocked("It blocks us.", provider="p"), delay_s=0.01)
    search = cached(chain, Clock())
    outcomes = await asyncio.gather(
        *(search.search(SearchRequest(query="tower")) for _ in range(2)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [SearchBlocked, SearchBlocked]
    chain.answer = found()
    assert (await search.search(SearchRequest(query="tower"))).results


@pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b'{"at": 1e9}', b'{"at": 1e9, "results": [{}], "provider": 1}'])
async def test_what_we_did_not_write_is_no_answer(rubbish: bytes) -> None:
    chain, clock = Chain(found()), Clock()
    memory = MemoryCache(clock=clock)
    search = cached(chain, clock, cache=memory)
    await search.search(SearchRequest(query="tower"))
    for key in list(memory._entries):
        await memory.put(key, rubbish, keep_s=60)
    assert not (await search.search(SearchRequest(query="tower"))).cached
