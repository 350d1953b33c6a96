"""Lines that a person types or a pipe brings, awaited without a thread: one that waits for a line outlives Ctrl-C."""

import asyncio
import os

from agent.errors import InvalidQuestion

CHUNK_BYTES = 65_536
MAX_LINE_BYTES = 10_000_000
"""More than any question: what has no end of a line has no end."""


class Lines:
    """Reads a file descriptor line by line."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._held = b""
        self._ended = False

    async def next(self) -> str | None:
        """The next line without its end; None when there are no more. What is no UTF-8 is kept as surrogates.

        Raises:
            InvalidQuestion: when the line does not end.
        """
        while b"\n" not in self._held and not self._ended:
            if len(self._held) > MAX_LINE_BYTES:
                raise InvalidQuestion(
                    f"A line of standard input has more than {MAX_LINE_BYTES:,} bytes.",
                    remedy="Send one question a line.",
                )
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
            await asyncio.sleep(0)  # A plain file is always ready, and cannot be waited for; signals still can.
            return
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._descriptor)
