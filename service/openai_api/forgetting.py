"""Requests that leave nothing behind: question and answer are deleted when the reply is sent or its client has gone."""

import asyncio
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agent.errors import RunNotFound, ThreadNotFound
from service.callers import Caller
from service.hub import Hub
from service.live_run import CANCELLED, LiveRun
from service.replies import Begin, RunReply
from service.runs import Run


class Begun:
    """Starts the run, and remembers which it was."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self.run: Run | None = None

    async def __call__(self) -> Run:
        """See `Begin`."""
        self.run = await self._begin()
        return self.run


class ForgettingReply(Response):
    """A reply, and after it the deletion."""

    def __init__(self, reply: RunReply, begun: Begun, hub: Hub, caller: Caller) -> None:
        super().__init__()
        self._reply = reply
        self._begun = begun
        self._hub = hub
        self._caller = caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reply, then delete, whatever happened."""
        try:
            await self._reply(scope, receive, send)
        finally:
            if self._begun.run is not None:
                await self._forget(self._begun.run)

    async def _forget(self, run: Run) -> None:
        if isinstance(run, LiveRun):
            run.stop(CANCELLED)
            if run.task is not None:
                await asyncio.wait({run.task})
        threads = self._hub.agent.threads
        # A run that was refused before it began has left nothing.
        with suppress(RunNotFound, ThreadNotFound):
            record = await threads.run(run.id, self._caller.owner)
            await threads.delete(record.thread_id, self._caller.owner)
