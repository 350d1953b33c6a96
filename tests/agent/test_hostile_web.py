"""Hostile pages among good ones, through the whole run: the answer comes, the bad ones are told with their reason."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from agent.answer import Answer
from agent.build import open_agent
from agent.options import AskOptions
from agent.run import Agent
from agent.settings import CacheSettings, FetchSettings, Settings, StoreSettings
from tests import processes
from tests.doubles import SayingModel, searches_for
from tests.tools.clean.bad_pdfs import BAD_PDFS
from tests.tools.fetch.raw import Conversation, Raw, Talk, raw_server, reply
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
from tools.cleaning_fork_server import ForkServer
from tools.cleaning_pool import DEFAULT_GROWTH_BYTES
from tools.search import SearchRequest, SearchResult

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "How high is the Kestrel tower?"
GOOD = (
    "<title>The tower</title><h1>The tower</h1><p>The Kestrel tower is 87 metres high, as measured in {year}.</p>"
    "<p>Stairs number {year} lead to the lamp, says keeper {year}, and every visitor of that year knows them well.</p>"
)
ANSWER = "The Kestrel tower is 87 metres high [1]."
PROBE_S = 0.2
"""Longest that anything else in the process may have to wait."""
LOADED_BYTES = 80_000_000
"""What a cleaning process has before its first page."""


async def flood(talk: Conversation) -> None:
    await talk.say(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\n\r\n<p>")
    while True:
        await talk.say(b"words and words " * 4096)


def says(body: bytes, *fields: str) -> Talk:
    return lambda talk: talk.say(reply(body, *fields))


def bomb(kind: str) -> Talk:
    coding, make = BOMBS[kind]
    return says(make(), f"Content-Encoding: {coding}")


def paper(kind: str) -> Talk:
    return says(BAD_PDFS[kind](), "Content-Type: application/pdf")


HOSTILE: dict[str, Callable[[], Talk]] = {
    **{f"{kind} bomb": partial(bomb, kind) for kind in BOMBS},
    **{f"PDF: {kind}": partial(paper, kind) for kind in BAD_PDFS},
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
    *(f"{kind} bomb" for kind in BOMBS),
    *("dripping headers", "endless 100 Continue", "silence", "closing at once", "no text"),
    *("PDF: deflate bomb of 300 MB", "PDF: drawings within drawings", "PDF: locked", "PDF: broken off", "PDF: noise"),
}
"""What gives no text at all; of the others, what could be read of them may be read."""


class Found:
    """Finds the addresses it is given."""

    name = "found"

    def __init__(self) -> None:
        self.urls: list[str] = []

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        return [
            SearchResult(url=url, title=f"Result {rank}", snippet=f"About {rank}", rank=rank, provider=self.name)
            for rank, url in enumerate(self.urls, start=1)
        ]

    async def aclose(self) -> None:
        """Nothing to give back."""


class World:
    """Four good pages, as many bad ones as wanted, and one agent for all tests."""

    def __init__(self, agent: Agent, raw: Raw, found: Found, bad: dict[str, Talk]) -> None:
        self.agent = agent
        self.good = [raw.url(f"/good{n}") for n in range(4)]
        self._raw = raw
        self._found = found
        self._bad = bad
        self._asked = 0

    async def ask(self, *kinds: str) -> tuple[Answer, list[str]]:
        """The answer of a run whose results are those bad pages, then the good ones; and the bad pages' addresses."""
        self._asked += 1
        urls = [self._raw.url(f"/{self._asked}.{place}") for place in range(len(kinds))]
        self._bad.update({f"/{self._asked}.{place}": HOSTILE[kind]() for place, kind in enumerate(kinds)})
        self._found.urls = urls + self.good
        return await self.agent.ask(QUESTION, AskOptions(sites=("127.0.0.1",), search="always")), urls


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(fork_server: ForkServer) -> AsyncIterator[World]:
    bad: dict[str, Talk] = {}
    found = Found()

    async def serve(talk: Conversation) -> None:
        if talk.target.startswith("/good"):
            await talk.say(reply(GOOD.replace("{year}", f"19{talk.target[5:]}1").encode()))
        else:
            await bad[talk.target](talk)

    async with raw_server(serve) as raw:
        settings = Settings(
            store=StoreSettings(url="memory://"),
            cache=CacheSettings(max_bytes=0),
            fetch=FetchSettings(timeout_s=2, clean_timeout_s=4, allow_hosts=[f"127.0.0.1:{raw.port}"], max_pages=6),
        )
        model = SayingModel(searches_for(QUESTION), ANSWER)
        # In turn the decision and the answer, for as many runs as there are.
        model.replies = [searches_for(QUESTION), ANSWER] * (2 * len(HOSTILE))
        async with open_agent(settings, providers=[found], model=model, fork_server=fork_server) as agent:
            world = World(agent, raw, found, bad)
            await world.ask()
            yield world


class Workers:
    """The most memory that any process cleaning pages had, looked at while a run goes on."""

    def __init__(self) -> None:
        self.peak_bytes = 0

    async def watch(self) -> None:
        while True:
            for pid in processes.descendants():
                self.peak_bytes = max(self.peak_bytes, processes.peak_bytes(pid))
            await asyncio.sleep(0.05)


@asynccontextmanager
async def watched() -> AsyncIterator[Workers]:
    workers = Workers()
    watching = asyncio.create_task(workers.watch())
    try:
        yield workers
    finally:
        watching.cancel()


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_page_costs_the_run_its_own_words_only(world: World, kind: str) -> None:
    started = time.monotonic()
    async with probed(PROBE_S), watched() as workers:
        answer, (bad,) = await world.ask(kind)
    assert "87 metres" in answer.answer
    assert {page.url for page in answer.pages if page.status == "read"} >= set(world.good)
    outcome = next(page for page in answer.pages if page.url == bad)
    if kind in FAILS:
        assert outcome.status == "failed"
    assert outcome.status == "read" or outcome.reason
    assert "Traceback" not in (outcome.reason or "")
    assert time.monotonic() - started < 10
    assert workers.peak_bytes < DEFAULT_GROWTH_BYTES + LOADED_BYTES


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="measures memory through /proc")
async def test_many_hostile_pages_at_once_do_not_grow_the_process(world: World) -> None:
    forget_peak()
    before = peak_bytes()
    async with probed(PROBE_S):
        answer, _ = await world.ask("gzip bomb", "zstd bomb", "endless body", "PDF: noise")
    grown = peak_bytes() - before
    assert "87 metres" in answer.answer
    assert {page.url for page in answer.pages if page.status == "read"} >= set(world.good)
    assert grown < GROWTH, f"{grown / 1e6:.0f} MB"
