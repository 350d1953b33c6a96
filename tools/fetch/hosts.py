"""Manners towards hosts: a few requests at a time, and silence for as long as a host asks for it."""

import asyncio
import email.utils
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime

from tools.errors import PageUnavailable

MAX_REST_S = 3600.0
"""Longest silence a host can impose: a hostile or broken `Retry-After` must not shut it out for good."""

MAX_RESTING_HOSTS = 1000
"""Hosts remembered as resting; the oldest is forgotten first."""


class _Host:
    def __init__(self, slots: int) -> None:
        self.slots = asyncio.Semaphore(slots)
        self.users = 0


class HostGate:
    """Gives turns to requests and remembers which hosts asked for rest."""

    def __init__(self, *, per_host: int, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_host = per_host
        self._all = asyncio.Semaphore(total)
        self._hosts: dict[str, _Host] = {}
        self._rests: dict[str, float] = {}
        self._clock = clock

    @asynccontextmanager
    async def turn(self, host: str, *, throttled: bool) -> AsyncIterator[None]:
        """Hold a turn at `host`; waits for one when all are taken.

        Args:
            host: Host name.
            throttled: False for the operator's own hosts, which share only the bound on all requests.

        Raises:
            PageUnavailable: at once, when the host has asked for rest.
        """
        entry = self._hosts.setdefault(host, _Host(self._per_host))
        entry.users += 1
        try:
            async with entry.slots if throttled else nullcontext(), self._all:
                self._check_rest(host)  # last, for the host may have asked while we waited
                yield
        finally:
            entry.users -= 1
            if entry.users == 0:
                self._hosts.pop(host, None)

    def note_rest(self, host: str, retry_after: str) -> None:
        """Remember a `Retry-After` header (seconds or an HTTP date); nonsense is ignored."""
        seconds = parse_retry_after(retry_after)
        if seconds is None or seconds <= 0:
            return
        self._rests.pop(host, None)
        self._rests[host] = self._clock() + min(seconds, MAX_REST_S)
        while len(self._rests) > MAX_RESTING_HOSTS:
            del self._rests[next(iter(self._rests))]

    def _check_rest(self, host: str) -> None:
        until = self._rests.get(host)
        if until is None:
            return
        left_s = until - self._clock()
        if left_s <= 0:
            del self._rests[host]
            return
        raise PageUnavailable(
            f"The site asked us to wait; {math.ceil(left_s)} s are left.",
            remedy="Try again later or use another source.",
        )


def parse_retry_after(value: str) -> float | None:
    """Seconds that a `Retry-After` header asks for; None when it says nothing that can be read."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])  # nine digits are 31 years; more only invites overflow
    try:
        when = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return (when - datetime.now(UTC)).total_seconds()
