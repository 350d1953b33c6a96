"""The files of a folder that can be indexed. Reads names and sizes, never contents."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.errors import LibraryError, NothingToIndex, NotInLibrary

CONTENT_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".rst": "text/plain",
    ".adoc": "text/plain",
    ".asciidoc": "text/plain",
}
"""Endings that are indexed, best first: of two files that differ in their ending only, the earlier is taken."""

MAX_FILE_BYTES = 6_000_000
"""Real pages reach 5.3 MB; a larger file is data, not a page."""

_PREFERENCE = {ending: place for place, ending in enumerate(CONTENT_TYPES)}


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file to index."""

    path: str
    url: str
    content_type: str
    size_bytes: int
    mtime_ns: int


@dataclass(slots=True)
class Folder:
    """What a folder holds."""

    files: list[FoundFile] = field(default_factory=list)
    """In order of their paths."""
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """(path, reason) of what was left out although it looks like a page."""
    twins: int = 0
    """Files left out because the same page is there in a better form (`x.txt` beside `x.html`)."""


def find_files(root: Path) -> Folder:
    """List the pages under a folder, or the one file that is given.

    Hidden entries are left out, and so are a link that leads outside the folder (what was not named is not read) and
    the sources that Sphinx leaves beside its pages.

    Raises:
        NotInLibrary: there is nothing at the path.
        NothingToIndex: it is a file of another kind.
        LibraryError: it may not be read.
    """
    if not root.exists():
        raise NotInLibrary(f"There is nothing at {root}.", remedy="Give a folder or file that exists, or an address.")
    if not os.access(root, os.R_OK):
        raise LibraryError(f"{root} may not be read.", remedy="Give yourself the right to read it.")
    folder = Folder()
    if root.is_dir():
        inside = root.resolve()
        for directory, names in _walk(root, folder):
            _take(folder, directory, names, inside)
    else:
        _take_file(folder, str(root))
        if not folder.files and not folder.skipped:
            known = ", ".join(CONTENT_TYPES)
            raise NothingToIndex(f"{root} is no kind of page that can be indexed.", remedy=f"Known endings: {known}.")
    return folder


def file_url(path: str) -> str:
    """The `file:` address of an absolute path."""
    return Path(path).as_uri()


def _walk(root: Path, folder: Folder) -> Iterator[tuple[str, list[str]]]:
    def unreadable(error: OSError) -> None:
        folder.skipped.append((error.filename or str(root), error.strerror or "It cannot be read."))

    for directory, subfolders, names in os.walk(root, onerror=unreadable):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith(".") and not _copies(name, names))
        yield directory, sorted(name for name in names if not name.startswith("."))


def _copies(subfolder: str, names: list[str]) -> bool:
    """Whether a subfolder holds what the pages beside it were made from, as Sphinx leaves it (`_sources/x.rst.txt`)."""
    return subfolder == "_sources" and any(name.lower().endswith((".html", ".htm")) for name in names)


def _take(folder: Folder, directory: str, names: list[str], inside: Path) -> None:
    best: dict[str, str] = {}
    for name in names:
        stem, ending = os.path.splitext(name)
        rank = _PREFERENCE.get(ending.lower())
        if rank is None:
            continue
        rival = best.get(stem)
        folder.twins += rival is not None
        if rival is None or rank < _PREFERENCE[os.path.splitext(rival)[1].lower()]:
            best[stem] = name
    for name in sorted(best.values()):
        path = os.path.join(directory, name)
        if os.path.islink(path) and not Path(path).resolve().is_relative_to(inside):
            folder.skipped.append((path, "It is a link that leads outside the folder."))
        else:
            _take_file(folder, path)


def _take_file(folder: Folder, path: str) -> None:
    content_type = CONTENT_TYPES.get(os.path.splitext(path)[1].lower())
    if content_type is None:
        return
    try:
        status = os.stat(path)
    except OSError as error:
        folder.skipped.append((path, error.strerror or "It cannot be read."))
        return
    if not stat.S_ISREG(status.st_mode):
        return
    if status.st_size > MAX_FILE_BYTES:
        folder.skipped.append((path, f"It is larger than {MAX_FILE_BYTES:,} bytes."))
        return
    folder.files.append(FoundFile(path, file_url(path), content_type, status.st_size, status.st_mtime_ns))
