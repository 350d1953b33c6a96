"""Threads: conversations kept by LangGraph's checkpointer, in one SQLite file or in memory."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from agent.errors import StoreUnusable, ThreadNotFound

SQLITE_MAGIC = b"SQLite format 3\x00"
"""The first 16 bytes of every SQLite file (sqlite.org/fileformat.html, section 1.3)."""
BUSY_TIMEOUT_S = 5.0
"""Longest wait for another process that writes the same file."""


class Threads:
    """The conversations of this store."""

    def __init__(self, saver: BaseCheckpointSaver[str]) -> None:
        self.saver = saver
        """What the graph is compiled with."""

    async def require(self, thread_id: str) -> str:
        """The id itself, when there is such a thread.

        Raises:
            ThreadNotFound: when there is none; ids are made by us and never by the caller.
        """
        found = await self.saver.aget_tuple({"configurable": {"thread_id": thread_id}})
        if found is None:
            raise ThreadNotFound(
                f"There is no thread {thread_id!r}.", remedy="Leave the thread out to start a new conversation."
            )
        return thread_id


@asynccontextmanager
async def open_threads(url: str, default_path: Path) -> AsyncIterator[Threads]:
    """Open the store that `url` names: `memory://`, `sqlite:///PATH`, or empty for `default_path`.

    Raises:
        StoreUnusable: when it cannot be opened, or is not ours; a file is never overwritten.
    """
    if url == "memory://":
        yield Threads(InMemorySaver())
        return
    path = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else default_path
    if url and not url.startswith("sqlite:///"):
        raise StoreUnusable(f"The store {url.split('://')[0]}:// is not known.", remedy="Use sqlite:///PATH.")
    try:
        require_sqlite(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        async with aiosqlite.connect(path, timeout=BUSY_TIMEOUT_S) as connection:
            saver = AsyncSqliteSaver(connection)
            await saver.setup()
            yield Threads(saver)
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreUnusable(
            f"The store {path} cannot be used ({error}).",
            remedy="Move the file away, mend its permissions, or set ASTERISM_STORE__URL to another one.",
        ) from error


def require_sqlite(path: Path) -> None:
    """Refuse a file that is there but is no SQLite database.

    Raises:
        StoreUnusable: naming the file; it is left as it is.
    """
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        if file.read(len(SQLITE_MAGIC)) != SQLITE_MAGIC:
            raise StoreUnusable(
                f"The store {path} is not a SQLite database.",
                remedy="Move the file away, or set ASTERISM_STORE__URL to another one.",
            )
