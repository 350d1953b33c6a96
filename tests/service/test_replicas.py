"""Two replicas on one PostgreSQL and one Redis, all real: streams, cancels and limits cross over, and Redis may die."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from agent.settings import ServiceSettings
from agent.store import open_threads
from service.open_exchange import open_exchange
from service.parts import readiness_of
from tests.agent.test_threads import agent_on
from tests.doubles import memory_settings
from tests.servers import RedisServer, postgres_server, redis_server
from tests.service.serving import ANSWER, QUESTION, Replying, Served, serving
from tests.service.test_ask import events_of
from tests.service.ui.test_stream import follow
from tests.service.ui.test_stream import shown as blocks_of

pytestmark = [
    pytest.mark.slow,
    # redis-py drops the connections of a server that died without closing them. They are collected after each test of
    # this file, and not in whatever test comes next.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def _collect_dropped_connections() -> Iterator[None]:
    gc.freeze()  # Only what the test leaves is looked through: 0.3 s less at the end of a long session.
    yield
    gc.collect()


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@asynccontextmanager
async def replicas(
    postgres: str, redis: RedisServer, *, delay_s: float = 0.03, grace_s: float = 1.0
) -> AsyncIterator[tuple[Served, Served]]:
    """Two services that share only the two servers."""
    settings = memory_settings(service=ServiceSettings(key_rate="4/minute", leave_grace_s=grace_s))
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(2):
            threads = await stack.enter_async_context(open_threads(postgres, Path("unused")))
            agent = agent_on(threads, Replying(delay_s=delay_s))
            exchange = open_exchange(redis.url)
            found.append(await stack.enter_async_context(serving(agent, settings, exchange=exchange)))
        yield found[0], found[1]


async def begin(served: Served) -> str:
    """A run that goes on without a client."""
    body = {"question": QUESTION, "stream": True, "background": True}
    async with served.client.stream("POST", "/ask", json=body) as reply:
        return reply.headers["x-run-id"]


async def test_a_stream_begun_on_one_is_taken_up_on_the_other(postgres: str, redis: RedisServer) -> None:
    async with replicas(postgres, redis) as (one, other):
        run_id = await begin(one)
        followed = await other.client.get(f"/runs/{run_id}/events", headers={"Last-Event-ID": "2"})
        here = await one.client.get(f"/runs/{run_id}/events", headers={"Last-Event-ID": "2"})
        events = events_of(followed.text)
        assert events == events_of(here.text)
        assert (events[0]["seq"], events[-1]["type"]) == (3, "run.completed")
        again = await other.client.get(f"/runs/{run_id}/events", headers={"Last-Event-ID": str(events[-2]["seq"])})
        assert events_of(again.text) == events[-1:]
        page_there, page_here = [await follow(replica, f"/ui/runs/{run_id}/events?after=6") for replica in (other, one)]
        assert page_there[-1] == page_here[-1]
        assert blocks_of(page_there) == blocks_of(page_here)


async def test_a_client_that_moves_to_the_other_replica_keeps_the_run_alive(postgres: str, redis: RedisServer) -> None:
    # A second of words, and a fifth of one until a run that nobody hears is stopped.
    async with replicas(postgres, redis, delay_s=0.08, grace_s=0.2) as (one, other):
        async with one.client.stream("POST", "/ask", json={"question": QUESTION, "stream": True}) as reply:
            run_id = reply.headers["x-run-id"]
            following = asyncio.create_task(other.client.get(f"/runs/{run_id}/events", headers={"Last-Event-ID": "1"}))
            await asyncio.sleep(0.2)
        events = events_of((await following).text)
        assert events[-1]["type"] == "run.completed"


async def test_a_run_is_cancelled_from_the_other_replica(postgres: str, redis: RedisServer) -> None:
    async with replicas(postgres, redis, delay_s=5) as (one, other):
        run_id = await begin(one)
        await asyncio.sleep(0.3)
        await other.client.post(f"/runs/{run_id}/cancel")
        async with asyncio.timeout(3):
            text = (await one.client.get(f"/runs/{run_id}/events")).text
        assert events_of(text)[-1]["problem"]["code"] == "run-cancelled"
        assert (await other.client.get(f"/runs/{run_id}")).json()["status"] == "cancelled"


async def test_the_rate_of_a_key_is_counted_over_both(postgres: str, redis: RedisServer) -> None:
    async with replicas(postgres, redis, delay_s=0) as (one, other):
        _, secret = await one.hub.keys.add("alice")
        headers = {"Authorization": f"Bearer {secret}"}
        statuses = [
            (await served.client.post("/ask", json={"question": QUESTION}, headers=headers)).status_code
            for served in (one, other, one, other, one, other)
        ]
        assert statuses == [200] * 4 + [429] * 2


async def test_the_same_request_at_both_replicas_runs_once(postgres: str, redis: RedisServer) -> None:
    async with replicas(postgres, redis) as pair:
        headers = {"Idempotency-Key": "both"}
        replies = await asyncio.gather(
            *(served.client.post("/ask", json={"question": QUESTION}, headers=headers) for served in pair)
        )
        assert replies[0].json() == replies[1].json()
        assert replies[0].json()["answer"] == ANSWER


async def test_answers_go_on_when_redis_dies_and_readiness_says_so(postgres: str, redis: RedisServer) -> None:
    async with replicas(postgres, redis, delay_s=0.05) as (one, other):
        _, secret = await one.hub.keys.add("bob")
        headers = {"Authorization": f"Bearer {secret}"}
        asking = [
            asyncio.create_task(served.client.post("/ask", json={"question": QUESTION}, headers=headers))
            for served in (one, other)
        ]
        await asyncio.sleep(0.2)
        redis.kill()
        for reply in await asyncio.gather(*asking):
            assert reply.json()["answer"] == ANSWER
        late = await one.client.post("/ask", json={"question": QUESTION, "stream": True}, headers=headers)
        assert events_of(late.text)[-1]["type"] == "run.completed"
        run_id = late.headers["x-run-id"]
        # Its stream was never shared, but how it ended stands in the store.
        elsewhere = await other.client.get(f"/runs/{run_id}/events", headers=headers)
        assert events_of(elsewhere.text)[-1]["type"] == "run.completed"
        one.app.state.readiness = readiness_of(one.hub)
        ready = await one.client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        assert "cache server" in ready.json()["parts"]["cache"]
        redis.start()
        one.app.state.readiness = readiness_of(one.hub)
        assert (await one.client.get("/readyz")).json()["status"] == "ready"
        run_id = await begin(one)
        followed = await other.client.get(f"/runs/{run_id}/events")
        assert events_of(followed.text)[-1]["type"] == "run.completed"


async def test_a_service_starts_without_its_redis(postgres: str, redis: RedisServer) -> None:
    redis.kill()
    async with replicas(postgres, redis, delay_s=0) as (one, _):
        reply = await one.client.post("/ask", json={"question": QUESTION})
        assert reply.json()["answer"] == ANSWER
