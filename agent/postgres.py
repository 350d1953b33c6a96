"""The store on a PostgreSQL server, shared by any number of replicas. Needs the extra `postgres`."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import psycopg
from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, TupleRow, dict_row
from psycopg_pool import AsyncConnectionPool, ConnectionPool, PoolTimeout

from agent.database import STORE_TIMEOUT_S, Row, Work, failed
from agent.errors import StoreUnusable
from agent.schema import VERSION, migrate
from agent.state_serializer import StateSerializer

T = TypeVar("T")

CONNECTIONS = 8
"""Transactions at the same time in one process; each takes milliseconds."""
STATE_CONNECTIONS = 8
"""Connections for the states of runs under way."""
CONNECT_TIMEOUT_S = 5.0
SET_UP_TIMEOUT_S = 60.0
LOCK = 0x41535452
"""Advisory lock under which replicas that start together change the schema one after another."""
STATEMENT_TIMEOUT = "-c statement_timeout=10000"
"""Milliseconds after which the server itself gives a statement up."""


class PostgresTransaction:
    """A unit of work on PostgreSQL."""

    def __init__(self, connection: "psycopg.Connection[TupleRow]") -> None:
        self._connection = connection

    def execute(self, sql: str, *params: object) -> list[Row]:
        """See `agent.database.Transaction`."""
        # Our own statements only, never text of a user; `%` stands nowhere in them.
        cursor = self._connection.execute(sql.replace("?", "%s"), params or None)
        return cursor.fetchall() if cursor.description else []


class PostgresDatabase:
    """A pool of connections, each used from a thread."""

    def __init__(self, pool: "ConnectionPool[psycopg.Connection[TupleRow]]") -> None:
        self._pool = pool
        self._threads = ThreadPoolExecutor(max_workers=CONNECTIONS, thread_name_prefix="store")

    async def write(self, work: Work[T]) -> T:
        """See `agent.database.Database`."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(STORE_TIMEOUT_S):
                return await loop.run_in_executor(self._threads, self._transact, work)
        except (psycopg.Error, PoolTimeout, TimeoutError) as error:
            raise failed(error) from error

    async def read(self, work: Work[T]) -> T:
        """See `agent.database.Database`."""
        return await self.write(work)

    async def aclose(self) -> None:
        """See `agent.database.Database`."""
        await asyncio.to_thread(self._pool.close)
        self._threads.shutdown(wait=False)

    def _transact(self, work: Work[T]) -> T:
        with self._pool.connection(timeout=CONNECT_TIMEOUT_S) as connection, connection.transaction():
            return work(PostgresTransaction(connection))


@asynccontextmanager
async def open_postgres(url: str) -> AsyncIterator[tuple[AsyncPostgresSaver, PostgresDatabase]]:
    """Connect, bring the schema up to date, and give both sides of the store.

    Raises:
        StoreUnusable: when the server cannot be reached, or its store is newer than this program.
    """
    _check_address(url)
    pool: ConnectionPool[psycopg.Connection[TupleRow]] = ConnectionPool(
        url, min_size=1, max_size=CONNECTIONS, open=False, kwargs=_connection_options(), timeout=CONNECT_TIMEOUT_S
    )
    database = PostgresDatabase(pool)
    try:
        await asyncio.to_thread(_prepare, pool, url)
        async with _state_pool(url) as states:
            saver = AsyncPostgresSaver(states, serde=StateSerializer())
            yield saver, database
    except (psycopg.Error, PoolTimeout) as error:
        raise StoreUnusable(
            f"The PostgreSQL store cannot be used ({_without_secrets(error)}).",
            remedy="Check ASTERISM_STORE__URL and whether the server runs and lets this user in.",
        ) from error
    finally:
        await database.aclose()


def _check_address(url: str) -> None:
    """Refuse what is no address here: the driver's own words for it repeat parts of it, of the password, too.

    Raises:
        StoreUnusable: when it is none.
    """
    try:
        conninfo_to_dict(url)
    except psycopg.Error:
        raise StoreUnusable(
            "ASTERISM_STORE__URL is no address of a PostgreSQL server.",
            remedy="Write postgresql://USER:PASSWORD@HOST:PORT/DATABASE; in the password %25 for a % and %40 for an @.",
        ) from None


def _connection_options() -> dict[str, Any]:
    return {"connect_timeout": int(CONNECT_TIMEOUT_S), "options": STATEMENT_TIMEOUT, "application_name": "asterism"}


def _state_pool(url: str) -> "AsyncConnectionPool[psycopg.AsyncConnection[DictRow]]":
    """As LangGraph's saver wants its connections."""
    options: Mapping[str, Any] = {
        **_connection_options(),
        "autocommit": True,
        "prepare_threshold": 0,
        "row_factory": dict_row,
    }
    return AsyncConnectionPool(
        url, min_size=1, max_size=STATE_CONNECTIONS, open=False, kwargs=dict(options), timeout=CONNECT_TIMEOUT_S
    )


def _prepare(pool: "ConnectionPool[psycopg.Connection[TupleRow]]", url: str) -> None:
    # A plain connection first: its error says what is wrong, the pool's only that it took too long.
    with psycopg.connect(url, **_connection_options()) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        connection.execute("CREATE TABLE IF NOT EXISTS asterism_schema (version INTEGER NOT NULL)")
        row = connection.execute("SELECT version FROM asterism_schema").fetchone()
        version = int(row[0]) if row else 0
        if version > VERSION:
            raise StoreUnusable(
                f"The store was written by a newer Asterism (version {version}, this one knows {VERSION}).",
                remedy="Update Asterism, or set ASTERISM_STORE__URL to another store.",
            )
        if version < VERSION:
            migrate(PostgresTransaction(connection), version, blob="BYTEA")
            connection.execute("DELETE FROM asterism_schema")
            connection.execute("INSERT INTO asterism_schema (version) VALUES (%s)", (VERSION,))
    _set_up_saver(url)
    pool.open(wait=True, timeout=CONNECT_TIMEOUT_S)


def _set_up_saver(url: str) -> None:
    """LangGraph's own tables, set up by one replica after the other.

    Its migrations build indexes concurrently, which waits for every open transaction and every waiting statement; so
    the lock is held by a session without a transaction, and others look in again and again instead of waiting for it.
    """
    give_up_at = time.monotonic() + SET_UP_TIMEOUT_S
    with psycopg.connect(url, autocommit=True, prepare_threshold=0, row_factory=dict_row, connect_timeout=5) as session:
        while not _locked(session):
            if time.monotonic() > give_up_at:
                raise StoreUnusable("Another process has been setting up the store for too long.", remedy="Try again.")
            time.sleep(0.1)
        PostgresSaver(session).setup()


def _locked(session: "psycopg.Connection[DictRow]") -> bool:
    row = session.execute("SELECT pg_try_advisory_lock(%s) AS mine", (LOCK + 1,)).fetchone()
    return bool(row and row["mine"])


def _without_secrets(error: BaseException) -> str:
    """The first line of what the driver says of a server at a well-formed address: host and user, no password."""
    return str(error).strip().split("\n")[0] or type(error).__name__
