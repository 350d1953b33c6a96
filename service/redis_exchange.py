"""Replicas that share a Redis or Valkey server: streams that can be taken up anywhere, cancels, limits.

Everything in there is a copy with an expiry date. When the server is gone, runs go on and are told to the clients of
their own replica; only what crosses replicas is missing until it is back.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any, cast

from limits.aio.storage import RedisStorage, Storage
from redis.asyncio import Redis
from redis.exceptions import RedisError

from service.exchange import Otherwise, Publish
from service.run_log import Batch, Logged

log = logging.getLogger(__name__)

KEPT_S = 900
"""A stream can be taken up for this long after its last event."""
MAX_EVENTS = 5000
"""Events kept of one run; a long answer has about a thousand."""
TIMEOUT_S = 1.0
"""Longest wait for the server: what it gives is welcome, never needed."""
BLOCK_MS = 500
"""How long one look for new events waits."""
BATCH = 200
CANCELS = "asterism:cancels"
RETRY_S = 1.0
ERRORS = (RedisError, OSError, TimeoutError)


class RedisExchange:
    """See `service.exchange.Exchange`."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url,
            protocol=2,
            socket_timeout=TIMEOUT_S + BLOCK_MS / 1000,
            socket_connect_timeout=TIMEOUT_S,
            health_check_interval=10,
        )
        self.limits_storage: Storage | None = RedisStorage(
            f"async+{url}", implementation="redispy", socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S
        )
        self._ears: asyncio.Task[None] | None = None

    async def start(self, stop_here: Callable[[str], None]) -> None:
        """See `Exchange`."""
        self._ears = asyncio.create_task(self._hear_cancels(stop_here), name="hear cancels")

    @asynccontextmanager
    async def publishing(self, run_id: str) -> AsyncIterator[Publish]:
        """See `Exchange`. Events wait in memory for a task that sends them in order."""
        waiting: asyncio.Queue[Logged | None] = asyncio.Queue()
        sender = asyncio.create_task(self._send(run_id, waiting), name=f"share {run_id}")
        try:
            yield waiting.put_nowait
        finally:
            waiting.put_nowait(None)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2 * TIMEOUT_S):
                    await sender
            sender.cancel()

    def remote(self, run_id: str, *, silence_s: float, otherwise: Otherwise) -> "RemoteRun | None":
        """See `Exchange`."""
        return RemoteRun(self._redis, run_id, silence_s, otherwise)

    async def last_seq(self, run_id: str) -> int:
        """See `Exchange`."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                newest = cast(Any, await self._redis.xrevrange(stream_key(run_id), count=1))
        except ERRORS:
            return 0
        return int(newest[0][1][b"seq"]) if newest else 0

    async def cancel(self, run_id: str) -> None:
        """See `Exchange`."""
        with contextlib.suppress(*ERRORS):
            async with asyncio.timeout(TIMEOUT_S):
                await self._redis.publish(CANCELS, run_id)

    async def watched(self, run_id: str) -> bool:
        """Whether a client of another replica listens to a run of ours."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return bool(await self._redis.exists(watch_key(run_id)))
        except ERRORS:
            return False

    async def trouble(self) -> str:
        """See `Exchange`."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await self._redis.ping()
        except ERRORS:
            return "the cache server does not answer; limits and streams hold within this process only"
        return ""

    async def aclose(self) -> None:
        """See `Exchange`."""
        if self._ears is not None:
            self._ears.cancel()
            await asyncio.gather(self._ears, return_exceptions=True)
        with contextlib.suppress(*ERRORS):
            await self._redis.aclose()
        # Connections that were in use when the server died are not given back by themselves.
        with contextlib.suppress(*ERRORS):
            await self._redis.connection_pool.disconnect(inuse_connections=True)

    async def _send(self, run_id: str, waiting: "asyncio.Queue[Logged | None]") -> None:
        """Share events until the end; after a failure the rest of this run stays here."""
        key = stream_key(run_id)
        while (entry := await waiting.get()) is not None:
            pipe = self._redis.pipeline(transaction=False)
            while True:
                fields: dict[str | bytes, str | bytes | int] = {
                    "seq": entry.seq,
                    "type": entry.type,
                    "data": entry.data,
                }
                pipe.xadd(key, fields, maxlen=MAX_EVENTS, approximate=True)  # type: ignore[arg-type]
                if waiting.empty() or (following := waiting.get_nowait()) is None:
                    ending = not waiting.empty() or entry.terminal
                    break
                entry = following
            pipe.expire(key, KEPT_S)
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    await pipe.execute()
            except ERRORS:
                log.warning("the events of %s can no longer be shared", run_id)
                return
            if ending and entry.terminal:
                return

    async def _hear_cancels(self, stop_here: Callable[[str], None]) -> None:
        """Until cancelled; when the server is gone, try again."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as ears:
                    await ears.subscribe(CANCELS)
                    while True:
                        message = await ears.get_message(timeout=1.0)
                        if message is not None:
                            stop_here(message["data"].decode("ascii", "replace"))
            except ERRORS:
                await asyncio.sleep(RETRY_S)


class RemoteRun:
    """A run that another replica has, or had."""

    def __init__(self, redis: Redis, run_id: str, silence_s: float, otherwise: Otherwise) -> None:
        self.id = run_id
        self._redis = redis
        self._silence_s = silence_s
        self._otherwise = otherwise

    @asynccontextmanager
    async def listen(self, after: int = 0, *, lull_s: float = 0.0) -> AsyncIterator[AsyncIterator[Batch]]:
        """See `service.runs.Run`. While somebody listens here, the other replica is told so."""
        yield self._batches(after, lull_s)

    async def _batches(self, after: int, lull_s: float) -> AsyncIterator[Batch]:
        """What is shared; and when nothing more comes of it, how the store says that the run ended."""
        try:
            async with aclosing(self._shared(after)) as shared:
                async for batch in shared:
                    after = batch[-1].seq if batch else after
                    yield batch
                    if batch and batch[-1].terminal:
                        return
                    if any(entry.words for entry in batch):
                        await asyncio.sleep(lull_s)
        except ERRORS:
            log.warning("the events of %s can no longer be followed; waiting for its end", self.id)
        otherwise = await self._otherwise(wait=True)
        if otherwise is not None:
            async with otherwise.listen(after) as rest:
                async for batch in rest:
                    yield batch

    async def _shared(self, after: int) -> AsyncGenerator[Batch]:
        place: Any = b"0-0"
        silent_s = 0.0
        key = stream_key(self.id)
        while True:
            await self._redis.set(watch_key(self.id), 1, px=3 * BLOCK_MS)
            found = cast(Any, await self._redis.xread({key: place}, count=BATCH, block=BLOCK_MS))
            entries = found[0][1] if found else []
            if entries:
                place, silent_s = entries[-1][0], 0.0
                batch = [Logged(int(f[b"seq"]), f[b"type"].decode(), f[b"data"]) for _, f in entries]
                fresh = [entry for entry in batch if entry.seq > after]
                if fresh:
                    yield fresh
                if batch[-1].terminal and not (fresh and fresh[-1].terminal):
                    # Everything was received before: what is asked for is only that it is over.
                    yield batch[-1:]
                continue
            silent_s += BLOCK_MS / 1000
            if await self._otherwise(wait=False) is not None:
                return
            if silent_s >= self._silence_s:
                silent_s = 0.0
                yield ()


def stream_key(run_id: str) -> str:
    """Where the events of a run are."""
    return f"asterism:events:{run_id}"


def watch_key(run_id: str) -> str:
    """Is there while somebody elsewhere listens."""
    return f"asterism:watched:{run_id}"
