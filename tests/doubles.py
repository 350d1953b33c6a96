"""Doubles handed to the agent in tests: a searcher and a reader over a dictionary of pages, a model with a script."""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from langgraph.checkpoint.memory import InMemorySaver

from agent.run import Agent
from agent.run_states import ready
from agent.services import Services
from agent.settings import Settings, StoreSettings
from agent.threads import Threads
from agent.verify.opinion import Layer
from model_backend import (
    ChatModel,
    ChatRequest,
    Delta,
    Finished,
    TextDelta,
    ToolCall,
    ToolCalled,
    Usage,
)
from model_backend.errors import ModelError
from tools.errors import PageUnavailable, SearchError
from tools.pages import Page
from tools.search import SearchRequest, SearchResult
from tools.search_chain import Searched

WEB: Mapping[str, str] = {
    "http://tower.example/kestrel": (
        "The Kestrel tower is 87 metres high. It was built in 1901 by the harbour board.\n\n"
        "Visitors may climb it from May to September, when the stairs are dry and the wind is low. "
        "The keeper's house beside it holds a small museum of lamps, maps and logbooks of the harbour."
    ),
    "http://harbour.example/history": (
        "The harbour of Kestrel Bay was dug in 1888. Its tower, finished in 1901, stands 87 metres above the quay.\n\n"
        "The first ships brought salt and timber; today the harbour serves ferries and small fishing boats only, "
        "and the old cranes are kept as monuments on the northern mole."
    ),
    "http://zh.example/ta": (
        "红隼塔高 87 米，建于 1901 年，由港务局建造。\n\n"
        "每年五月到九月，游客可以登塔。塔旁的看守人小屋现在是一个小型博物馆，陈列着灯具、地图和港口的航海日志。"
        "冬季因为楼梯结冰，塔不对外开放，但博物馆全年开放，周一休息。"
    ),
}


@dataclass
class FakeSearcher:
    """Every page of a web answers every query."""

    web: Mapping[str, str] = field(default_factory=lambda: WEB)
    delay_s: float = 0.0
    error: SearchError | None = None
    requests: list[SearchRequest] = field(default_factory=list)

    async def search(self, request: SearchRequest) -> Searched:
        self.requests.append(request)
        await asyncio.sleep(self.delay_s)
        if self.error:
            raise self.error
        results = tuple(
            SearchResult(url=url, title=url, snippet=text[:60], rank=rank, provider="fake")
            for rank, (url, text) in enumerate(self.web.items(), start=1)
        )
        return Searched(results=results, provider="fake", ms=round(self.delay_s * 1000), cached=False, failures=())

    async def aclose(self) -> None:
        """Nothing to give back."""


@dataclass
class FakeReader:
    """Reads the pages of a web."""

    web: Mapping[str, str] = field(default_factory=lambda: WEB)
    delay_s: float = 0.0
    reads: list[str] = field(default_factory=list)

    async def read(self, url: str) -> Page:
        self.reads.append(url)
        await asyncio.sleep(self.delay_s)
        if url not in self.web:
            raise PageUnavailable("The server answered 404.")
        text = self.web[url]
        return Page(
            url=url,
            final_url=url,
            title=url.rsplit("/", 1)[1],
            text=text,
            site=url.split("/")[2],
            fetched_at=datetime.now(UTC),
            size_bytes=len(text),
        )


def memory_settings(**groups: object) -> Settings:
    """Settings that keep threads in memory."""
    return Settings.model_validate({"store": StoreSettings(url="memory://"), **groups})


Reply = Sequence[Delta] | ModelError | str
"""What a scripted model does next: these deltas, this failure, or this text."""


class SayingModel:
    """Gives its replies in order, the last one for ever; remembers what it was asked."""

    name = "saying"
    profile = "default"
    context_tokens = 8192

    def __init__(self, *replies: Reply, delay_s: float = 0.0) -> None:
        self.replies = list(replies)
        self.requests: list[ChatRequest] = []
        self.delay_s = delay_s
        self.closed_early = 0

    def count_tokens(self, text: str) -> int:
        return len(text) // 3 + 1

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        self.requests.append(request)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, ModelError):
            raise reply
        deltas = [*(TextDelta(word) for word in re.findall(r"\s*\S+", reply))] if isinstance(reply, str) else reply
        try:
            for delta in deltas:
                await asyncio.sleep(self.delay_s)
                yield delta
            yield Finished(usage=Usage(input_tokens=10, output_tokens=5))
        except GeneratorExit:
            self.closed_early += 1
            raise

    async def aclose(self) -> None:
        """Nothing to give back."""


def searches_for(*queries: str) -> list[Delta]:
    """The deltas of a model that calls the search."""
    return [
        ToolCalled(ToolCall(id=f"call_{n}", name="search_web", arguments={"query": query}))
        for n, query in enumerate(queries)
    ]


def make_agent(
    model: ChatModel,
    *,
    searcher: FakeSearcher | None = None,
    reader: FakeReader | None = None,
    fallback: ChatModel | None = None,
    settings: Settings | None = None,
    layers: Sequence[Layer] = (),
) -> Agent:
    """An agent over doubles that keeps its threads in memory."""
    services = Services(
        model=model,
        fallback=fallback,
        searcher=searcher or FakeSearcher(),
        reader=reader or FakeReader(),
        settings=settings or memory_settings(),
        layers=layers,
    )
    return Agent(services, Threads(ready(InMemorySaver())))
