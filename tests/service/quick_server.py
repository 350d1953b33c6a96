"""A server for one test: leaves signals alone, and ends at once."""

import asyncio
import contextlib
from collections.abc import Iterator

import uvicorn

TICK_S = 0.01
"""Uvicorn looks every 0.1 s whether it should end; over the tests that start a server that adds up to half a minute."""


class QuickServer(uvicorn.Server):
    """Set `should_exit` and await `serve`."""

    async def main_loop(self) -> None:
        """Wait for the end."""
        while not await self.on_tick(0):  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(TICK_S)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None: they are for the tests."""
        yield
