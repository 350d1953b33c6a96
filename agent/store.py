"""Opening the store that the settings name: memory, a SQLite file, or a PostgreSQL server."""

import logging
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from agent.database import Database, SqliteDatabase, Transaction
from agent.errors import StoreUnusable
from agent.options import AskOptions
from agent.records import LOCAL
from agent.rows import pack_options, title_of
from agent.state_serializer import StateSerializer
from agent.store_file import BUSY_TIMEOUT_S, ELSEWHERE, open_store
from agent.threads import Threads

STATES_KEPT_S = 7 * 86_400
"""An interrupted run can be resumed for a week; then what it would go on from is old news."""

log = logging.getLogger(__name__)


@asynccontextmanager
async def open_threads(url: str, default_path: Path, *, deadline_s: float = 60.0) -> AsyncIterator[Threads]:
    """Open the store that `url` names: `memory://`, `sqlite:///PATH`, `postgresql://…`, or empty for `default_path`.

    Raises:
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
        raise StoreUnusable(
            f"The store {url.split('://')[0]}:// is not known.",
            remedy="Use sqlite:///PATH, postgresql://… or memory://.",
        )


@asynccontextmanager
async def _open_sqlite(path: Path, deadline_s: float) -> AsyncIterator[Threads]:
    database = SqliteDatabase(open_store(path))
    try:
        try:
            connection = await aiosqlite.connect(path, timeout=BUSY_TIMEOUT_S)
        except (sqlite3.Error, OSError) as error:
            raise StoreUnusable(f"The store {path} cannot be used ({error}).", remedy=ELSEWHERE) from error
        try:
            # What it keeps only serves to go on after a crash of ours, and that needs no write to reach the disk.
            await connection.execute("PRAGMA synchronous = NORMAL")
            saver = AsyncSqliteSaver(connection, serde=StateSerializer())
            await saver.setup()
            await _tidy(saver, database)
            yield Threads(saver, database, deadline_s=deadline_s)
        except sqlite3.Error as error:
            raise StoreUnusable(f"The store {path} cannot be used ({error}).", remedy=ELSEWHERE) from error
        finally:
            await connection.close()
    finally:
        await database.aclose()


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
        yield Threads(saver, database, deadline_s=deadline_s)


async def _tidy(saver: BaseCheckpointSaver[str], database: Database) -> None:
    """Take over the turns of a store of the first form, and drop the states that nobody will go on from."""
    oldest = time.time() - STATES_KEPT_S
    rows = await database.read(
        lambda tx: tx.execute(
            "SELECT DISTINCT thread_id FROM checkpoints WHERE thread_id NOT IN"
            " (SELECT id FROM runs WHERE status IN ('running', 'interrupted') AND started_at > ?)",
            oldest,
        )
    )
    for (stale,) in rows:
        if stale.startswith("thread_"):
            await _take_over_first_form(saver, database, stale)
        await saver.adelete_thread(stale)


async def _take_over_first_form(saver: BaseCheckpointSaver[str], database: Database, thread_id: str) -> None:
    """The first form kept a thread's turns in its checkpoint; only question and answer are known of them."""
    found = await saver.aget_tuple({"configurable": {"thread_id": thread_id}})
    turns: list[dict[str, Any]] = found.checkpoint["channel_values"].get("turns", []) if found else []
    if not turns:
        return
    log.info("taking over thread %s with %d turns from a store of the first form", thread_id, len(turns))

    def work(tx: Transaction) -> None:
        # The old form knew no times; the file's newest thread must still not sort before what is asked from now on.
        tx.execute(
            "INSERT INTO threads (id, owner, title, created_at, updated_at) VALUES (?, ?, ?, 0, 0)",
            *(thread_id, LOCAL, title_of(str(turns[0]["question"]))),
        )
        for place, turn in enumerate(turns):
            tx.execute(
                "INSERT INTO runs (id, thread_id, owner, question, options, status, answer_text, worker, lease_until,"
                " started_at, ended_at) VALUES (?, ?, ?, ?, ?, 'completed', ?, '', 0, ?, ?)",
                *(f"run_{uuid.uuid4().hex}", thread_id, LOCAL, str(turn["question"]), pack_options(AskOptions())),
                *(str(turn["answer"]), float(place), float(place)),
            )

    await database.write(work)
