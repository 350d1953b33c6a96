"""LangGraph's saver on a SQLite file, a moment behind the runs: no run waits until its state is written.

LangGraph's asynchronous saver takes three to five trips to a thread for each state, and its calls are most of what a
run writes. Here a thread of its own writes the newest state of a run after a moment; those that a newer one overtakes,
or whose run ends, are never written. A run goes on from its last state, and nobody asks for those before.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.sqlite import SqliteSaver

from agent.state_serializer import StateSerializer
from agent.store_file import BUSY_TIMEOUT_S

T = TypeVar("T")
_State = tuple[RunnableConfig, Checkpoint, CheckpointMetadata, ChannelVersions]

MOMENT_S = 0.05
"""How long a state waits for a newer one: longer than the quick nodes take, and than a run takes to end after its last
node, whose answer must not wait for the file. A crash within it repeats no more than the node before."""


class StateSaver(SqliteSaver):
    """Keeps the states of runs under way. Close it with `aclose`."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            sqlite3.Error: when it cannot be used.
        """
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
        try:
            # What it keeps only serves to go on after a crash of ours, and that needs no write to reach the disk.
            connection.execute("PRAGMA synchronous = NORMAL")
            super().__init__(connection, serde=StateSerializer())
            self.setup()
        except BaseException:
            connection.close()
            raise
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="states")
        self._lock = Lock()
        self._waiting: dict[str, _State] = {}
        """The newest state of each run that has one to be written."""
        self._failed: dict[str, BaseException] = {}
        self._closed = False

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The last state of a run, if there is one."""

        def work() -> CheckpointTuple | None:
            self._keep(str(config["configurable"]["thread_id"]))
            return self.get_tuple(config)

        return await self._in_thread(work)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep the state after a node, soon.

        Raises:
            Exception: what kept an earlier state of the run from being written.
        """
        place = config["configurable"]
        run_id = str(place["thread_id"])
        with self._lock:
            if error := self._failed.pop(run_id, None):
                raise error
            due = run_id in self._waiting
            self._waiting[run_id] = (config, checkpoint, metadata, new_versions)
        if not due:
            asyncio.get_running_loop().call_later(MOMENT_S, self._write, run_id)
        return {"configurable": {**place, "checkpoint_id": checkpoint["id"]}}

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Nothing: what a node wrote serves where others run beside it, and ours run one after the other.

        The state after the node, which follows at once, holds the same.
        """

    async def adelete_thread(self, thread_id: str) -> None:
        """Drop the states of a run."""
        with self._lock:
            self._waiting.pop(thread_id, None)
            self._failed.pop(thread_id, None)
        await self._in_thread(self.delete_thread, thread_id)

    async def aclose(self) -> None:
        """Close the file, after everything that can be is written."""
        self._closed = True
        last = [self._in_thread(self._keep, run_id) for run_id in list(self._waiting)]
        await asyncio.gather(*last, return_exceptions=True)
        await self._in_thread(self.conn.close)
        self._thread.shutdown(wait=False)

    def _write(self, run_id: str) -> None:
        def note(job: Future[None]) -> None:
            if error := job.exception():
                with self._lock:
                    self._failed[run_id] = error

        if run_id in self._waiting and not self._closed:
            self._thread.submit(self._keep, run_id).add_done_callback(note)

    def _keep(self, run_id: str) -> None:
        """In the thread: write the state that waits."""
        with self._lock:
            state = self._waiting.pop(run_id, None)
        if state is not None:
            self.put(*state)

    async def _in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
