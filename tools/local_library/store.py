"""The index file: its tables, and opening it without ever harming a file that is not ours.

    roots ─< pages ─ bodies          what was added, its pages, their packed texts and terms
    words                            FTS5 over sections: title, headings, body; rowid = page id * 4096 + section
    frequent                         terms found in many sections, so that a search can leave the commonest out

`words` is contentless: FTS5 keeps no copy of the text. The terms a page was indexed with are kept packed in `bodies`,
because FTS5 wants the very same terms back when a row is deleted, whatever a newer stemmer would make of the text.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from tools.errors import LibraryCorrupt, LibraryError
from tools.local_library.analysis import ANALYSIS_VERSION
from tools.local_library.prepare import MAX_SECTIONS

APPLICATION_ID = 0x41737465
"""`Aste` in the file's header says that it is ours."""
BUSY_TIMEOUT_S = 5.0
"""Wait for another process that writes."""
CACHE_KIB = 16_384
"""SQLite's page cache; a tenth of a 100,000-page index, and small beside what else the process holds."""

SCHEMA = f"""
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE roots(
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE TABLE pages(
  id INTEGER PRIMARY KEY,
  root INTEGER NOT NULL REFERENCES roots(id),
  url TEXT NOT NULL UNIQUE,
  final_url TEXT NOT NULL,
  site TEXT NOT NULL,
  title TEXT NOT NULL,
  language TEXT NOT NULL,
  published TEXT,
  fetched_at TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  digest BLOB NOT NULL,
  text_digest BLOB NOT NULL,
  sections INTEGER NOT NULL
);
CREATE INDEX pages_of_root ON pages(root);
CREATE TABLE bodies(
  page INTEGER PRIMARY KEY REFERENCES pages(id),
  text BLOB NOT NULL,
  headings BLOB NOT NULL,
  terms BLOB NOT NULL,
  spans BLOB NOT NULL,
  sketch BLOB NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(title, headings, body, content='', tokenize="ascii tokenchars '_.'");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, row);
CREATE TABLE frequent(term TEXT PRIMARY KEY, sections INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('analysis', '{ANALYSIS_VERSION}'), ('sections', '0'), ('rowid_step', '{MAX_SECTIONS}');
"""

MIGRATIONS: tuple[str, ...] = ()
"""`MIGRATIONS[n]` brings a file of version n + 1 to n + 2; the current version is one more than their number."""


def open_store(path: Path, *, write: bool, migrations: Sequence[str] = MIGRATIONS) -> sqlite3.Connection:
    """Open the index file; with `write`, create or migrate it first where needed.

    Raises:
        LibraryCorrupt: the file is there but is no index of ours, cut short or damaged; it is left as it is.
        LibraryError: there is no file and `write` is off, or it cannot be opened.
    """
    try:
        exists = _look(path, write=write)
    except OSError as error:
        raise LibraryError(
            f"The library at {path} cannot be opened: {error.strerror}.", remedy="Check the path and its rights."
        ) from error
    with telling(path):
        db = _connect(path, write=write)
        try:
            if exists:
                _check_ours(db, path, newest=len(migrations) + 1)
            if write:
                _make_ready(db, new=not exists, migrations=migrations)
        except BaseException:
            db.close()
            raise
        return db


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours: busy and unwritable are for the user to mend, all others mean damage."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise LibraryError(
                f"The library at {path} is being written by another process.", remedy="Try again when it has ended."
            ) from error
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR):
            raise LibraryError(
                f"The library at {path} cannot be opened or written.",
                remedy="Check the rights of the file and its folder.",
            ) from error
        if code == sqlite3.SQLITE_FULL:
            raise LibraryError("The disk is full.", remedy="Free some space, then run the command again.") from error
        if code == sqlite3.SQLITE_INTERRUPT:
            raise
        raise corrupt(path, "is damaged") from error
    except sqlite3.DatabaseError as error:
        raise corrupt(path, "is not an index of Asterism, or is damaged") from error


def corrupt(path: Path, what: str) -> LibraryCorrupt:
    """The error for a file that will not be touched."""
    return LibraryCorrupt(
        f"The library file {path} {what}.",
        remedy="It was left as it is; move it away, then add your folders and sites again.",
    )


def _look(path: Path, *, write: bool) -> bool:
    """Whether the file is there; raises for one that cannot be ours, and for none when it is only to be read."""
    if path.exists():
        _check_size(path)
        return True
    if not write:
        raise LibraryError(f"There is no library at {path}.", remedy="Add pages: asterism library add PATH|URL.")
    path.parent.mkdir(parents=True, exist_ok=True)
    return False


def _check_size(path: Path) -> None:
    """A file cut short is refused before SQLite looks at it: the header says how many pages there must be."""
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(b"SQLite format 3\0") or len(header) < 100:
        raise corrupt(path, "is not an index of Asterism")
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        return  # pages that are still in the log need not be in the file yet
    page_bytes = int.from_bytes(header[16:18], "big")
    page_bytes = 65_536 if page_bytes == 1 else page_bytes
    if path.stat().st_size < page_bytes * int.from_bytes(header[28:32], "big"):
        raise corrupt(path, "is cut short")


def _connect(path: Path, *, write: bool) -> sqlite3.Connection:
    address = path.absolute().as_uri()
    if write:
        db = _open(address + "?mode=rwc")
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        return db
    try:
        db = _open(address + "?mode=ro")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        # A log cannot be shared in a folder that may not be written; then nobody else writes there either.
        db = _open(address + "?immutable=1")
    db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    return db


def _open(address: str) -> sqlite3.Connection:
    # One connection is used by one thread at a time, but not always by the same.
    return sqlite3.connect(
        address, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, cached_statements=64
    )


def _check_ours(db: sqlite3.Connection, path: Path, *, newest: int) -> None:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID or version < 1:
        raise corrupt(path, "is not an index of Asterism")
    if version > newest:
        raise LibraryError(
            f"The library at {path} was made by a newer version of Asterism.",
            remedy="Update Asterism, or move it away.",
        )
    with closing(db.execute("SELECT value FROM meta LIMIT 1")) as found:
        found.fetchone()


def _make_ready(db: sqlite3.Connection, *, new: bool, migrations: Sequence[str]) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    newest = len(migrations) + 1
    (version,) = (0,) if new else db.execute("PRAGMA user_version").fetchone()
    if version == newest:
        return
    scripts = [SCHEMA] if new else list(migrations[version - 1 :])
    # One transaction: a run that is cut off here leaves the older file, whole.
    identify = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {newest};"
    db.executescript("BEGIN IMMEDIATE;" + "".join(scripts) + identify + "COMMIT;")
