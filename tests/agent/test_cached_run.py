"""The cache within the whole run: nothing is searched or fetched twice, and a cache that dies changes nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from agent.build import open_agent
from agent.errors import Misconfigured
from agent.open_cache import open_cache
from agent.options import AskOptions
from agent.run import Agent
from agent.settings import CacheSettings, FetchSettings, Settings, StoreSettings
from tests.doubles import SayingModel
from tests.servers import redis_server
from tests.tools.fetch.raw import Raw, raw_server, reply
from tools.cleaning_fork_server import ForkServer
from tools.search import SearchRequest, SearchResult

QUESTION = "How high is the Kestrel tower?"
PAGE = (
    b"<title>Kestrel</title><h1>Kestrel</h1>" + b"<p>The Kestrel tower is 87 metres high. It was built in 1901.</p>" * 3
)


class Counting:
    name = "counting"

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked = 0

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        self.asked += 1
        return [SearchResult(url=self.url, title="Kestrel", snippet="A tower.", rank=1, provider=self.name)]

    async def aclose(self) -> None:
        """Nothing to give back."""


@asynccontextmanager
async def asking(fork_server: ForkServer, cache: CacheSettings) -> AsyncIterator[tuple[Agent, Counting, Raw]]:
    async with raw_server(lambda talk: talk.say(reply(PAGE))) as web:
        provider = Counting(web.url("/kestrel"))
        settings = Settings(
            store=StoreSettings(url="memory://"),
            fetch=FetchSettings(workers=1, allow_hosts=[f"127.0.0.1:{web.port}"]),
            cache=cache,
        )
        model = SayingModel("The Kestrel tower is 87 metres high [1].")
        async with open_agent(settings, providers=[provider], model=model, fork_server=fork_server) as agent:
            yield agent, provider, web


ALWAYS = AskOptions(search="always")


async def test_asked_again_nothing_is_searched_or_fetched_twice(fork_server: ForkServer) -> None:
    async with asking(fork_server, CacheSettings()) as (agent, provider, web):
        first = await agent.ask(QUESTION, ALWAYS)
        second = await agent.ask(QUESTION, ALWAYS)
    assert (provider.asked, len(web.heads)) == (1, 1)
    assert [search.cached for search in first.searches] == [False]
    assert [search.cached for search in second.searches] == [True]
    assert second.sources[0].fetched_at == first.sources[0].fetched_at
    assert second.citations[0].cited_text == first.citations[0].cited_text


async def test_a_redis_killed_between_two_questions_costs_a_search(fork_server: ForkServer) -> None:
    with redis_server() as redis:
        async with asking(fork_server, CacheSettings(url=redis.url)) as (agent, provider, web):
            await agent.ask(QUESTION, ALWAYS)
            assert (await agent.ask(QUESTION, ALWAYS)).searches[0].cached
            assert (provider.asked, len(web.heads)) == (1, 1)
            redis.kill()
            answer = await agent.ask(QUESTION, ALWAYS)
            assert "87 metres" in answer.answer
            assert not answer.searches[0].cached
            assert (provider.asked, len(web.heads)) == (2, 2)


async def test_a_redis_that_is_not_there_at_the_start_changes_nothing(fork_server: ForkServer) -> None:
    pytest.importorskip("redis", reason="the extra `redis` is not installed")
    async with asking(fork_server, CacheSettings(url="redis://127.0.0.1:1/0")) as (agent, _, _):
        assert "87 metres" in (await agent.ask(QUESTION, ALWAYS)).answer


@pytest.mark.parametrize("url", ["memcached://x", "redis:/x", "nonsense"])
def test_an_address_that_is_no_cache_is_refused_with_its_remedy(url: str) -> None:
    with pytest.raises(Misconfigured) as error:
        open_cache(CacheSettings(url=url))
    assert "redis://" in error.value.remedy
