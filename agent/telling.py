"""Telling a run: its events get the run and a rising number, and an error becomes the last of them."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from agent.events import Event, EventBase, RunFailed
from agent.problems import problem_of

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Numbering:
    """Gives each event the run and a rising number."""

    run_id: str
    seq: int = 0

    def put(self, event: EventBase) -> Any:
        """The event as it leaves the run."""
        self.seq += 1
        return event.model_copy(update={"run_id": self.run_id, "seq": self.seq})


async def told(run_id: str, events: AsyncGenerator[Event], after_seq: int = 0) -> AsyncGenerator[Event]:
    """Pass a run's events on; an error becomes `run.failed`, so that nothing leaves without a terminal event."""
    seq = after_seq
    try:
        async with aclosing(events):
            async for event in events:
                seq = event.seq
                yield event
    except Exception as error:
        # An outer door.
        problem = problem_of(error)
        if problem.code == "internal":
            log.exception("run %s broke", run_id)
        yield RunFailed(run_id=run_id, seq=seq + 1, problem=problem)
