"""Where the graph keeps the states of runs under way, opened when a run first needs it.

Loading LangGraph takes most of a second of processor time. A person at a terminal should see the run begin before that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

Opener = Callable[[AsyncExitStack], Awaitable["BaseCheckpointSaver[str]"]]
"""Opens a saver; what must be closed again is pushed on the stack."""


class RunStates:
    """LangGraph's saver, opened once."""

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._stack = AsyncExitStack()
        self._lock = asyncio.Lock()
        self._saver: BaseCheckpointSaver[str] | None = None

    async def saver(self) -> "BaseCheckpointSaver[str]":
        """The saver, opened now if nobody has needed it yet."""
        async with self._lock:
            if self._saver is None:
                self._saver = await self._opener(self._stack)
            return self._saver

    async def aclose(self) -> None:
        """Close it, if it was opened."""
        await self._stack.aclose()


def ready(saver: "BaseCheckpointSaver[str]") -> RunStates:
    """States kept by a saver that is open already; its owner closes it."""

    async def opener(_: AsyncExitStack) -> "BaseCheckpointSaver[str]":
        return saver

    return RunStates(opener)
