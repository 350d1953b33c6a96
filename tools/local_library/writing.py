"""Writing to the index: roots and pages, each page with its terms, in batches that are there whole or not at all."""

import json
import sqlite3
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from tools.local_library.analysis import ANALYSIS_VERSION
from tools.local_library.prepare import MAX_SECTIONS, Indexed, Prepared, index_text, unpack

BATCH_PAGES = 200
"""Pages of one transaction: an interrupted run loses at most these, and commits cost under a hundredth of the time."""
BATCH_S = 2.0
"""Longest time a batch stays open, so that a slow run loses no more than that."""
FREQUENT_SECTIONS = 500
"""From here on a term is kept in `frequent`; a rarer one is counted in under a millisecond when it is asked for."""
TIDY_SHARE = 0.1
"""When a larger share of the pages is new, the index is merged into one piece, which makes searches faster."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What an earlier run stored of a page."""

    id: int
    size_bytes: int
    mtime_ns: int
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a page came from."""

    root: int
    url: str
    final_url: str
    site: str
    mtime_ns: int = 0


class Writer:
    """The only code that changes pages. `finish` must follow the last change."""

    def __init__(self, db: sqlite3.Connection, *, batch_pages: int = BATCH_PAGES) -> None:
        self._db = db
        self._batch_pages = batch_pages
        self._changed = 0
        self._in_batch = 0
        self._batch_began = 0.0

    def root(self, address: str, kind: str) -> int:
        """The id of a root, made if it is new."""
        self._begin()
        self._db.execute(
            "INSERT INTO roots(address, kind, updated_at) VALUES (?, ?, ?)"
            " ON CONFLICT(address) DO UPDATE SET kind = excluded.kind, updated_at = excluded.updated_at",
            (address, kind, now()),
        )
        (found,) = self._db.execute("SELECT id FROM roots WHERE address = ?", (address,)).fetchone()
        return int(found)

    def absorb(self, child: int, parent: int) -> None:
        """Give all pages of one root to another, and forget the first."""
        self._begin()
        self._db.execute("UPDATE pages SET root = ? WHERE root = ?", (parent, child))
        self._db.execute("DELETE FROM roots WHERE id = ?", (child,))

    def forget(self, root: int) -> None:
        """Take a root away; its pages must be gone already."""
        self._begin()
        self._db.execute("DELETE FROM roots WHERE id = ?", (root,))

    def known(self, root: int) -> dict[str, KnownPage]:
        """Every page of a root, by address."""
        rows = self._db.execute("SELECT url, id, size_bytes, mtime_ns, digest FROM pages WHERE root = ?", (root,))
        return {url: KnownPage(*rest) for url, *rest in rows}

    def put(self, origin: Origin, page: Prepared) -> bool:
        """Store a page, in the place of an older one of the same address; True when there was one."""
        self._begin()
        older = self._db.execute("SELECT id FROM pages WHERE url = ?", (origin.url,)).fetchone()
        if older:
            self._drop(older[0])
        sections = len(page.indexed.spans) // 8
        cursor = self._db.execute(
            "INSERT INTO pages(id, root, url, final_url, site, title, language, published, fetched_at, size_bytes,"
            " mtime_ns, digest, text_digest, sections) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(older[0] if older else None, origin.root, origin.url, origin.final_url, origin.site, page.title),
                *(page.language, page.published, now(), page.size_bytes, origin.mtime_ns),
                *(page.digest, page.text_digest, sections),
            ),
        )
        assert cursor.lastrowid is not None
        self._store(cursor.lastrowid, page.text, page.headings, page.indexed)
        self._count()
        return older is not None

    def touch(self, page: int, *, size_bytes: int, mtime_ns: int) -> None:
        """A file was written anew with the same bytes."""
        self._begin()
        self._db.execute("UPDATE pages SET size_bytes = ?, mtime_ns = ? WHERE id = ?", (size_bytes, mtime_ns, page))
        self._count()

    def drop(self, pages: Iterable[int]) -> int:
        """Take pages out; returns how many."""
        dropped = 0
        for page in pages:
            self._begin()
            self._drop(page)
            self._count()
            dropped += 1
        return dropped

    def finish(self) -> None:
        """Commit, and bring the counts that searches rely on up to date."""
        if self._changed:
            self._begin()
            self._recount()
        self.commit()
        if self._changed > TIDY_SHARE * self._total_pages():
            self._db.execute("INSERT INTO words(words) VALUES ('optimize')")
        self._changed = 0
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def commit(self) -> None:
        """End the batch."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")
        self._in_batch = 0

    def roll_back(self) -> None:
        """Give the batch up; what was committed before stays."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._in_batch = 0

    def reindex_if_stale(self, progress: Callable[[int, int, str], None]) -> None:
        """Index every stored page anew when terms or sections are made differently now."""
        (version,) = self._db.execute("SELECT value FROM meta WHERE name = 'analysis'").fetchone()
        if version == ANALYSIS_VERSION:
            return
        self._begin()
        self._db.execute("INSERT INTO words(words) VALUES ('delete-all')")
        pages = self._db.execute("SELECT id, url, title FROM pages").fetchall()
        for done, (page, url, title) in enumerate(pages):
            progress(done, len(pages), url)
            text, headings = self._db.execute("SELECT text, headings FROM bodies WHERE page = ?", (page,)).fetchone()
            indexed = index_text(unpack(text), json.loads(unpack(headings)), title=title, url=url)
            self._db.execute("DELETE FROM bodies WHERE page = ?", (page,))
            self._store(page, text, headings, indexed)
            self._db.execute("UPDATE pages SET sections = ? WHERE id = ?", (len(indexed.spans) // 8, page))
            self._changed += 1
        self._db.execute("UPDATE meta SET value = ? WHERE name = 'analysis'", (ANALYSIS_VERSION,))
        self.finish()

    def _begin(self) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")
            self._batch_began = time.monotonic()

    def _count(self) -> None:
        self._changed += 1
        self._in_batch += 1
        if self._in_batch >= self._batch_pages or time.monotonic() - self._batch_began >= BATCH_S:
            self.commit()

    def _store(self, page: int, text: bytes, headings: bytes, indexed: Indexed) -> None:
        self._db.execute(
            "INSERT INTO bodies(page, text, headings, terms, spans, sketch) VALUES (?, ?, ?, ?, ?, ?)",
            (page, text, headings, indexed.terms, indexed.spans, indexed.sketch),
        )
        self._db.executemany(
            "INSERT INTO words(rowid, title, headings, body) VALUES (?, ?, ?, ?)", section_rows(page, indexed.terms)
        )

    def _drop(self, page: int) -> None:
        (packed,) = self._db.execute("SELECT terms FROM bodies WHERE page = ?", (page,)).fetchone()
        self._db.executemany(
            "INSERT INTO words(words, rowid, title, headings, body) VALUES ('delete', ?, ?, ?, ?)",
            section_rows(page, packed),
        )
        self._db.execute("DELETE FROM bodies WHERE page = ?", (page,))
        self._db.execute("DELETE FROM pages WHERE id = ?", (page,))

    def _recount(self) -> None:
        self._db.execute("DELETE FROM frequent")
        self._db.execute("INSERT INTO frequent SELECT term, doc FROM vocabulary WHERE doc >= ?", (FREQUENT_SECTIONS,))
        self._db.execute(
            "UPDATE meta SET value = (SELECT coalesce(sum(sections), 0) FROM pages) WHERE name = 'sections'"
        )

    def _total_pages(self) -> int:
        (count,) = self._db.execute("SELECT count(*) FROM pages").fetchone()
        return int(count)


def section_rows(page: int, packed_terms: bytes) -> list[tuple[int, str, str, str]]:
    """(rowid, title, headings, body) of each section: the very strings that FTS5 was or will be given."""
    title, *lines = unpack(packed_terms).split("\n")
    first = page * MAX_SECTIONS
    return [(first + at // 2, title, lines[at], lines[at + 1]) for at in range(0, len(lines) - 1, 2)]


def section_spans(packed: bytes) -> list[tuple[int, int]]:
    """(start, end) of each section in the page's text."""
    bounds = struct.unpack(f"<{len(packed) // 4}I", packed)
    return list(zip(bounds[::2], bounds[1::2], strict=True))


def now() -> str:
    """This moment, ISO, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
