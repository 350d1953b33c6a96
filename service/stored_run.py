"""A run of which only the store knows: another process has it, or it ended long ago."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from agent.events import Event, RunCompleted, RunFailed
from agent.records import RunRecord
from service.live_run import CANCELLED, INTERRUPTED
from service.run_log import Batch, Logged

POLL_S = 0.5
"""How often the store is asked about a run of another process."""


class StoredRun:
    """A run of which only the store knows: its terminal event is made from what is stored."""

    def __init__(self, record: RunRecord, reload: Callable[[], Awaitable[RunRecord]], silence_s: float) -> None:
        self.id = record.id
        self._record = record
        self._reload = reload
        self._silence_s = silence_s

    @asynccontextmanager
    async def listen(self, after: int = 0, *, lull_s: float = 0.0) -> AsyncIterator[AsyncIterator[Batch]]:
        """See `Run`."""
        yield self._batches(after)

    async def _batches(self, after: int) -> AsyncIterator[Batch]:
        record, silent_s = self._record, 0.0
        while record.status == "running":
            await asyncio.sleep(POLL_S)
            silent_s += POLL_S
            if silent_s >= self._silence_s:
                silent_s = 0.0
                yield ()
            record = await self._reload()
        yield [Logged.of(terminal_event(record, after + 1))]


def terminal_event(record: RunRecord, seq: int) -> Event:
    """How an ended run ended."""
    if record.answer is not None:
        return RunCompleted(run_id=record.id, seq=seq, answer=record.answer)
    problem = record.problem or (INTERRUPTED if record.status == "interrupted" else CANCELLED)
    return RunFailed(run_id=record.id, seq=seq, problem=problem)
