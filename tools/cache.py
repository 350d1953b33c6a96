"""Caches: bytes under a name, bounded by bytes and age. Knows nothing of searches and pages.

What a cache gives is welcome, never needed: reading and writing raise nothing, and one that is gone is an empty one.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

MAX_BYTES = 32_000_000
"""Of the memory cache: some 1,000 cleaned pages, half of what the service may grow by while it reads hostile pages."""
MAX_ENTRY_BYTES = 2_000_000
"""Longest entry: cleaned text ends at 200,000 characters, of which a Chinese one takes three bytes."""
ENTRY_COST_BYTES = 200
"""What an entry takes beside its name and bytes."""


class Cache(Protocol):
    """A place for bytes that may be forgotten at any time."""

    async def get(self, key: str) -> bytes | None:
        """What was put under that name and is not too old; never raises."""

    async def put(self, key: str, value: bytes, *, keep_s: float) -> None:
        """Keep it for at most `keep_s` seconds; never raises, and what is too long is not kept."""

    async def aclose(self) -> None:
        """Give back connections and memory."""


class MemoryCache:
    """The cache of one process: when it is full, what was used longest ago goes. Belongs to one event loop."""

    def __init__(self, *, max_bytes: int = MAX_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._max_bytes = max_bytes
        self._clock = clock
        self._entries: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self.size_bytes = 0
        """Of everything held, overhead included."""

    async def get(self, key: str) -> bytes | None:
        """See `Cache`."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        expires_at, value = entry
        if self._clock() >= expires_at:
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return value

    async def put(self, key: str, value: bytes, *, keep_s: float) -> None:
        """See `Cache`."""
        self._drop(key)
        cost = _cost(key, value)
        if keep_s <= 0 or len(value) > MAX_ENTRY_BYTES or cost > self._max_bytes:
            return
        self._entries[key] = (self._clock() + keep_s, value)
        self.size_bytes += cost
        while self.size_bytes > self._max_bytes:
            self._drop(next(iter(self._entries)))

    async def aclose(self) -> None:
        """See `Cache`."""
        self._entries.clear()
        self.size_bytes = 0

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size_bytes -= _cost(key, entry[1])


def _cost(key: str, value: bytes) -> int:
    return len(key) + len(value) + ENTRY_COST_BYTES
