"""Admission: how many runs at once, how many may wait, and how many one key may ask for."""

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from limits import parse
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter

from service.callers import Caller
from service.errors import TooBusy

log = logging.getLogger(__name__)

BUSY_RETRY_S = 2.0
"""When to come back after a full queue: about as long as a short run takes."""


@dataclass(slots=True)
class Slot:
    """A place for one run. Give it back exactly once or more; only the first counts."""

    give_back: Callable[[], None]

    def release(self) -> None:
        """Give the place back."""
        give_back, self.give_back = self.give_back, _nothing
        give_back()


class Admission:
    """Lets runs in."""

    def __init__(
        self,
        *,
        max_runs: int,
        max_queue: int,
        queue_wait_s: float,
        key_rate: str,
        key_runs: int,
        storage: Storage | None = None,
    ) -> None:
        self._max_runs = max_runs
        self._max_queue = max_queue
        self._queue_wait_s = queue_wait_s
        self._rate = parse(key_rate)
        self._key_runs = key_runs
        self._local = MovingWindowRateLimiter(MemoryStorage())
        self._shared = MovingWindowRateLimiter(storage) if storage is not None else None
        self._running = 0
        self._by_key: Counter[str] = Counter()
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def running(self) -> int:
        """Runs that have a place."""
        return self._running

    @property
    def waiting(self) -> int:
        """Runs that wait for one."""
        return len(self._waiting)

    def require_room(self, before: int = 0) -> None:
        """Look whether there is a place, or one to wait for, when so many `before` this one get theirs first.

        Raises:
            TooBusy: when there is neither.
        """
        if self._running + len(self._waiting) + before >= self._max_runs + self._max_queue:
            raise TooBusy(
                f"{self._running} questions are being answered and {len(self._waiting) + before} wait.",
                remedy="Come back in a moment.",
                retry_after_s=BUSY_RETRY_S,
            )

    async def admit(self, caller: Caller) -> Slot:
        """Wait for a place.

        Raises:
            TooBusy: at once when a rate is used up or the queue is full, and later when waiting took too long.
        """
        key_id = caller.key_id
        if key_id is not None:
            if self._by_key[key_id] >= self._key_runs:
                raise TooBusy(
                    f"This key has {self._key_runs} questions under way already.",
                    remedy="Wait for one of them.",
                    retry_after_s=BUSY_RETRY_S,
                )
            # Counted before anything is waited for, or as many as ask at once would pass.
            self._by_key[key_id] += 1
        try:
            if key_id is not None:
                await self._require_rate(key_id)
            await self._place(caller)
        except BaseException:
            self._leave_key(key_id)
            raise
        return Slot(lambda: self._leave(key_id))

    async def _require_rate(self, key_id: str) -> None:
        """Count one question of a key, over all replicas while they can be reached.

        Raises:
            TooBusy: when the key has asked too often.
        """
        limiter = self._shared or self._local
        try:
            allowed = await limiter.hit(self._rate, "asterism", key_id)
            stats = None if allowed else await limiter.get_window_stats(self._rate, "asterism", key_id)
        except Exception:
            # Whatever the shared store's driver raises: the limit of this process still holds.
            if limiter is self._local:
                raise
            log.warning("the shared limits cannot be reached; this process counts for itself")
            allowed = await self._local.hit(self._rate, "asterism", key_id)
            stats = None if allowed else await self._local.get_window_stats(self._rate, "asterism", key_id)
        if stats is not None:
            wait_s = max(1.0, stats.reset_time - time.time())
            raise TooBusy(
                f"This key may ask {self._rate}.", remedy=f"Come back in {wait_s:.0f} s.", retry_after_s=wait_s
            )

    async def _place(self, caller: Caller) -> None:
        if self._running < self._max_runs and not self._waiting:
            self._running += 1
            caller.counted()
            return
        self.require_room()
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        caller.counted()
        try:
            async with asyncio.timeout(self._queue_wait_s):
                await turn
        except TimeoutError as error:
            self._give_up(turn)
            raise TooBusy(
                "All places were taken for too long.", remedy="Come back in a moment.", retry_after_s=BUSY_RETRY_S
            ) from error
        except BaseException:
            self._give_up(turn)
            raise

    def _give_up(self, turn: "asyncio.Future[None]") -> None:
        if turn in self._waiting:
            self._waiting.remove(turn)
        elif turn.done() and not turn.cancelled():
            # The place came in the same moment; the next one gets it.
            self._free()

    def _leave(self, key_id: str | None) -> None:
        self._leave_key(key_id)
        self._free()

    def _leave_key(self, key_id: str | None) -> None:
        if key_id is None:
            return
        self._by_key[key_id] -= 1
        if not self._by_key[key_id]:
            del self._by_key[key_id]

    def _free(self) -> None:
        """Hand the place to whoever waits longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._running -= 1


def _nothing() -> None:
    """A place that was given back already."""
