"""Hostile pages among good ones, through the whole run: the answer comes, the bad ones are told with their reason."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from agent.answer import Answer
from agent.build import open_agent
from agent.options import AskOptions
from agent.run import Agent
from agent.settings import CacheSettings, FetchSettings, Settings, StoreSettings
from tests.doubles import SayingModel, searches_for
from tests.tools.fetch.raw import Conversation, Raw, raw_server, reply
from tests.tools.fetch.test_hostile import (
    BOMBS,
    GROWTH,
    continue_for_ever,
    drip_body,
    drip_headers,
    forget_peak,
    peak_bytes,
    probed,
    say_nothing,
)
from tools.search import SearchRequest, SearchResult

QUESTION = "How high is the Kestrel tower?"
GOOD = (
    "<title>The tower</title><h1>The tower</h1><p>The Kestrel tower is 87 metres high, as measured in {year}.</p>"
    "<p>Stairs number {year} lead to the lamp, says keeper {year}, and every visitor of that year knows them well.</p>"
)
ANSWER = "The Kestrel tower is 87 metres high [1]."
GOOD_PAGES = 4
PROBE_S = 0.2
"""Longest that anything else in the process may have to wait."""


async def flood(talk: Conversation) -> None:
    await talk.say(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\n\r\n<p>")
    while True:
        await talk.say(b"words and words " * 4096)


def says(body: bytes, *fields: str) -> Callable[[Conversation], Awaitable[None]]:
    return lambda talk: talk.say(reply(body, *fields))


def bomb(kind: str) -> Callable[[Conversation], Awaitable[None]]:
    coding, make = BOMBS[kind]
    return says(make(), f"Content-Encoding: {coding}")


HOSTILE: dict[str, Callable[[], Callable[[Conversation], Awaitable[None]]]] = {
    "gzip bomb": lambda: bomb("gzip"),
    "gzip in gzip bomb": lambda: bomb("gzip in gzip"),
    "dripping body": lambda: drip_body,
    "dripping headers": lambda: drip_headers,
    "endless 100 Continue": lambda: continue_for_ever,
    "endless body": lambda: flood,
    "silence": lambda: say_nothing,
    "closing at once": lambda: lambda talk: talk.say(b""),
    "200,000 attributes": lambda: says(b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">x</p>"),
    "300,000 line breaks": lambda: says(b"<p>" + b"x<br>" * 300_000),
    "deep nesting": lambda: says(b"<div>" * 100_000 + b"x"),
    "no text": lambda: says(b"\x00\x01\x02" * 1000, "Content-Type: application/octet-stream"),
}
FAILS = frozenset(HOSTILE) & {
    *("gzip bomb", "gzip in gzip bomb", "dripping headers", "endless 100 Continue", "silence", "closing at once"),
    "no text",
}
"""What gives no text at all; of the others, what could be read of them may be read."""


class Found:
    name = "found"

    def __init__(self, urls: list[str]) -> None:
        self.urls = urls

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        return [
            SearchResult(url=url, title=f"Result {rank}", snippet=f"About {rank}", rank=rank, provider=self.name)
            for rank, url in enumerate(self.urls, start=1)
        ]

    async def aclose(self) -> None:
        """Nothing to give back."""


@dataclass
class World:
    """An agent over four good pages and, ranked before them, those that a test wants."""

    agent: Agent
    found: Found
    raw: Raw

    def show(self, kinds: Sequence[str]) -> list[str]:
        """Let the search find these bad pages, then the good ones; their addresses."""
        paths = [f"/bad{list(HOSTILE).index(kind)}" for kind in kinds]
        self.found.urls = [self.raw.url(path) for path in [*paths, *(f"/good{n}" for n in range(GOOD_PAGES))]]
        return self.found.urls


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    bad = {f"/bad{number}": make() for number, make in enumerate(HOSTILE.values())}

    async def serve(talk: Conversation) -> None:
        if talk.target.startswith("/good"):
            await talk.say(reply(GOOD.replace("{year}", f"19{talk.target[5:]}1").encode()))
        else:
            await bad[talk.target](talk)

    async with raw_server(serve) as raw:
        settings = Settings(
            store=StoreSettings(url="memory://"),
            cache=CacheSettings(max_bytes=0),
            fetch=FetchSettings(timeout_s=2, clean_timeout_s=2, allow_hosts=[f"127.0.0.1:{raw.port}"], max_pages=6),
        )
        model, found = SayingModel(searches_for(QUESTION), ANSWER), Found([])
        async with open_agent(settings, providers=[found], model=model) as agent:
            # In turn the decision and the answer, for as many runs as there are.
            model.replies = [searches_for(QUESTION), ANSWER] * (2 * len(HOSTILE))
            yield World(agent, found, raw)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[World]:
    """One for all: starting the cleaning processes takes longer than most of these runs."""
    async with world() as there:
        yield there


async def ask(agent: Agent) -> Answer:
    return await agent.ask(QUESTION, AskOptions(sites=("127.0.0.1",), search="always"))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_page_costs_the_run_its_own_words_only(shared: World, kind: str) -> None:
    urls = shared.show([kind])
    started = time.monotonic()
    async with probed(PROBE_S):
        answer = await ask(shared.agent)
    assert "87 metres" in answer.answer
    assert {page.url for page in answer.pages if page.status == "read"} >= set(urls[1:])
    outcome = next(page for page in answer.pages if page.url == urls[0])
    if kind in FAILS:
        assert outcome.status == "failed"
    assert outcome.status == "read" or outcome.reason
    assert "Traceback" not in (outcome.reason or "")
    assert time.monotonic() - started < 10


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="measures memory through /proc")
@pytest.mark.asyncio(loop_scope="module")
async def test_many_hostile_pages_at_once_do_not_grow_the_process(shared: World) -> None:
    shared.show([])
    await ask(shared.agent)
    bad = ["gzip bomb", "gzip in gzip bomb", "endless body", "dripping headers"]
    urls = shared.show(bad)
    forget_peak()
    before = peak_bytes()
    async with probed(PROBE_S):
        answer = await ask(shared.agent)
    grown = peak_bytes() - before
    assert "87 metres" in answer.answer
    assert {page.url for page in answer.pages if page.status == "read"} >= set(urls[4:])
    assert grown < GROWTH, f"{grown / 1e6:.0f} MB"
