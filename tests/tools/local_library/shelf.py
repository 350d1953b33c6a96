"""What the library's tests share: cleaners that travel to worker processes, and a library filled without any."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tools.clean import Cleaned
from tools.errors import CleanError
from tools.local_library import Library
from tools.local_library.prepare import Job, Outcome, Prepared, prepare
from tools.local_library.store import open_store
from tools.local_library.workers import Lost
from tools.local_library.writing import Origin, Writer, section_rows


def simple_clean(body: bytes, *, content_type: str | None, url: str) -> Cleaned:
    """A page of lines: `# Title`, `## Heading`, `@date`, text."""
    text = body.decode()
    if not text.strip():
        raise CleanError("The page is empty.")
    title, published, lines = "", None, []
    headings: list[tuple[int, int, str]] = []
    offset = 0
    for line in text.splitlines():
        if line.startswith("@"):
            published = line[1:]
            continue
        if line.startswith("# "):
            title = title or line[2:]
        words = line.lstrip("# ")
        if line.startswith("#"):
            headings.append((offset, 1 if line.startswith("# ") else 2, words))
        lines.append(words)
        offset += len(words) + 1
    return Cleaned(title=title, text="\n".join(lines), headings=tuple(headings), published=published)


def hostile_clean(body: bytes, *, content_type: str | None, url: str) -> Cleaned:
    """Hangs, dies or raises where the page says so."""
    if b"HANG" in body:
        time.sleep(60)
    if b"DIE" in body:
        os._exit(9)
    if b"RAISE" in body:
        raise ZeroDivisionError
    return simple_clean(body, content_type=content_type, url=url)


class InlineCrew:
    """Does every job here and now: for tests of what becomes of pages, not of processes."""

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Outcome | Lost]]:
        for job in jobs:
            yield job, self.one(job)

    def one(self, job: Job) -> Outcome | Lost:
        return prepare(job, simple_clean)

    def close(self) -> None:
        pass


def open_inline(path: Path) -> Library:
    """A library for writing that starts no process."""
    return Library(path, open_store(path, write=True), InlineCrew())


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Files under a folder, by their relative paths."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@contextmanager
def library_of(path: Path, pages: Mapping[str, str]) -> Iterator[Library]:
    """A library with these pages by address, open for reading."""
    fill(path, pages)
    with Library.open(path) as library:
        yield library


def fill(path: Path, pages: Mapping[str, str]) -> None:
    """Put pages into a library file without any worker process."""
    db = open_store(path, write=True)
    writer = Writer(db)
    root = writer.root("http://made.example/", "site")
    for url, text in pages.items():
        page = prepare(Job(url=url, body=text.encode()), simple_clean)
        assert isinstance(page, Prepared)
        host = url.split("/")[2] or "library"
        writer.put(Origin(root=root, url=url, final_url=url, site=host.removeprefix("www.")), page)
    writer.finish()
    db.close()


def indexed_counts(path: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Sections of each term, as the full-text index has them and as the stored pages say."""
    db = open_store(path, write=True)
    counted: Counter[str] = Counter()
    for page, terms in db.execute("SELECT page, terms FROM bodies"):
        for _, *columns in section_rows(page, terms):
            counted.update(set(" ".join(columns).split()))
    found = dict(db.execute("SELECT term, doc FROM vocabulary"))
    db.close()
    return found, dict(counted)
