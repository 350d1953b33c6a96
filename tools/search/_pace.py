"""A provider's own limit of requests per second, kept on our side."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from tools.errors import SearchBlocked


class Pace:
    """Hands out moments at a fixed distance; those who come together wait in a row."""

    def __init__(
        self,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._interval_s = 1.0 / per_second if per_second > 0 else 0.0
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0

    async def wait(self, provider: str, longest_s: float) -> None:
        """Wait for the next free moment.

        Raises:
            SearchBlocked: at once, when that moment is more than `longest_s` away.
        """
        now = self._clock()
        moment = max(now, self._next)
        if moment - now > longest_s:
            raise SearchBlocked(
                f"{provider} allows one request every {self._interval_s:g} s and too many are waiting.",
                provider=provider,
                remedy="Ask less at once, or raise the rate if your plan allows more.",
            )
        self._next = moment + self._interval_s
        if moment > now:
            await self._sleep(moment - now)
