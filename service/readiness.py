"""Readiness: whether questions can be answered, and by name what is degraded."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from service.schemas import Readiness

CHECK_TIMEOUT_S = 2.0
"""Longest look at one part."""
KEPT_S = 2.0
"""A finding is good for so long: probes come from several sides, and each must stay cheap."""

Check = Callable[[], Awaitable[str]]
"""Looks at one part: empty when it is well, else what is wrong."""


class ReadinessChecks:
    """Looks at every part, at most every two seconds."""

    def __init__(self, needed: dict[str, Check], wanted: dict[str, Check]) -> None:
        self._needed = needed
        self._wanted = wanted
        self._found: tuple[float, Readiness] | None = None
        self._lock = asyncio.Lock()

    async def look(self) -> Readiness:
        """What is there now."""
        async with self._lock:
            if self._found is None or time.monotonic() - self._found[0] > KEPT_S:
                self._found = (time.monotonic(), await self._look())
            return self._found[1]

    async def _look(self) -> Readiness:
        checks = {**self._needed, **self._wanted}
        wrong = dict(zip(checks, await asyncio.gather(*map(_checked, checks.values())), strict=True))
        broken = any(wrong[name] for name in self._needed)
        return Readiness(
            status="not ready" if broken else "degraded" if any(wrong.values()) else "ready",
            parts={name: told or "ok" for name, told in wrong.items()},
        )


async def _checked(check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            return await check()
    except TimeoutError:
        return f"no answer within {CHECK_TIMEOUT_S:.0f} s"
    except Exception as error:  # noqa: BLE001  a broken part is what is to be told here
        return str(error).split("\n")[0] or type(error).__name__
