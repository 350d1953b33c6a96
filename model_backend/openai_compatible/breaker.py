"""A circuit breaker: a server that failed again and again is left alone for a while."""

import time
from collections.abc import Callable

FAILURES = 3
"""Failures in a row that open it."""
COOL_OFF_S = 5.0
"""How long it is left alone; then one request may try."""


class Breaker:
    """State of one server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0

    @property
    def closed_in_s(self) -> float:
        """Seconds until the server may be asked again; 0 when it may be asked now."""
        return max(0.0, self._open_until - self._clock())

    def succeeded(self) -> None:
        """It answers."""
        self._failures = 0
        self._open_until = 0.0

    def failed(self) -> None:
        """It did not answer. While it is half open one failure opens it again."""
        self._failures += 1
        if self._failures >= FAILURES:
            self._open_until = self._clock() + COOL_OFF_S
