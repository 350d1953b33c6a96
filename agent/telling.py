"""Telling a run: its events get the run and a rising number, and an error becomes the last of them."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

from agent.events import Event, EventBase, RunFailed
from agent.problems import problem_of

T = TypeVar("T")

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


class Channel:
    """The way of events from the nodes of a run to whoever passes them on: in order, and neither side waits.

    LangGraph has a way of its own, made for nodes in other threads: it wakes the loop by a system call for each event,
    which is for each word of an answer.
    """

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Any] = asyncio.Queue()

    def tell(self, event: EventBase) -> None:
        """Take an event from a node."""
        self._queue.put_nowait(event)

    async def along(self, steps: AsyncGenerator[T]) -> AsyncGenerator[EventBase | T]:
        """What is told and what the graph gives, as both come, until the graph ends. Closing it ends the graph.

        What the graph raises is raised after everything that was told before.
        """
        graph = asyncio.create_task(self._follow(steps), name="graph")
        try:
            while (item := await self._queue.get()) is not _END:
                yield item
            await graph
        finally:
            graph.cancel()
            await asyncio.gather(graph, return_exceptions=True)

    async def _follow(self, steps: AsyncGenerator[T]) -> None:
        try:
            async with aclosing(steps):
                async for step in steps:
                    self._queue.put_nowait(step)
        finally:
            self._queue.put_nowait(_END)


_END = object()


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
