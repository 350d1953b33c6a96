"""A run under way in this process: its task, its log, who listens, and its end when nobody does any more."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from agent.events import Problem
from service.run_log import Batch, RunLog

WATCH_EVERY_S = 0.5
"""How often another replica's listeners are looked for."""

CANCELLED = Problem(
    type="urn:asterism:problem:run-cancelled",
    title="The run was cancelled.",
    status=409,
    detail="The run was cancelled. Ask again when you want the answer.",
    code="run-cancelled",
)
INTERRUPTED = Problem(
    type="urn:asterism:problem:run-interrupted",
    title="The run was interrupted before its answer.",
    status=503,
    detail="The run was interrupted before its answer. Resume it with POST /runs/{id}/resume.",
    code="run-interrupted",
)
REVOKED = Problem(
    type="urn:asterism:problem:key-required",
    title="The API key was revoked.",
    status=401,
    detail="The API key was revoked while this question was answered. Ask the operator for a new one.",
    code="key-required",
)


async def _by_nobody(run_id: str) -> bool:
    return False


@dataclass(slots=True)
class LiveRun:
    """A run of this process."""

    id: str
    owner: str
    key_id: str | None
    """The API key it was asked with."""
    background: bool
    """Whether it goes on when nobody listens."""
    heartbeat_s: float
    grace_s: float
    log: RunLog = field(default_factory=RunLog)
    listeners: int = 0
    stop_problem: Problem | None = None
    """Why it was stopped from outside."""
    task: "asyncio.Task[None] | None" = None
    watched: Callable[[str], Awaitable[bool]] = field(default=_by_nobody)
    """Whether somebody listens at another replica."""
    _leaving: "asyncio.Task[None] | None" = None

    @asynccontextmanager
    async def listen(self, after: int = 0, *, lull_s: float = 0.0) -> AsyncIterator[AsyncIterator[Batch]]:
        """See `Run`. When the last listener leaves before the end, the run is cancelled after a moment's grace."""
        self.listeners += 1
        self.stay()
        try:
            yield self.log.batches(after, silence_s=self.heartbeat_s, lull_s=lull_s)
        finally:
            self.listeners -= 1
            if not self.listeners:
                self.leave(self.grace_s)

    def leave(self, after_s: float) -> None:
        """Stop in a moment, unless somebody comes (back) to listen."""
        self.stay()
        if not self.background and not self.log.ended:
            self._leaving = asyncio.create_task(self._leave(after_s), name=f"leave {self.id}")

    def stay(self) -> None:
        """Do not leave after all."""
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    def stop(self, problem: Problem) -> None:
        """Cancel it; listeners are told the problem."""
        if self.stop_problem is None and not self.log.ended and self.task is not None:
            self.stop_problem = problem
            self.task.cancel()

    async def _leave(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        while await self.watched(self.id):  # noqa: ASYNC110  only asking tells
            await asyncio.sleep(WATCH_EVERY_S)
        if not self.listeners:
            self._leaving = None
            self.stop(CANCELLED)
