"""A database as the threads use it: short transactions, written once as plain functions for SQLite and PostgreSQL.

A transaction runs in a thread of its own from beginning to end, so a cancelled run can never leave half of one.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from agent.errors import StoreUnusable

T = TypeVar("T")
Row = tuple[Any, ...]

STORE_TIMEOUT_S = 15.0
"""Longest wait for one transaction: beyond it the store counts as gone."""


class Transaction(Protocol):
    """What a unit of work may do."""

    def execute(self, sql: str, *params: object) -> list[Row]:
        """Run one statement (`?` marks a parameter); rows of a SELECT or RETURNING."""


Work = Callable[[Transaction], T]


class Database(Protocol):
    """Where threads, runs and keys are kept."""

    async def write(self, work: Work[T]) -> T:
        """Run a unit of work that changes something: all of it or nothing.

        Raises:
            StoreUnusable: when the store fails.
        """

    async def read(self, work: Work[T]) -> T:
        """Run a unit of work that only reads; it sees one state of the store.

        Raises:
            StoreUnusable: when the store fails.
        """

    async def aclose(self) -> None:
        """Give back connections and threads."""


class SqliteTransaction:
    """A unit of work on SQLite."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, *params: object) -> list[Row]:
        """See `Transaction`."""
        return self._connection.execute(sql, params).fetchall()


def _lower(text: str | None) -> str | None:
    return text.lower() if text is not None else None


class SqliteDatabase:
    """One connection in one thread; other processes may use the same file.

    A database in memory answers in microseconds and is used where it stands, without a thread.
    """

    def __init__(self, connection: sqlite3.Connection, *, inline: bool = False) -> None:
        self._connection = connection
        # Its own LOWER knows the letters of ASCII only.
        connection.create_function("LOWER", 1, _lower, deterministic=True)
        self._thread = None if inline else ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    @staticmethod
    def in_memory() -> "SqliteDatabase":
        """An empty database that ends with the process."""
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA foreign_keys = ON")
        return SqliteDatabase(connection, inline=True)

    def prepare(self, work: Work[None]) -> None:
        """Run a unit of work now, before the database is used by others."""
        self._transact("BEGIN IMMEDIATE", work)

    async def write(self, work: Work[T]) -> T:
        """See `Database`. The write lock is taken at once, so two writers wait instead of colliding."""
        return await self._run("BEGIN IMMEDIATE", work)

    async def read(self, work: Work[T]) -> T:
        """See `Database`."""
        return await self._run("BEGIN", work)

    async def aclose(self) -> None:
        """See `Database`."""
        if self._thread is None:
            self._connection.close()
            return
        await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown(wait=False)

    async def _run(self, begin: str, work: Work[T]) -> T:
        try:
            if self._thread is None:
                return self._transact(begin, work)
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(STORE_TIMEOUT_S):
                return await loop.run_in_executor(self._thread, self._transact, begin, work)
        except (sqlite3.Error, TimeoutError) as error:
            raise failed(error) from error

    def _transact(self, begin: str, work: Work[T]) -> T:
        self._connection.execute(begin)
        try:
            result = work(SqliteTransaction(self._connection))
        except BaseException:
            # A full disk ends the transaction by itself; to end it again would be the error that is told.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return result


def failed(error: BaseException) -> StoreUnusable:
    """A failure of the store in one sentence, without the statement or its values."""
    reason = "it did not answer in time" if isinstance(error, TimeoutError) else str(error).split("\n")[0]
    return StoreUnusable(f"The store failed: {reason}.", remedy="See whether its disk or server works, then ask again.")
