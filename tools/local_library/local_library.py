"""Library: folders and sites added once, then searched and read from one file on this disk."""

import json
import os
import sqlite3
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType

from tools.clean import clean as clean_body
from tools.errors import NotInLibrary
from tools.local_library.adding import PAGE_TIMEOUT_S, add_folder, make_workers
from tools.local_library.candidates import Filters
from tools.local_library.crawl import CrawlLimits, Fetch
from tools.local_library.finding import Hit, find
from tools.local_library.prepare import Clean, Job, Outcome, unpack
from tools.local_library.report import AddReport, Progress, Root, no_progress
from tools.local_library.site import add_site
from tools.local_library.store import open_store, telling
from tools.local_library.workers import Crew
from tools.local_library.writing import Writer
from tools.pages import Page

DEADLINE_CHECK_STEPS = 100
"""SQLite's virtual machine steps between two looks at the clock: about 10 µs of work."""


class Library:
    """An open library file. Use it from one thread at a time, and close it."""

    def __init__(self, path: Path, db: sqlite3.Connection, crew: Crew[Job, Outcome]) -> None:
        self.path = path
        self._db = db
        self._crew = crew

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        write: bool = False,
        clean: Clean = clean_body,
        workers: int | None = None,
        page_timeout_s: float = PAGE_TIMEOUT_S,
    ) -> "Library":
        """Open a library.

        Args:
            path: The file.
            write: Open it to add and remove, and make it if there is none.
            clean: Cleaner, called in worker processes; they start with the first page that is added.
            workers: Processes; one for each core by default.
            page_timeout_s: Wall clock of preparing one page.

        Raises:
            LibraryCorrupt: the file is no index of ours, or damaged; it is never touched.
            LibraryError: there is none, or it cannot be opened.
        """
        crew = make_workers(clean, count=workers, timeout_s=page_timeout_s)
        return cls(path, open_store(path, write=write), crew)

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back and end the workers."""
        self._crew.close()
        self._db.close()

    def add_folder(self, path: Path, *, progress: Progress = no_progress) -> AddReport:
        """Index the pages of a folder, or one file; on a later run only what is new or changed.

        Args:
            path: Folder or file.
            progress: Told after each page.

        Raises:
            LibraryError: there is nothing to read at the path, or the index cannot be written.
        """
        with telling(self.path):
            Writer(self._db).reindex_if_stale(progress)
            return add_folder(self._db, path, self._crew, progress)

    async def add_site(
        self,
        url: str,
        fetch: Fetch,
        *,
        limits: CrawlLimits | None = None,
        progress: Progress = no_progress,
    ) -> AddReport:
        """Crawl a site below an address and index its pages.

        Raises:
            LibraryError: it is no web address, or the index cannot be written.
        """
        with telling(self.path):
            Writer(self._db).reindex_if_stale(progress)
            return await add_site(self._db, url, fetch, self._crew, progress, limits or CrawlLimits())

    def roots(self) -> list[Root]:
        """What was added, by address."""
        with telling(self.path):
            rows = self._db.execute(
                "SELECT address, kind, count(pages.id), coalesce(sum(size_bytes), 0), updated_at"
                " FROM roots LEFT JOIN pages ON pages.root = roots.id GROUP BY roots.id ORDER BY address"
            ).fetchall()
        return [
            Root(address=address, kind=kind, pages=pages, size_bytes=size, updated_at=datetime.fromisoformat(updated))
            for address, kind, pages, size, updated in rows
        ]

    @property
    def empty(self) -> bool:
        """Whether no page is in it."""
        with telling(self.path):
            return self._db.execute("SELECT 1 FROM pages LIMIT 1").fetchone() is None

    def search(
        self,
        question: str,
        *,
        max_results: int = 10,
        language: str = "",
        filters: Filters | None = None,
        timeout_s: float | None = None,
    ) -> list[Hit]:
        """Pages that fit a question, best first; empty when nothing fits.

        Raises:
            TimeoutError: it took longer than `timeout_s`.
            LibraryCorrupt: the file is damaged.
        """
        if timeout_s is not None:
            until = time.monotonic() + timeout_s
            self._db.set_progress_handler(lambda: time.monotonic() > until, DEADLINE_CHECK_STEPS)
        try:
            with telling(self.path):
                return find(self._db, question, max_results=max_results, language=language, filters=filters)
        except sqlite3.OperationalError as error:
            raise TimeoutError(f"The library gave no answer within {timeout_s} s.") from error
        finally:
            self._db.set_progress_handler(None, 0)

    def page(self, url: str) -> Page | None:
        """The page of that address as it was when it was added, or None."""
        with telling(self.path):
            row = self._db.execute(
                "SELECT url, final_url, title, site, language, published, fetched_at, size_bytes, text, headings"
                " FROM pages JOIN bodies ON page = id WHERE url = ?",
                (url,),
            ).fetchone()
        if row is None:
            return None
        address, final_url, title, site, language, published, fetched_at, size_bytes, text, headings = row
        return Page(
            url=address,
            final_url=final_url,
            title=title or site,
            text=unpack(text),
            site=site,
            fetched_at=datetime.fromisoformat(fetched_at),
            language=language,
            published=published,
            headings=tuple((offset, level, words) for offset, level, words in json.loads(unpack(headings))),
            size_bytes=size_bytes,
        )

    def remove(self, address: str) -> int:
        """Take out a folder or site that was added; returns how many pages it had.

        Raises:
            NotInLibrary: it was never added.
        """
        with telling(self.path):
            root = self._root(address) or self._root(os.path.abspath(address))
            if root is None:
                raise NotInLibrary(
                    f"{address} is not in the library.", remedy="`asterism library list` shows what is in it."
                )
            writer = Writer(self._db)
            removed = writer.drop([page.id for page in writer.known(root).values()])
            writer.forget(root)
            writer.finish()
        return removed

    def _root(self, address: str) -> int | None:
        row = self._db.execute("SELECT id FROM roots WHERE address = ?", (address,)).fetchone()
        return int(row[0]) if row else None
