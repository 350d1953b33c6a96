"""Opening the store that the settings name: memory, a SQLite file, or a PostgreSQL server."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from agent.database import Database, SqliteDatabase
from agent.errors import Misconfigured, StoreUnusable
from agent.run_states import RunStates, ready
from agent.store_file import ELSEWHERE, open_store
from agent.threads import Threads

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

STATES_KEPT_S = 7 * 86_400
"""An interrupted run can be resumed for a week; then what it would go on from is old news."""

log = logging.getLogger(__name__)


@asynccontextmanager
async def open_threads(url: str, default_path: Path, *, deadline_s: float = 60.0) -> AsyncIterator[Threads]:
    """Open the store that `url` names: `memory://`, `sqlite:///PATH`, `postgresql://…`, or empty for `default_path`.

    Raises:
        Misconfigured: when it names no store that is known.
        StoreUnusable: when it cannot be opened, or is not ours; nothing is ever overwritten.
    """
    if url == "memory://":
        threads = Threads(None, deadline_s=deadline_s)
        try:
            yield threads
        finally:
            await threads.database.aclose()
    elif url.startswith(("postgresql://", "postgres://")):
        async with _open_postgres(url, deadline_s) as threads:
            yield threads
    elif not url or url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///")) if url else default_path
        async with _open_sqlite(path, deadline_s) as threads:
            yield threads
    else:
        raise Misconfigured(
            "ASTERISM_STORE__URL names no store that is known.",
            remedy="Use sqlite:///PATH, postgresql://… or memory://.",
        )


@asynccontextmanager
async def _open_sqlite(path: Path, deadline_s: float) -> AsyncIterator[Threads]:
    database = SqliteDatabase(open_store(path))
    states = RunStates(partial(_sqlite_saver, path, database))
    try:
        yield Threads(states, database, deadline_s=deadline_s)
    finally:
        await states.aclose()
        await database.aclose()


async def _sqlite_saver(path: Path, database: Database, stack: AsyncExitStack) -> "BaseCheckpointSaver[str]":
    from agent.sqlite_saver import StateSaver

    try:
        # Another process may hold the file for a while.
        saver = await asyncio.to_thread(StateSaver, path)
        stack.push_async_callback(saver.aclose)
        await _tidy(saver, database)
    except (sqlite3.Error, OSError) as error:
        raise StoreUnusable(f"The store {path} cannot be used ({error}).", remedy=ELSEWHERE) from error
    return saver


@asynccontextmanager
async def _open_postgres(url: str, deadline_s: float) -> AsyncIterator[Threads]:
    try:
        from agent.postgres import open_postgres
    except ImportError as error:
        raise StoreUnusable(
            "The store is a PostgreSQL server, and its driver is not installed.",
            remedy="Install it with `pip install 'asterism[postgres]'`.",
        ) from error
    async with open_postgres(url) as (saver, database):
        await _tidy(saver, database)
        yield Threads(ready(saver), database, deadline_s=deadline_s)


async def _tidy(saver: "BaseCheckpointSaver[str]", database: Database) -> None:
    """Drop the states that nobody will go on from."""
    oldest = time.time() - STATES_KEPT_S
    rows = await database.read(
        lambda tx: tx.execute(
            "SELECT DISTINCT thread_id FROM checkpoints WHERE thread_id NOT IN"
            " (SELECT id FROM runs WHERE status IN ('running', 'interrupted') AND started_at > ?)",
            oldest,
        )
    )
    for (stale,) in rows:
        await saver.adelete_thread(stale)
