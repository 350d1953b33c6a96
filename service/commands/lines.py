"""Lines that a person types or a pipe brings, awaited without a thread: one that waits for a line outlives Ctrl-C."""

import asyncio
import os

CHUNK_BYTES = 65_536


class Lines:
    """Reads a file descriptor line by line."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._held = b""
        self._ended = False

    async def next(self) -> str | None:
        """The next line without its end; None when there are no more. What is no UTF-8 is kept as surrogates."""
        while b"\n" not in self._held and not self._ended:
            await self._ready()
            chunk = os.read(self._descriptor, CHUNK_BYTES)
            self._ended = not chunk
            self._held += chunk
        if not self._held:
            return None
        line, _, self._held = self._held.partition(b"\n")
        return line.decode("utf-8", "surrogateescape")

    async def _ready(self) -> None:
        """Until there is something to read."""
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        try:
            loop.add_reader(self._descriptor, ready.set)
        except PermissionError:
            return  # A plain file is always ready, and cannot be waited for.
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._descriptor)
