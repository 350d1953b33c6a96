"""How long the next piece of a reply may take."""

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

from model_backend.openai_compatible import faults

_T = TypeVar("_T")

TAIL_TIMEOUT_S = 1.0
"""Longest wait for the token counts after the last token."""


class Patience:
    """Longer for the first token than for those that follow."""

    def __init__(self, *, first_s: float, next_s: float, base_url: str) -> None:
        self._base_url = base_url
        self._next_s = next_s
        self._allowed_s = first_s
        self._first = True
        self._ends_at = time.monotonic() + self._allowed_s

    def renew(self, *, done: bool) -> None:
        """A piece has come; empty keep-alives do not count as one."""
        self._first = False
        self._allowed_s = TAIL_TIMEOUT_S if done else self._next_s
        self._ends_at = time.monotonic() + self._allowed_s

    async def wait(self, coming: Awaitable[_T]) -> _T:
        """Await within what is allowed.

        Raises:
            ModelTimeout: when it does not come.
        """
        try:
            async with asyncio.timeout(self._ends_at - time.monotonic()):
                return await coming
        except TimeoutError as error:
            raise faults.too_slow(self._base_url, waited_s=self._allowed_s, first=self._first) from error
