"""Cleaning in processes that can be killed: a hostile page costs one worker for a moment, never the service.

Workers come from a fork server and are spoken to over sockets by the loop itself, so there is no thread to wait for at
exit; a worker whose pool is gone reads the end of its jobs and leaves.
"""

import asyncio
import json
from contextlib import suppress
from typing import Any, Self

from tools.clean.cleaned import Cleaned
from tools.clean.worker_protocol import BORN, LENGTH
from tools.cleaning_fork_server import ForkServer
from tools.errors import CleanError, NeedsScript

DEFAULT_WORKERS = 2
DEFAULT_TIMEOUT_S = 6.0
"""Wall clock of one page; the slowest of 2,008 real pages took 1.4 s on a busy machine."""
DEFAULT_CPU_S = 5
"""CPU seconds of one page, kept by the kernel."""
DEFAULT_GROWTH_BYTES = 512 * 1024 * 1024
"""Memory one worker may take beyond its loaded parsers."""
START_TIMEOUT_S = 60.0
"""Loading the parsers takes 0.3 s alone on a core, many times that on a machine that starts everything at once."""
MAX_OUTCOME_BYTES = 16 * 1024 * 1024
"""Cleaned text is at most 200,000 characters; JSON writes one in 12 bytes at worst."""
CHUNK_BYTES = 256 * 1024
"""Written at a time: the loop serves others between chunks."""

_OTHER_SOURCE = "Ask for another source."


class CleaningPool:
    """A few worker processes behind `clean`. Belongs to one event loop; `aclose` it there.

    Args:
        workers: Processes, each cleaning one page at a time.
        timeout_s: Wall clock one page may take once a worker has it.
        cpu_s: CPU seconds one page may take.
        growth_bytes: Memory a worker may take beyond its loaded parsers.
        fork_server: Where workers come from, which then stays open; without one the pool has its own.
    """

    def __init__(
        self,
        *,
        workers: int = DEFAULT_WORKERS,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        cpu_s: int = DEFAULT_CPU_S,
        growth_bytes: int = DEFAULT_GROWTH_BYTES,
        fork_server: ForkServer | None = None,
    ) -> None:
        self._timeout_s = timeout_s
        self._fork_server = fork_server or ForkServer()
        self._owns_fork_server = fork_server is None
        self._workers = [_Worker(self._fork_server, cpu_s, growth_bytes) for _ in range(workers)]
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._starting: set[asyncio.Task[None]] = set()
        self._started = self._closed = False

    async def __aenter__(self) -> Self:
        """Start, for `async with`."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.aclose()

    async def start(self) -> None:
        """Start the workers in the background; returns at once. `clean` does it too, if nobody has."""
        if not self._started:
            self._started = True
            for worker in self._workers:
                self._start_later(worker)

    async def clean(self, body: bytes, content_type: str | None, url: str) -> Cleaned:
        """Clean one body in the next free worker; see `tools.clean.clean`.

        Cancelling the caller kills the worker, which is replaced.

        Raises:
            CleanError: Nothing readable, or the page took too long, too much memory, or crashed the parser.
        """
        self._refuse_when_closed()
        await self.start()
        worker = await self._idle.get()
        if self._closed:
            self._idle.put_nowait(worker)  # Wakes the next who waits.
            self._refuse_when_closed()
        try:
            outcome = await self._outcome(worker, body, content_type, url)
        finally:
            # Whatever went wrong, also a cancellation, left the worker unusable; only a clean end puts it back.
            if worker.is_ready:
                self._idle.put_nowait(worker)
            elif not self._closed:
                self._start_later(worker)
        return _to_cleaned(outcome)

    async def aclose(self) -> None:
        """Kill all workers. Callers still waiting get `CleanError`."""
        self._closed = True
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        if self._owns_fork_server:
            self._fork_server.close()
        await asyncio.gather(*(worker.stop() for worker in self._workers))
        self._idle.put_nowait(self._workers[0])

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise CleanError("The cleaning workers are shut down.", remedy="Start the service again.")

    async def _outcome(self, worker: "_Worker", body: bytes, content_type: str | None, url: str) -> dict[str, Any]:
        if not worker.is_ready:
            raise CleanError("A cleaning worker does not start.", remedy="Run `asterism doctor`.")
        try:
            async with asyncio.timeout(self._timeout_s):
                return await worker.ask(body, content_type, url)
        except TimeoutError as error:
            worker.kill()
            message = f"The page takes longer than {self._timeout_s:g} s to read."
            raise CleanError(message, remedy=_OTHER_SOURCE) from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            worker.kill()
            message = "The page ended the process that reads it (too much time or memory)."
            raise CleanError(message, remedy=_OTHER_SOURCE) from error
        except BaseException:
            worker.kill()
            raise

    def _start_later(self, worker: "_Worker") -> None:
        task = asyncio.create_task(self._start(worker))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _start(self, worker: "_Worker") -> None:
        """Bring a worker up; one that does not come up is handed out too, so that its caller learns of it."""
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            await worker.start()
        self._idle.put_nowait(worker)


class _Worker:
    """One process and the socket to it."""

    def __init__(self, fork_server: ForkServer, cpu_s: int, growth_bytes: int) -> None:
        self._fork_server = fork_server
        self._cpu_s = cpu_s
        self._growth_bytes = growth_bytes
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._process_id: int | None = None
        self.is_ready = False

    async def start(self) -> None:
        """Replace what there was by a fresh process and wait until it is there."""
        await self.stop()
        ours = self._fork_server.fork(cpu_s=self._cpu_s, growth_bytes=self._growth_bytes)
        self._streams = await asyncio.open_connection(sock=ours)
        async with asyncio.timeout(START_TIMEOUT_S):
            self._process_id = BORN.unpack(await self._streams[0].readexactly(BORN.size))[0]
        self.is_ready = True

    async def ask(self, body: bytes, content_type: str | None, url: str) -> dict[str, Any]:
        """Send one job and wait for its outcome."""
        assert self._streams is not None
        reader, writer = self._streams
        head = json.dumps({"content_type": content_type, "url": url}).encode()
        writer.write(LENGTH.pack(len(head)) + head + LENGTH.pack(len(body)))
        view = memoryview(body)
        for start in range(0, len(body), CHUNK_BYTES):
            writer.write(view[start : start + CHUNK_BYTES])
            await writer.drain()
        await writer.drain()
        size = LENGTH.unpack(await reader.readexactly(LENGTH.size))[0]
        if size > MAX_OUTCOME_BYTES:
            raise ConnectionError("outcome too large")
        outcome: dict[str, Any] = json.loads(await reader.readexactly(size))
        self.is_ready = not outcome["retiring"]
        return outcome

    def kill(self) -> None:
        """End the process at once; `stop` or `start` closes its socket."""
        self.is_ready = False
        if self._process_id is not None:
            self._fork_server.kill(self._process_id)

    async def stop(self) -> None:
        """Kill the process and close the socket; whoever still waits for an outcome reads its end."""
        self.kill()
        streams, self._streams, self._process_id = self._streams, None, None
        if streams is not None:
            streams[1].transport.abort()
            await asyncio.sleep(0)  # It closes when the loop comes round.


def _to_cleaned(outcome: dict[str, Any]) -> Cleaned:
    if "error" in outcome:
        kind = NeedsScript if outcome.get("needs_script") else CleanError
        raise kind(outcome["error"], remedy=outcome["remedy"])
    fields = outcome["cleaned"]
    headings = tuple((offset, level, text) for offset, level, text in fields.pop("headings"))
    return Cleaned(headings=headings, **fields)
