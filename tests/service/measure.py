"""Measures the service over doubles: `python -m tests.service.measure [overhead|load|memory]`.

The doubles: a model of 40 ms a token and a search of 50 ms for the load, no delays for the rest. The
client runs in a process of its own where its work would be counted as the service's.
"""

import asyncio
import contextlib
import json
import os
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import FastAPI

from agent.events import Event
from agent.run import Agent
from agent.services import Services
from agent.settings import ServiceSettings
from agent.store import open_threads
from model_backend import ChatRequest, Delta, TextDelta
from model_backend.errors import ModelError, ModelTimeout
from service.garbage import collected_in_quiet
from service.logs import set_up_logs
from service.replies import RunReply
from service.run_log import Logged, RunLog
from tests.doubles import FakeReader, FakeSearcher, make_agent, memory_settings
from tests.service.crowd import ask_at_once
from tests.service.serving import QUESTION, Replying, Served, serving

TOKEN_S = 0.04
"""Seconds a token of the model in the load."""
SEARCH_S = 0.05
LAG_EVERY_S = 0.01
SETTINGS = memory_settings(service=ServiceSettings(max_runs=128, max_queue=256))


class Forgetting(list[Any]):
    """Doubles remember what they were asked; over thousands of asks that would be counted as the service's memory."""

    def append(self, item: Any) -> None:
        """Forget it."""


def forgetting(model: Replying, *, searcher: FakeSearcher | None = None) -> Services:
    """Doubles that keep nothing."""
    searcher, reader = searcher or FakeSearcher(), FakeReader()
    model.requests, searcher.requests, reader.reads = Forgetting(), Forgetting(), Forgetting()
    return Services(model=model, fallback=None, searcher=searcher, reader=reader, settings=SETTINGS)


@asynccontextmanager
async def agent_on_disk(services: Services) -> AsyncIterator[Agent]:
    """The store on disk, as in production."""
    with TemporaryDirectory() as folder:
        async with open_threads("", Path(folder) / "store.db") as threads:
            yield Agent(services, threads)


async def first_event_of_agent(agent: Agent) -> float:
    started = time.perf_counter()
    async with aclosing(agent.stream(QUESTION)) as events:
        async for _ in events:
            return (time.perf_counter() - started) * 1000
    raise AssertionError


async def first_event_of_service(served: Served) -> float:
    started = time.perf_counter()
    async with served.client.stream("POST", "/ask", json={"question": QUESTION, "stream": True}) as reply:
        async for _ in reply.aiter_bytes():
            return (time.perf_counter() - started) * 1000
    raise AssertionError


async def first_event_of_app(app: FastAPI) -> float:
    """The app as a server calls it: without sockets, and without a client's own work."""
    body = json.dumps({"question": QUESTION, "stream": True}).encode()
    headers = [(b"content-type", b"application/json"), (b"host", b"localhost")]
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/ask", "query_string": b"", "headers": headers}
    scope |= {
        "http_version": "1.1",
        "scheme": "http",
        "root_path": "",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
    }
    first: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    given = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, object]:
        if given:
            return given.pop()
        await first
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.body" and not first.done():
            first.set_result((time.perf_counter() - started) * 1000)

    started = time.perf_counter()
    await app(scope, receive, send)  # type: ignore[arg-type]
    return first.result()


async def overhead() -> None:
    """To the first event, over the agent alone; and events a second through one process."""
    async with agent_on_disk(forgetting(Replying())) as agent, serving(agent, SETTINGS) as served:
        for _ in range(5):
            await first_event_of_agent(agent)
            await first_event_of_service(served)
        direct, through, called, health = [], [], [], []
        for _ in range(60):
            direct.append(await first_event_of_agent(agent))
            await asyncio.sleep(0.03)
            through.append(await first_event_of_service(served))
            await asyncio.sleep(0.03)
            called.append(await first_event_of_app(served.app))
            await asyncio.sleep(0.03)
            started = time.perf_counter()
            await served.client.get("/healthz")
            health.append((time.perf_counter() - started) * 1000)
        base = statistics.median(direct)
        print(f"first event: the agent alone {base:.1f} ms")
        print(f"added by the app: {statistics.median(called) - base:.1f} ms (bar 5)")
        print(f"added over HTTP, client's own work included: {statistics.median(through) - base:.1f} ms")
        print(f"for comparison, GET /healthz over HTTP: {statistics.median(health):.1f} ms")
    agent = make(Replying(answer=" ".join(["word"] * 4000) + " [1]."))
    async with serving(agent, SETTINGS) as served:
        started, seen = time.perf_counter(), 0
        async with served.client.stream("POST", "/ask", json={"question": QUESTION, "stream": True}) as reply:
            async for chunk in reply.aiter_bytes():
                seen += chunk.count(b"\nid: ")
        rate = seen / (time.perf_counter() - started)
        print(f"one stream, agent, service and client in one process: {rate:.0f} events/s (bar 2,000)")
    async with aclosing(agent.stream(QUESTION)) as events:
        await relay([event async for event in events])


