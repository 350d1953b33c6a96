"""Measures the service over doubles: `python -m tests.service.measure [overhead|load|memory]`.

The doubles: a model of 40 ms a token and a search of 50 ms for the load, no delays for the rest. The
client runs in a process of its own where its work would be counted as the service's.
"""

import asyncio
import gc
import json
import resource
import statistics
import sys
import time
from contextlib import aclosing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
from fastapi import FastAPI

from agent.run import Agent
from agent.services import Services
from agent.settings import ServiceSettings
from agent.store import open_threads
from service.run_log import Logged, RunLog
from tests.doubles import FakeReader, FakeSearcher, memory_settings
from tests.service.serving import QUESTION, Replying, Served, serving

SETTINGS = memory_settings(service=ServiceSettings(max_runs=128, max_queue=256))


class Forgetting(list[Any]):
    """Doubles remember what they were asked; over thousands of asks that would be counted as the service's memory."""

    def append(self, item: Any) -> None:
        """Forget it."""


def forgetting(model: Replying) -> Services:
    """Doubles that keep nothing."""
    searcher, reader = FakeSearcher(), FakeReader()
    model.requests, searcher.requests, reader.reads = Forgetting(), Forgetting(), Forgetting()
    return Services(model=model, fallback=None, searcher=searcher, reader=reader, settings=SETTINGS)


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
    with TemporaryDirectory() as folder:
        async with open_threads("", Path(folder) / "store.db") as threads:
            agent = Agent(forgetting(Replying()), threads)
            async with serving(agent, SETTINGS) as served:
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
    words = " ".join(["word"] * 4000) + " [1]."
    async with serving(make(Replying(answer=words)), SETTINGS) as served:
        started, seen = time.perf_counter(), 0
        async with served.client.stream("POST", "/ask", json={"question": QUESTION, "stream": True}) as reply:
            first = 0.0
            async for chunk in reply.aiter_bytes():
                seen += chunk.count(b"\nid: ")
                first = first or (time.perf_counter() if b"answer.delta" in chunk else 0.0)
        rate = seen / (time.perf_counter() - started)
        print(f"one stream, agent, service and client in one process: {rate:.0f} events/s (bar 2,000)")
        events = next(iter(served.hub.runs._ended.values())).log
        batch = events._after(0)
        await relay(batch)


async def relay(batch: list[Logged]) -> None:
    """The service's own part: log, follow, frame."""
    from service.replies import RunReply

    reply = RunReply(lambda: asyncio.sleep(0), stream=True)  # type: ignore[arg-type,return-value]
    log = RunLog()
    started, sent = time.perf_counter(), 0

    async def write() -> None:
        for entry in batch:
            log.append(Logged.of(entry.event))
            await asyncio.sleep(0)

    writer = asyncio.create_task(write())
    async for part in log.batches(0, silence_s=10):
        sent += len(reply.frames(part)) > 0
    await writer
    print(f"log, follow and frame: {len(batch) / (time.perf_counter() - started):.0f} events/s (bar 2,000)")


def make(model: Replying) -> Agent:
    from tests.doubles import make_agent

    return make_agent(model, searcher=FakeSearcher(delay_s=0.05), settings=SETTINGS)


async def load(asks: int = 200, limit: int = 128, queue: int = 40) -> None:
    """Asked all at once: who is answered, how fast those beyond the limit are refused, how late the loop wakes."""
    settings = memory_settings(service=ServiceSettings(max_runs=limit, max_queue=queue, queue_wait_s=30))
    async with serving(make(Replying(delay_s=0.04)), settings) as served:
        lags: list[float] = []
        watch = asyncio.create_task(lag_into(lags))
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.service.measure",
            "client",
            served.url,
            str(asks),
            str(limit + queue),
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await child.communicate()
        watch.cancel()
        print(out.decode().strip())
        lags.sort()
        print(f"event loop lag: p50 {lags[len(lags) // 2]:.0f}, p99 {lags[int(len(lags) * 0.99)]:.0f} ms (bar 50)")


async def lag_into(lags: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        lags.append(max(0.0, (time.perf_counter() - before - 0.01) * 1000))


async def client(url: str, asks: int, fit: int) -> None:
    limits = httpx2.Limits(max_connections=asks)
    async with httpx2.AsyncClient(base_url=url, timeout=60, limits=limits, trust_env=False) as http:
        await asyncio.gather(*(http.get("/healthz") for _ in range(asks)))

        async def ask() -> tuple[int, float]:
            started = time.perf_counter()
            reply = await http.post("/ask", json={"question": QUESTION})
            return reply.status_code, (time.perf_counter() - started) * 1000

        started = time.perf_counter()
        fitting = [asyncio.create_task(ask()) for _ in range(fit)]
        await asyncio.sleep(0.6)
        # One after the other: 32 at once would measure how fast this client writes.
        beyond = [await ask() for _ in range(asks - fit)]
        replies = [*await asyncio.gather(*fitting), *beyond]
        took_s = time.perf_counter() - started
    refused = sorted(ms for status, ms in replies if status == 429)
    answered = [status for status, _ in replies if status == 200]
    other = [status for status, _ in replies if status not in (200, 429)]
    print(f"{asks} at once: {len(answered)} answered in {took_s:.1f} s, {len(refused)} refused, other {other}")
    if refused:
        print(f"refused after {statistics.median(refused):.0f} ms (median), {refused[-1]:.0f} ms (slowest; bar 100)")


async def memory(asks: int = 2000) -> None:
    """Resident memory over many asks, with the store on disk as in production."""
    with TemporaryDirectory() as folder:
        async with open_threads("", Path(folder) / "store.db") as threads:
            agent = Agent(forgetting(Replying()), threads)
            async with serving(agent, SETTINGS) as served:
                seen: list[tuple[int, float]] = []
                for number in range(asks + 1):
                    if number % 250 == 0:
                        gc.collect()
                        seen.append((number, rss_mb()))
                        print(f"{number:5d} asks: {seen[-1][1]:.1f} MB", flush=True)
                    await served.client.post("/ask", json={"question": QUESTION})
                late = [point for point in seen if point[0] >= 500]
                slope = statistics.linear_regression([n for n, _ in late], [mb for _, mb in late]).slope * 1000
                print(f"slope from the 500th on: {slope:.2f} MB per 1,000 asks (bar 1)")


def rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    which = sys.argv[1] if len(sys.argv) > 1 else "overhead"
    if which == "client":
        asyncio.run(client(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
    else:
        asyncio.run({"overhead": overhead, "load": load, "memory": memory}[which]())


if __name__ == "__main__":
    main()
