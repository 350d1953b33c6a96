"""LangGraph's saver on a SQLite file, with one trip to a thread of its own for each call.

LangGraph's asynchronous saver takes three to five trips for each, and its calls are most of what a run writes.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.sqlite import SqliteSaver

from agent.state_serializer import StateSerializer
from agent.store_file import BUSY_TIMEOUT_S

T = TypeVar("T")


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

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The state of a run, if there is one."""
        return await self._in_thread(self.get_tuple, config)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep the state after a node."""
        return await self._in_thread(self.put, config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Nothing: what a node wrote serves where others run beside it, and ours run one after the other.

        The state after the node, which follows at once, holds the same.
        """

    async def adelete_thread(self, thread_id: str) -> None:
        """Drop the states of a run."""
        await self._in_thread(self.delete_thread, thread_id)

    async def aclose(self) -> None:
        """Close the file, after what is still being written."""
        await self._in_thread(self.conn.close)
        self._thread.shutdown(wait=False)

    async def _in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