async def relay(events: Sequence[Event]) -> None:
    """The service's own part: log, follow, frame."""
    reply = RunReply(lambda: asyncio.sleep(0), stream=True)  # type: ignore[arg-type,return-value]
    log = RunLog()
    started = time.perf_counter()

    async def write() -> None:
        for event in events:
            log.append(Logged.of(event))
            await asyncio.sleep(0)

    writer = asyncio.create_task(write())
    sent = sum([len(reply.frames(batch)) > 0 and len(batch) async for batch in log.batches(0, silence_s=10)])
    await writer
    assert sent == len(events)
    print(f"log, follow and frame: {sent / (time.perf_counter() - started):.0f} events/s (bar 2,000)")


def make(model: Replying) -> Agent:
    return make_agent(model, searcher=FakeSearcher(delay_s=SEARCH_S), settings=SETTINGS)


async def load(asks: int = 200) -> None:
    """Asked all at once at the limits as they are set: who is answered, how soon the rest is refused, how late the
    loop wakes."""
    settings = memory_settings()
    services = forgetting(Replying(delay_s=TOKEN_S), searcher=FakeSearcher(delay_s=SEARCH_S))
    async with agent_on_disk(services) as agent, serving(agent, settings) as served:
        seen: list[tuple[float, float, float]] = []
        await ask_at_once(served.url, 4, QUESTION)
        async with collected_in_quiet(lambda: served.hub.runs.live > 0):
            watch = asyncio.create_task(lag_into(seen))
            told = await ask_at_once(served.url, asks, QUESTION)
            watch.cancel()
        limits = settings.service
        refused = sorted(reply.ms for reply in told if reply.status == 429)
        answered = sorted(reply.ms for reply in told if reply.whole)
        print(f"{asks} streams asked at once; {limits.max_runs} places, {limits.max_queue} may wait")
        other = asks - len(answered) - len(refused)
        print(f"answered {len(answered)}, refused {len(refused)}, neither {other} (bar 0)")
        print(f"answered after {statistics.median(answered):.0f} ms (median), {answered[-1]:.0f} ms (slowest)")
        if refused:
            print(f"refused after {statistics.median(refused):.0f} ms (median), {refused[-1]:.0f} ms (bar 100)")
        began_at, ended_at = told[0].began_at, told[0].began_at + max(reply.ms for reply in told) / 1000
        told_lag("event loop lag", [(at, late) for at, late, _ in seen if began_at < at < ended_at])
        told_lag("of that, own work", [(at, own) for at, _, own in seen if began_at < at < ended_at])
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def told_lag(what: str, seen: list[tuple[float, float]]) -> None:
    lags = sorted(late for _, lag in seen for late in met(lag))
    p50, p99 = lags[len(lags) // 2], lags[int(len(lags) * 0.99)]
    print(f"{what}: p50 {p50:.0f}, p99 {p99:.0f}, longest {lags[-1]:.0f} ms (bar 50 at p99)")


async def lag_into(seen: list[tuple[float, float, float]]) -> None:
    """When the loop woke, how many milliseconds late, and how many of them it worked: the rest others had the core."""
    while True:
        due, worked = time.perf_counter() + LAG_EVERY_S, time.thread_time()
        await asyncio.sleep(LAG_EVERY_S)
        now = time.perf_counter()
        late_ms = max(0.0, now - due) * 1000
        seen.append((now, late_ms, min(late_ms, (time.thread_time() - worked) * 1000)))


def met(lag_ms: float) -> list[float]:
    """The lag as everything met it that came while the loop was late, not only whoever came first."""
    step_ms = LAG_EVERY_S * 1000
    return [lag_ms - n * step_ms for n in range(int(lag_ms / step_ms) + 1)]


class Faulty(Replying):
    """Of ten calls one fails: before its first word, or in the middle of it."""

    calls = 0

    def stream(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        self.calls += 1
        if self.calls % 20 == 0:
            return cut_off(ModelTimeout("The model did not answer in time."))
        if self.calls % 10 == 0:
            return cut_off(ModelTimeout("The model stopped."), TextDelta("The Kestrel "))
        return super().stream(request)


async def cut_off(error: ModelError, *before: Delta) -> AsyncGenerator[Delta]:
    for delta in before:
        yield delta
    raise error


async def memory(asks: int = 2000) -> None:
    """Resident memory over many asks with faults, with store and garbage collection as in production."""
    statuses: Counter[int] = Counter()
    async with (
        agent_on_disk(forgetting(Faulty())) as agent,
        serving(agent, SETTINGS) as served,
        collected_in_quiet(lambda: served.hub.runs.live > 0),
    ):
        seen: list[tuple[int, float]] = []
        for number in range(asks + 1):
            if number % 250 == 0:
                seen.append((number, rss_mb()))
                print(f"{number:5d} asks: {seen[-1][1]:.1f} MB", flush=True)
            reply = await served.client.post("/ask", json={"question": QUESTION})
            statuses[reply.status_code] += 1
        late = [point for point in seen if point[0] >= 500]
        slope = statistics.linear_regression([n for n, _ in late], [mb for _, mb in late]).slope * 1000
        print(f"replies by status: {dict(statuses)} (a tenth of all model calls fails; 504 says so)")
        print(f"slope from the 500th on: {slope:.2f} MB per 1,000 asks (bar 1)")


def rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    which = sys.argv[1] if len(sys.argv) > 1 else "overhead"
    # Logged as in production, to nobody.
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stderr(nowhere):
        set_up_logs("json")
        asyncio.run({"overhead": overhead, "load": load, "memory": memory}[which]())


if __name__ == "__main__":
    main()
