"""A server for one test: leaves signals alone, and ends at once."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn

TICK_S = 0.01
"""Uvicorn looks every 0.1 s whether it should end, and again whether all have left; over the tests that start a server
that adds up to a minute."""


class QuickServer(uvicorn.Server):
    """Set `should_exit` and await `serve`."""

    async def main_loop(self) -> None:
        """Wait for the end."""
        while not await self.on_tick(0):  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(TICK_S)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the doors, wait as long as may be for who is served, then end the application."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
                    await asyncio.sleep(TICK_S)
        for task in self.server_state.tasks:
            task.cancel()
        await self.lifespan.shutdown()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None: they are for the tests."""
        yield
