"""The run's own overhead: everything but model, search, fetch and cleaning time, measured with instant doubles.

Run with `python -m eval.overhead [--runs N] [--json]`.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from agent.run import Agent
from agent.services import Services
from agent.settings import Settings, StoreSettings
from agent.store import open_threads
from eval.bench.pace import CHARS_PER_TOKEN
from eval.bench.topics import Topic, answer_text, page_prose, pieces_of, title_of, topic_of
from model_backend import ChatRequest, Delta, Finished, TextDelta, ToolCall, ToolCalled
from model_backend.tokens import estimate_tokens
from tools.pages import Page
from tools.search import SearchRequest, SearchResult
from tools.search_chain import Searched

PAGES = 6
SIZES = (2_000, 20_000, 200_000, 1_000_000)
"""Characters of cleaned text a page."""
BAR_MS = 25.0
"""Longest median allowed, whatever the page size."""
ANSWER_TOKENS = 160
"""Deltas of the scripted answer, as many as the bench's model writes: each costs one event."""


class InstantModel:
    """Decides and answers without any wait. Implements `ChatModel`."""

    name = "instant"
    profile = "instant"
    context_tokens = 32_768

    def __init__(self, topic: Topic) -> None:
        self._topic = topic

    def count_tokens(self, text: str) -> int:
        """The estimate that served models use."""
        return estimate_tokens(text)

    async def stream(self, request: ChatRequest) -> AsyncIterator[Delta]:
        """A call when tools are on offer, otherwise an answer with marks."""
        if request.tools:
            call = ToolCall(id="1", name=request.tools[0].name, arguments={"query": self._topic.keywords})
            yield ToolCalled(call)
        else:
            prompt = "\n".join(message.content for message in request.messages)
            text = answer_text(self._topic, prompt, tokens=ANSWER_TOKENS, chars_per_token=CHARS_PER_TOKEN)
            for piece in pieces_of(text, ANSWER_TOKENS):
                yield TextDelta(piece)
        yield Finished()

    async def aclose(self) -> None:
        """Nothing to give back."""


class InstantWeb:
    """Search and pages out of memory: a searcher and a reader in one."""

    def __init__(self, topic: Topic, page_chars: int) -> None:
        self._pages = {
            f"http://site{number}.example/": (title_of(topic, number), page_prose(topic, number, chars=page_chars))
            for number in range(PAGES)
        }

    async def search(self, request: SearchRequest) -> Searched:
        """Every page, in order."""
        results = tuple(
            SearchResult(url=url, title=title, snippet=title, rank=rank, provider="instant")
            for rank, (url, (title, _)) in enumerate(self._pages.items(), start=1)
        )
        return Searched(results=results, provider="instant", ms=0, cached=False, failures=())

    async def read(self, url: str) -> Page:
        """The cleaned page."""
        title, text = self._pages[url]
        return Page(
            url=url, final_url=url, title=title, text=text, site=url, fetched_at=datetime.now(UTC), size_bytes=len(text)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overhead:
    """The overhead at one page size."""

    page_chars: int
    """Characters of cleaned text a page."""
    median_ms: float
    """From the question to the last event."""
    slowest_ms: float
    """The same for the slowest run."""
    cpu_ms: float
    """Median processor time: what is left of the median on a busy machine when others' share is taken away."""
    nodes_ms: dict[str, int]
    """The same by node, for the median run, as the answer tells it."""
    citations: int
    """Of the median run: a run that did nothing would be fast as well."""

    @property
    def held(self) -> bool:
        """Whether the bar is held."""
        return self.median_ms <= BAR_MS


async def measure_overhead(page_chars: int, *, runs: int) -> Overhead:
    """Time `runs` questions over pages of one size, after one that is not counted.

    Raises:
        RuntimeError: when a run gives no answer.
    """
    topic = topic_of(0)
    async with _instant_agent(topic, InstantWeb(topic, page_chars)) as agent:
        timed = []
        for _ in range(runs + 1):
            started, worked = time.perf_counter(), time.process_time()
            answer = await agent.ask(topic.question)
            wall_s, cpu_s = time.perf_counter() - started, time.process_time() - worked
            timed.append((wall_s * 1000, cpu_s * 1000, answer))
    counted = sorted(timed[1:], key=lambda run: run[0])
    middle = counted[len(counted) // 2][2]
    return Overhead(
        page_chars=page_chars,
        median_ms=round(median(run[0] for run in counted), 1),
        slowest_ms=round(counted[-1][0], 1),
        cpu_ms=round(median(run[1] for run in counted), 1),
        nodes_ms=middle.timings,
        citations=len(middle.citations),
    )


@asynccontextmanager
async def _instant_agent(topic: Topic, web: InstantWeb) -> AsyncIterator[Agent]:
    with tempfile.TemporaryDirectory(prefix="asterism-overhead-") as folder:
        store = Path(folder) / "threads.db"
        settings = Settings(store=StoreSettings(url=f"sqlite:///{store}"))
        async with open_threads(settings.store.url, store) as threads:
            services = Services(model=InstantModel(topic), fallback=None, searcher=web, reader=web, settings=settings)
            yield Agent(services, threads)


def table(overheads: Sequence[Overhead]) -> str:
    """The figures for people, in plain text."""
    lines = [f"{'page':>10} {'median ms':>10} {'slowest ms':>11} {'cpu ms':>7}  nodes (ms)"]
    for one in overheads:
        nodes = ", ".join(f"{node} {ms}" for node, ms in one.nodes_ms.items() if ms and node != "total")
        lines.append(
            f"{one.page_chars:>10,} {one.median_ms:>10.1f} {one.slowest_ms:>11.1f} {one.cpu_ms:>7.1f}  {nodes}"
            f" {'held' if one.held else f'MISSED (<= {BAR_MS:g})'}"
        )
    return "\n".join(lines)


async def main(runs: int) -> list[Overhead]:
    """Every size."""
    return [await measure_overhead(size, runs=runs) for size in SIZES]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = asyncio.run(main(chosen.runs))
    print(json.dumps([asdict(one) for one in found]) if chosen.json else table(found))
