"""Runs under way: owned tasks that write logs, followed by any number of clients, cancelled when none is left."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import replace
from typing import Protocol

from agent.asked import new_id
from agent.errors import RunNotFound
from agent.events import Event, RunFailed
from agent.options import AskOptions
from agent.records import RunRecord
from agent.run import Agent
from agent.threads import not_resumable
from service.admission import Admission, Slot
from service.callers import Caller
from service.ended_runs import EndedRuns
from service.errors import Draining
from service.exchange import Exchange
from service.live_run import CANCELLED, INTERRUPTED, REVOKED, LiveRun
from service.run_log import Batch, Logged
from service.stored_run import StoredRun

NOT_RESUMABLE = "run-not-resumable"
FIRST_LISTENER_S = 1.0
"""A client listens within milliseconds of its run's beginning, or not at all."""

Observer = Callable[[Event], None]


class Run(Protocol):
    """A run that one can listen to, wherever it goes on."""

    id: str

    def listen(self, after: int = 0, *, lull_s: float = 0.0) -> AbstractAsyncContextManager[AsyncIterator[Batch]]:
        """Its events above `after`, in batches, to the terminal one; empty batches tell of silence.

        Words of the answer may be kept back for `lull_s`, so that the next batch is worth sending.
        """


class RunRegistry:
    """Starts runs and finds them again. Close it when the service ends."""

    def __init__(
        self,
        agent: Agent,
        admission: Admission,
        exchange: Exchange,
        *,
        heartbeat_s: float,
        grace_s: float,
        observers: Sequence[Observer],
    ) -> None:
        self._agent = agent
        self._admission = admission
        self._exchange = exchange
        self._heartbeat_s = heartbeat_s
        self._grace_s = grace_s
        self._observers = observers
        self._live: dict[str, LiveRun] = {}
        self._ended = EndedRuns()
        self.draining = False
        """Whether new runs are refused."""

    @property
    def live(self) -> int:
        """Runs under way."""
        return len(self._live)

    async def start(self, caller: Caller, question: str, options: AskOptions, *, background: bool = False) -> LiveRun:
        """Wait for a place and begin.

        Raises:
            TooBusy: when there is none.
            Draining: when this process is being stopped.
        """
        slot = await self._admit(caller)
        run_id = new_id("run")
        events = self._agent.stream(question, options, owner=caller.owner, run_id=run_id)
        return self._begin(run_id, caller, events, slot, background=background)

    async def resume(self, caller: Caller, run_id: str, *, background: bool = False) -> LiveRun:
        """Go on with an interrupted run.

        Raises:
            RunNotFound: when the caller has no such run.
            RunNotResumable: when it is still going on, or has ended.
            TooBusy, Draining: as `start`.
        """
        record = await self._agent.threads.run(run_id, caller.owner)
        if record.status != "interrupted":
            raise not_resumable(run_id, record.status)
        slot = await self._admit(caller)
        try:
            after = await self._exchange.last_seq(run_id)
            if run_id in self._live:
                # Asked twice at the same moment: a second one would take the first one's place.
                raise not_resumable(run_id, "running")
        except BaseException:
            slot.release()
            raise
        before = self._ended.take(run_id)
        if before is not None and before.log.last is not None:
            after = max(after, before.log.last.seq)
        events = self._agent.resume(run_id, owner=caller.owner, after_seq=after)
        return self._begin(run_id, caller, events, slot, background=background)

    async def find(self, caller: Caller, run_id: str) -> Run:
        """A run of this caller: under way here, on another replica, or only in the store.

        Raises:
            RunNotFound: when the caller has no such run.
        """
        here = self._live.get(run_id)
        if here is not None and here.owner == caller.owner:
            # Perhaps so fresh that the store does not know it yet.
            return here
        record = await self._agent.threads.run(run_id, caller.owner)
        here = self._ended.get(run_id)
        if here is not None:
            return here

        async def reload() -> RunRecord:
            try:
                return await self._agent.threads.run(run_id, caller.owner)
            except RunNotFound:
                # Deleted with its thread, which stopped it.
                return replace(record, status="cancelled")

        async def otherwise(*, wait: bool) -> Run | None:
            stored = await reload()
            return StoredRun(stored, reload, self._heartbeat_s) if wait or stored.status != "running" else None

        if record.status == "running" or await self._exchange.last_seq(run_id):
            remote = self._exchange.remote(run_id, silence_s=self._heartbeat_s, otherwise=otherwise)
            if remote is not None:
                return remote
        return StoredRun(record, reload, self._heartbeat_s)

    async def cancel(self, caller: Caller, run_id: str) -> RunRecord:
        """Stop a run, wherever it goes on; one that has ended stays as it is.

        Raises:
            RunNotFound: when the caller has no such run.
        """
        record = await self._agent.threads.run(run_id, caller.owner)
        here = self._live.get(run_id)
        if here is not None:
            here.stop(CANCELLED)
            if here.task is not None:
                await asyncio.wait({here.task})
        elif record.status == "running":
            await self._exchange.cancel(run_id)
        elif record.status == "interrupted":
            await self._agent.threads.end(run_id, "cancelled")
        return await self._agent.threads.run(run_id, caller.owner)

    async def cancel_thread(self, caller: Caller, thread_id: str) -> None:
        """Stop every run of a thread, and wait for those of this process.

        Raises:
            ThreadNotFound: when the caller has no such thread.
        """
        thread = await self._agent.threads.read(thread_id, caller.owner)
        for record in thread.runs:
            if record.status == "running":
                await self.cancel(caller, record.id)

    async def stop_revoked(self, revoked: Callable[[Collection[str]], Awaitable[Collection[str]]]) -> None:
        """Stop the runs of keys that were taken back; `revoked` tells which of those given are."""
        asking = {run.key_id for run in self._live.values() if run.key_id is not None}
        gone = await revoked(asking) if asking else ()
        for run in list(self._live.values()):
            if run.key_id in gone:
                run.stop(REVOKED)

    def stop_here(self, run_id: str) -> None:
        """Cancel a run of this process because another replica was asked to."""
        here = self._live.get(run_id)
        if here is not None:
            here.stop(CANCELLED)

    async def drain(self, wait_s: float) -> None:
        """Take no more runs; let those under way end, and interrupt what is left after `wait_s`."""
        self.draining = True
        tasks = {run.task for run in self._live.values() if run.task is not None}
        if tasks:
            await asyncio.wait(tasks, timeout=wait_s)
        await self._interrupt_all()

    async def aclose(self) -> None:
        """Interrupt whatever is under way."""
        self.draining = True
        await self._interrupt_all()

    async def _interrupt_all(self) -> None:
        runs = [run for run in self._live.values() if run.task is not None]
        for run in runs:
            # Noted first: an end as `cancelled` would drop the state that a resumption needs.
            await self._agent.threads.end(run.id, "interrupted")
            run.stop(INTERRUPTED)
        await asyncio.gather(*(run.task for run in runs if run.task is not None), return_exceptions=True)

    async def _admit(self, caller: Caller) -> Slot:
        if self.draining:
            raise Draining("This server is being stopped.", remedy="Ask again; another one will answer.")
        return await self._admission.admit(caller)

    def _begin(
        self, run_id: str, caller: Caller, events: AsyncGenerator[Event], slot: Slot, *, background: bool
    ) -> LiveRun:
        run = LiveRun(
            run_id,
            caller.owner,
            caller.key_id,
            background,
            self._heartbeat_s,
            self._grace_s,
            watched=self._exchange.watched,
        )
        self._live[run_id] = run
        run.task = asyncio.create_task(self._work(run, events, slot), name=run_id)
        # Its client may have left before it began to listen.
        run.leave(self._grace_s + FIRST_LISTENER_S)
        return run

    async def _work(self, run: LiveRun, events: AsyncGenerator[Event], slot: Slot) -> None:
        try:
            async with aclosing(events), self._exchange.publishing(run.id) as publish:
                try:
                    async for event in events:
                        self._note(run, event, publish)
                except asyncio.CancelledError:
                    await events.aclose()
                    if run.stop_problem is None:
                        raise
                if not run.log.ended:
                    problem = run.stop_problem or CANCELLED
                    seq = run.log.last.seq + 1 if run.log.last else 1
                    self._note(run, RunFailed(run_id=run.id, seq=seq, problem=problem), publish)
        finally:
            slot.release()
            run.stay()
            self._live.pop(run.id, None)
            if not run.log.last or not _is_elsewhere(run.log.last):
                self._ended.keep(run)

    def _note(self, run: LiveRun, event: Event, publish: Callable[[Logged], None]) -> None:
        entry = Logged.of(event)
        run.log.append(entry)
        if not _is_elsewhere(entry):
            publish(entry)
        for observe in self._observers:
            observe(event)


def _is_elsewhere(entry: Logged) -> bool:
    """Whether a resumption came too late: the run goes on at another replica, and this refusal is no part of it."""
    event = entry.event if entry.type == "run.failed" else None
    return isinstance(event, RunFailed) and event.problem.code == NOT_RESUMABLE
