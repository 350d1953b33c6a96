"""A web of four pages, and an agent over it: everything real but the network."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from agent.answer import Answer
from agent.events import AnswerDelta, QueriesPlanned, RunCompleted, RunFailed
from agent.options import AskOptions
from agent.run import Agent
from agent.services import Services
from agent.settings import RunSettings, Settings, StoreSettings
from agent.store import open_threads
from model_backend import ChatModel
from model_backend.embedded.model import EmbeddedModel
from tools.pages import Page
from tools.search import SearchRequest, SearchResult
from tools.search_chain import Searched

PAGES: Mapping[str, tuple[str, str]] = {
    "http://tern.example/light": (
        "Tern Point light",
        "The Tern Point lighthouse is 41 metres high. It was lit for the first time in 1893.\n\n"
        "Its lamp turns once in ten seconds.",
    ),
    "http://harbour.example/points": (
        "Lights of the coast",
        "The lighthouse at Tern Point stands 41 metres above the rock and is open on Sundays.",
    ),
    "http://cha.example/qingwu": ("青雾茶", "青雾茶的采摘时间是每年四月上旬。青雾茶产自云门山。\n\n采摘后当天炒制。"),
    "http://shan.example/yunmen": ("云门山特产", "云门山的青雾茶在四月上旬采摘，十天左右结束。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A question with what the model was taught to say."""

    question: str
    language: str
    query: str
    answer: str


SAMPLES = (
    Sample(
        question="How high is the Tern Point lighthouse?",
        language="en",
        query="Tern Point lighthouse height",
        answer="The Tern Point lighthouse is 41 metres high [1].",
    ),
    Sample(
        question="青雾茶什么时候采摘？",
        language="zh",
        query="青雾茶 采摘时间",
        answer="青雾茶的采摘时间是每年四月上旬[1]。",
    ),
)


@dataclass
class FixedSearcher:
    """Finds the two pages of the question's language."""

    requests: list[str] = field(default_factory=list)

    async def search(self, request: SearchRequest) -> Searched:
        """Both pages, in the same order every time."""
        self.requests.append(request.query)
        chinese = not request.query.isascii()
        found = [url for url, (_, text) in PAGES.items() if text.isascii() != chinese]
        results = tuple(
            SearchResult(url=url, title=PAGES[url][0], snippet=PAGES[url][1][:60], rank=rank, provider="fixed")
            for rank, url in enumerate(found, 1)
        )
        return Searched(results=results, provider="fixed", ms=1)


@dataclass
class FixedReader:
    """Reads pages out of memory; a test may hold it up."""

    gate: asyncio.Event | None = None
    """Nothing is read until it is set."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the first page is asked for."""

    async def read(self, url: str) -> Page:
        """The page."""
        self.reached.set()
        if self.gate is not None:
            await self.gate.wait()
        title, text = PAGES[url]
        return Page(
            url=url,
            final_url=url,
            title=title,
            text=text,
            site=url.split("/")[2],
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
            size_bytes=len(text),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a run told."""

    answer: Answer
    queries: list[str]
    """What the model planned to search for. (A query that means the user's own words is served by their results.)"""
    pieces: int
    """Pieces the answer came in."""


async def asked(agent: Agent, question: str) -> Told:
    """Ask one question, streamed, with the least effort.

    Raises:
        RuntimeError: when the run failed.
    """
    queries: list[str] = []
    pieces = 0
    answer: Answer | None = None
    failure = "the run ended without an answer"
    async with aclosing(agent.stream(question, AskOptions(depth="quick"))) as events:
        async for event in events:
            if isinstance(event, QueriesPlanned):
                queries += event.queries
            elif isinstance(event, AnswerDelta):
                pieces += 1
            elif isinstance(event, RunCompleted):
                answer = event.answer
            elif isinstance(event, RunFailed):
                failure = event.problem.detail
    if answer is None:
        raise RuntimeError(failure)
    return Told(answer=answer, queries=queries, pieces=pieces)


@asynccontextmanager
async def open_fixed_agent(
    model: ChatModel, folder: Path, *, searcher: FixedSearcher | None = None, reader: FixedReader | None = None
) -> AsyncIterator[Agent]:
    """An agent over the four pages."""
    # Few passages: the tiny model's prompts stay short. A held page is waited for until the engine is down (10 s).
    run = RunSettings(passage_tokens=200, answer_tokens=120, deadline_s=120.0, read_timeout_s=60.0)
    settings = Settings(store=StoreSettings(url="memory://"), run=run)
    async with open_threads("memory://", folder / "threads.db") as threads:
        services = Services(
            model=model,
            fallback=EmbeddedModel(),
            searcher=searcher or FixedSearcher(),
            reader=reader or FixedReader(),
            settings=settings,
        )
        yield Agent(services, threads)
