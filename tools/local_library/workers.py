"""Worker processes that can be killed: a job that hangs or crashes costs that job and its worker, never the run.

Knows nothing of pages. `concurrent.futures.ProcessPoolExecutor` cannot end one task that hangs and gives up all
others when one process dies; hence these lines.
"""

import contextlib
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, Protocol, TypeVar

JobT = TypeVar("JobT")
ResultT = TypeVar("ResultT")
CrewJobT = TypeVar("CrewJobT")
CrewResultT = TypeVar("CrewResultT", covariant=True)

MEMORY_BYTES = 2 << 30
"""Address space of one worker; the worst hostile page measured grew by 0.1 GB once bounded, 3 GB without."""
START_TIMEOUT_S = 60.0
"""Longest start of a worker: 0.3 s on an idle machine, but a crowded one must not look like a page that hangs."""
_JOIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Lost:
    """The job gave no result: its worker hung, crashed or raised."""

    reason: str


class Crew(Protocol[CrewJobT, CrewResultT]):
    """Who does jobs: worker processes, or a stand-in."""

    def run(self, jobs: Iterable[CrewJobT]) -> Iterator[tuple[CrewJobT, CrewResultT | Lost]]:
        """Each job with its outcome, in the order they end."""

    def one(self, job: CrewJobT) -> CrewResultT | Lost:
        """A single job, waited for."""

    def close(self) -> None:
        """End whatever is under way."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A worker has started: the clock of its first job begins now."""


@dataclass(slots=True)
class _Busy(Generic[JobT]):
    job: JobT
    until: float
    """Monotonic time after which the worker is killed."""


class Workers(Generic[JobT, ResultT]):
    """A fixed number of processes, each with one job at a time. Close it, or use it in a `with` block."""

    def __init__(self, task: Callable[[JobT], ResultT], *, count: int, timeout_s: float) -> None:
        """Start nothing yet.

        Args:
            task: What each process does with a job; it and the jobs must be picklable.
            count: Processes.
            timeout_s: Wall clock of one job; the process is killed after it.
        """
        self._task = task
        self._count = count
        self._timeout_s = timeout_s
        # Spawn: a fork of a process with threads and open SQLite handles is not safe to use.
        self._context = multiprocessing.get_context("spawn")
        self._processes: dict[Connection, BaseProcess] = {}
        self._busy: dict[Connection, _Busy[JobT]] = {}

    def __enter__(self) -> "Workers[JobT, ResultT]":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, jobs: Iterable[JobT]) -> Iterator[tuple[JobT, ResultT | Lost]]:
        """Yield each job with its outcome, in the order they end. Jobs are taken only as workers become free."""
        pending = iter(jobs)
        exhausted = False
        while True:
            while not exhausted and len(self._busy) < self._count:
                try:
                    job = next(pending)
                except StopIteration:
                    exhausted = True
                    break
                self._hand_out(job)
            if not self._busy:
                return
            yield from self._collect()

    def one(self, job: JobT) -> ResultT | Lost:
        """Do a single job and wait for it."""
        return next(outcome for _, outcome in self.run([job]))

    def close(self) -> None:
        """Kill every process, at work or not."""
        for connection in list(self._processes):
            self._end(connection)
        self._busy.clear()

    def _hand_out(self, job: JobT) -> None:
        free = next((c for c in self._processes if c not in self._busy), None)
        limit_s = self._timeout_s if free else START_TIMEOUT_S
        free = free or self._start()
        # A worker that died while idle is found out by the reading end: its outcome is then `Lost`.
        with contextlib.suppress(BrokenPipeError):
            free.send(job)
        self._busy[free] = _Busy(job, time.monotonic() + limit_s)

    def _collect(self) -> Iterator[tuple[JobT, ResultT | Lost]]:
        nearest_s = min(busy.until for busy in self._busy.values()) - time.monotonic()
        ready = wait(list(self._busy), timeout=max(0.0, nearest_s))
        for connection in ready:
            assert isinstance(connection, Connection)
            outcome = self._receive(connection)
            if isinstance(outcome, _Ready):
                self._busy[connection].until = time.monotonic() + self._timeout_s
            else:
                yield self._busy.pop(connection).job, outcome
        now = time.monotonic()
        for connection in [c for c, busy in self._busy.items() if busy.until <= now]:
            job = self._busy.pop(connection).job
            self._end(connection)
            yield job, Lost(f"It took longer than {self._timeout_s:g} s.")

    def _receive(self, connection: Connection) -> ResultT | Lost | _Ready:
        try:
            result: ResultT | Lost | _Ready = connection.recv()
        except (EOFError, OSError):
            self._end(connection)
            return Lost("It crashed its worker process.")
        return result

    def _start(self) -> Connection:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._task), daemon=True)
        process.start()
        theirs.close()
        self._processes[ours] = process
        return ours

    def _end(self, connection: Connection) -> None:
        process = self._processes.pop(connection)
        connection.close()
        process.kill()
        process.join(_JOIN_S)
        process.close()


def _work(connection: Connection, task: Callable[[JobT], ResultT]) -> None:
    """The life of a worker: job in, result out, until the other end closes."""
    # Ctrl-C reaches the whole group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _bound_memory()
    connection.send(_Ready())
    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        outcome: ResultT | Lost
        try:
            outcome = task(job)
        except MemoryError:
            outcome = Lost("It needs more memory than a page may.")
        except Exception as error:  # noqa: BLE001 -- the worker's outer door: any bug in a parser is that page's loss
            outcome = Lost(f"{type(error).__name__} while it was read.")
        connection.send(outcome)


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
