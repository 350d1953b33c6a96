"""A circuit breaker: after several failures in a row nobody is asked for a while, then one probe decides."""

import time
from collections.abc import Callable

FAILURES = 5
"""Failures in a row that open it; fewer would punish one bad minute."""

REST_S = 30.0
"""Seconds of rest before the probe."""


class Breaker:
    """Guards one dependency. Each call that `admit` let in ends in exactly one of `succeed`, `fail`, `release`."""

    def __init__(
        self, *, failures: int = FAILURES, rest_s: float = REST_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = failures
        self._rest_s = rest_s
        self._clock = clock
        self._failures = 0
        self._opened_at = 0.0
        self._probing = False

    @property
    def is_open(self) -> bool:
        """True while calls are turned away."""
        return self._failures >= self._limit and (self._probing or self.rest_left_s > 0)

    @property
    def rest_left_s(self) -> float:
        """Seconds until a probe is admitted; 0 when calls are."""
        if self._failures < self._limit:
            return 0.0
        return max(0.0, self._opened_at + self._rest_s - self._clock())

    def admit(self) -> bool:
        """Let a call in, or not; after the rest exactly one call is let in as the probe."""
        if self.is_open:
            return False
        self._probing = self._failures >= self._limit
        return True

    def succeed(self) -> None:
        """It answered: closed again."""
        self._failures = 0
        self._probing = False

    def fail(self) -> None:
        """It did not answer: one more in a row; the rest starts anew when that opens it or keeps it open."""
        self._failures += 1
        self._probing = False
        if self._failures >= self._limit:
            self._opened_at = self._clock()

    def release(self) -> None:
        """The call was given up by its caller: nothing is learned."""
        self._probing = False
