"""A cache that replicas share on a Redis or Valkey server.

Every entry has an expiry date; how much the server holds in all is for its `maxmemory`. A server that does not answer
is left alone for a while, so that questions do not wait for it one by one.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from tools.cache import MAX_ENTRY_BYTES

log = logging.getLogger(__name__)

TIMEOUT_S = 0.25
"""Longest wait for one answer: a server nearby needs a millisecond, and a search without a cache 400."""
REST_S = 5.0
"""How long the server is left alone after a failure."""
PREFIX = "asterism:cache:"
_ERRORS = (RedisError, OSError, TimeoutError)


class RedisCache:
    """See `tools.cache.Cache`. Connects when it is first asked; belongs to one event loop."""

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the address, `redis://…`.

        Raises:
            ValueError: when it is none.
        """
        # A lost connection is made anew by the next call; retries within one would only take time from the answer.
        self._redis = Redis.from_url(
            url, protocol=2, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, health_check_interval=10
        )
        self._clock = clock
        self._rest_until = 0.0

    async def get(self, key: str) -> bytes | None:
        """See `Cache`."""
        if self._resting:
            return None
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return cast(bytes | None, await self._redis.get(PREFIX + key))
        except _ERRORS:
            self._rest()
            return None

    async def put(self, key: str, value: bytes, *, keep_s: float) -> None:
        """See `Cache`."""
        if self._resting or keep_s <= 0 or len(value) > MAX_ENTRY_BYTES:
            return
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await self._redis.set(PREFIX + key, value, px=max(1, round(keep_s * 1000)))
        except _ERRORS:
            self._rest()

    async def aclose(self) -> None:
        """See `Cache`."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await self._redis.aclose()
        except _ERRORS:
            log.info("the cache server was gone at the end")

    @property
    def _resting(self) -> bool:
        return self._clock() < self._rest_until

    def _rest(self) -> None:
        self._rest_until = self._clock() + REST_S
        log.warning("the cache server does not answer; going on without it for %g s", REST_S)
