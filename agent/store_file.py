"""The SQLite file of the store: made whole or not at all, and never taken for something it is not."""

import os
import sqlite3
from pathlib import Path

from agent.database import SqliteTransaction
from agent.errors import StoreUnusable
from agent.schema import VERSION, migrate

SQLITE_MAGIC = b"SQLite format 3\x00"
"""The first 16 bytes of every SQLite file (sqlite.org/fileformat.html, section 1.3)."""
APPLICATION_ID = 0x41535452
"""Marks a SQLite file as ours: the letters ASTR."""
BUSY_TIMEOUT_S = 5.0
"""Longest wait for another process that writes the same file."""
CHECK_BYTES = 32_000_000
"""A file up to this size is checked whole when it is opened (about 50 ms); of a larger one only what is read."""

ELSEWHERE = "Restore it from a backup, move it away to start a new store, or set ASTERISM_STORE__URL to another one."

WRITABLE = (
    "Make the file and its folder writable, or set ASTERISM_STORE__URL to another place (memory:// keeps nothing)."
)


def open_store(path: Path) -> sqlite3.Connection:
    """Open the file, after making it when there is none and bringing it up to date when it is older.

    Raises:
        StoreUnusable: when it is empty, damaged, foreign or newer than this program; it is left as it is.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        _require_sqlite(path)
        connection = connect(path)
        try:
            _require_sound(connection, path)
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    except (sqlite3.Error, OSError) as error:
        remedy = ELSEWHERE if _may_write(path) else WRITABLE
        raise StoreUnusable(f"The store {path} cannot be used ({error}).", remedy=remedy) from error
    return connection


def connect(path: Path) -> sqlite3.Connection:
    """A connection as the store needs it: no implicit transactions, and every commit on disk before it is told."""
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _make(path: Path) -> None:
    """Build the new file beside its place and link it there: a crash in between leaves no half store."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    try:
        connection = sqlite3.connect(draft, isolation_level=None)
        try:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            # The mode stays with the file. Set later, it would need the file alone, and not wait for that.
            connection.execute("PRAGMA journal_mode = WAL")
            _to_current(connection, 0)
        finally:
            connection.close()
        draft.chmod(0o600)
        try:
            os.link(draft, path)
        except FileExistsError:
            return  # another process was faster, and its file is as good
    finally:
        draft.unlink(missing_ok=True)


def _may_write(path: Path) -> bool:
    """Whether the file and its folder, or what there is of it, may be written by us."""
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    return os.access(folder, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def _require_sqlite(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(len(SQLITE_MAGIC))
    if head != SQLITE_MAGIC:
        what = "is empty" if not head else "is not a SQLite database"
        raise StoreUnusable(f"The store {path} {what}.", remedy=ELSEWHERE)


def _require_sound(connection: sqlite3.Connection, path: Path) -> None:
    """SQLite itself refuses a file shorter than its header says; the check finds damage inside."""
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if path.stat().st_size <= CHECK_BYTES:
        told = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if told != "ok":
            raise StoreUnusable(f"The store {path} is damaged ({told}).", remedy=ELSEWHERE)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application_id != APPLICATION_ID:
        raise StoreUnusable(f"The store {path} is a database of another program.", remedy=ELSEWHERE)
    if version > VERSION:
        raise StoreUnusable(
            f"The store {path} was written by a newer Asterism (version {version}, this one knows {VERSION}).",
            remedy="Update Asterism, or set ASTERISM_STORE__URL to another store.",
        )
    if version < VERSION:
        _to_current(connection, version)


def _to_current(connection: sqlite3.Connection, version: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while this one waited for the lock.
        found = max(version, connection.execute("PRAGMA user_version").fetchone()[0])
        migrate(SqliteTransaction(connection), found, blob="BLOB")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
