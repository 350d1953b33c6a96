"""Taking pages into the index: the part that folders and sites share, and folders.

Only new and changed pages are prepared, in worker processes; what is gone is dropped at the end of a whole run. A run
that is interrupted keeps every batch it has committed, and the next one goes on from there.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tools.errors import NothingToIndex
from tools.local_library.files import CONTENT_TYPES, FoundFile, find_files
from tools.local_library.prepare import Clean, Failed, Job, Outcome, Prepared, Unchanged, prepare
from tools.local_library.report import AddReport, Progress
from tools.local_library.workers import Crew, Lost, Workers
from tools.local_library.writing import KnownPage, Origin, Writer

PAGE_TIMEOUT_S = 20.0
"""Wall clock of preparing one page: the worst hostile page measured took 0.6 s, and a bulk run shares its cores."""
FILE_SITE = "library"
"""`Page.site` of a file, which has no host."""


def make_workers(clean: Clean, *, count: int | None = None, timeout_s: float = PAGE_TIMEOUT_S) -> Workers[Job, Outcome]:
    """Processes that prepare pages; one for each core this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Workers(partial(prepare, clean=clean), count=count or cores, timeout_s=timeout_s)


class Intake:
    """One run of adding: stores outcomes under a root, counts them, and knows which pages were seen."""

    def __init__(
        self, writer: Writer, db: sqlite3.Connection, *, address: str, kind: str, scope: str, url_scope: str
    ) -> None:
        """Find or make the root that pages go to; roots never overlap.

        Args:
            writer: Writes to the index.
            db: The same index, for reading.
            address: What was asked to be added.
            kind: `folder` or `site`.
            scope: What every root address inside this one begins with.
            url_scope: What every page of it begins with.
        """
        self.writer = writer
        self.report = AddReport()
        self._started = time.monotonic()
        self._root = self._settle(db, address, kind, scope)
        self.known = {
            url: page
            for url, page in self.writer.known(self._root).items()
            if url == url_scope or (url_scope.endswith("/") and url.startswith(url_scope)) or not self._is_part
        }
        self._seen: set[str] = set()

    def _settle(self, db: sqlite3.Connection, address: str, kind: str, scope: str) -> int:
        self._is_part = False
        roots = db.execute("SELECT id, address, kind FROM roots").fetchall()
        for found, other, other_kind in roots:
            if other_kind == kind and address != other and address.startswith(other.rstrip("/") + "/"):
                self._is_part = True
                self.report.notes.append(f"It is part of {other}, which was added before.")
                return int(found)
        root = self.writer.root(address, kind)
        for found, other, other_kind in roots:
            if other_kind == kind and other != address and other.startswith(scope):
                self.writer.absorb(found, root)
                self.report.notes.append(f"{other}, added before, is part of it now.")
        return root

    def seen(self, url: str) -> None:
        """The page is still there."""
        self._seen.add(url)

    def unchanged(self, url: str) -> None:
        """The page is there as it was."""
        self.seen(url)
        self.report.unchanged += 1

    def take(
        self, outcome: Outcome | Lost, *, url: str, final_url: str, site: str, size_bytes: int = 0, mtime_ns: int = 0
    ) -> None:
        """Store what became of one page; one that can no longer be read goes."""
        before = self.known.get(url)
        match outcome:
            case Prepared():
                origin = Origin(root=self._root, url=url, final_url=final_url, site=site, mtime_ns=mtime_ns)
                if self.writer.put(origin, outcome):
                    self.report.updated += 1
                else:
                    self.report.added += 1
                self.seen(url)
            case Unchanged():
                if before and mtime_ns:
                    self.writer.touch(before.id, size_bytes=size_bytes, mtime_ns=mtime_ns)
                self.unchanged(url)
            case Failed(reason) | Lost(reason):
                self.report.skipped.append((url, reason))

    def end(self, *, drop_unseen: bool = True) -> AddReport:
        """Drop what is gone, commit, and tell what was done."""
        if drop_unseen:
            gone = [page.id for url, page in self.known.items() if url not in self._seen]
            self.report.removed = self.writer.drop(gone)
        self.writer.finish()
        self.report.seconds = time.monotonic() - self._started
        return self.report


def add_folder(db: sqlite3.Connection, path: Path, crew: Crew[Job, Outcome], progress: Progress) -> AddReport:
    """Index a folder or one file; see `Library.add_folder`."""
    address = os.path.abspath(path)
    folder = find_files(Path(address))
    scope = address.rstrip("/") + "/"
    is_folder = os.path.isdir(address)
    url_scope = Path(address).as_uri() + ("/" if is_folder else "")
    intake = Intake(Writer(db), db, address=address, kind="folder", scope=scope, url_scope=url_scope)
    intake.report.twins = folder.twins
    intake.report.skipped.extend(folder.skipped)
    try:
        if not folder.files and not intake.known:
            raise NothingToIndex(
                f"{address} holds no page that can be indexed.", remedy=f"Known endings: {', '.join(CONTENT_TYPES)}."
            )
        _take_files(intake, folder.files, crew, progress)
    except BaseException:
        intake.writer.roll_back()
        raise
    return intake.end()


def _take_files(intake: Intake, files: list[FoundFile], crew: Crew[Job, Outcome], progress: Progress) -> None:
    total = len(files)
    done = 0
    changed: dict[str, FoundFile] = {}
    for file in files:
        known = intake.known.get(file.url)
        if known and (known.size_bytes, known.mtime_ns) == (file.size_bytes, file.mtime_ns):
            intake.unchanged(file.url)
            done += 1
        else:
            changed[file.url] = file
    progress(done, total, "")
    for job, outcome in crew.run(_jobs(changed, intake.known)):
        file = changed[job.url]
        intake.take(
            outcome,
            url=job.url,
            final_url=job.url,
            site=FILE_SITE,
            size_bytes=file.size_bytes,
            mtime_ns=file.mtime_ns,
        )
        done += 1
        progress(done, total, file.path)


def _jobs(files: dict[str, FoundFile], known: dict[str, KnownPage]) -> Iterator[Job]:
    for url, file in files.items():
        before = known.get(url)
        yield Job(
            url=url,
            path=file.path,
            content_type=file.content_type,
            known_digest=before.digest if before else b"",
        )
