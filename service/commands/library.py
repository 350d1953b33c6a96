"""`asterism library …`: fill the library, look into it, take things out."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from agent.settings import Settings
    from tools.local_library import AddReport, Library
    from tools.local_library.report import Progress

app = typer.Typer(name="library", help="Documents on this disk that are searched like the web.", no_args_is_help=True)

MAX_SKIPPED_SHOWN = 5
"""Reasons printed of pages that could not be taken; the rest is counted."""
MAX_LISTED = 50
FILL = "Fill it with: asterism library add PATH|URL"

DebugOption = Annotated[bool, typer.Option("--debug", help="Show a traceback when something breaks.")]


@app.command()
def add(
    targets: Annotated[list[str], typer.Argument(metavar="PATH|URL…", help="Folders, files, or addresses of sites.")],
    max_pages: Annotated[int, typer.Option(min=1, max=100_000, help="Pages of one site at most.")] = 1_000,
    max_depth: Annotated[int, typer.Option(min=0, max=50, help="Links followed from a site's address.")] = 8,
    debug: DebugOption = False,
) -> None:
    """Index folders (HTML, Markdown, text) or crawl sites; again later, only what has changed."""
    from service.commands.common import guarded, load_settings

    async def work() -> int:
        from tools.local_library import Library

        settings = load_settings()
        meant = [_meant(target) for target in targets]
        with Library.open(settings.local_library_path(), write=True) as library:
            for target in meant:
                report = await _add_one(library, target, settings, max_pages=max_pages, max_depth=max_depth)
                _tell(target, report)
        return 0

    raise SystemExit(guarded(work, debug=debug))


@app.command("list")
def show(debug: DebugOption = False) -> None:
    """Show what is in the library."""
    from service.commands.common import guarded, load_settings

    async def work() -> int:
        from tools.local_library import Library

        path = load_settings().local_library_path()
        if not _is_there(path):
            print(f"The library is empty. {FILL}")
            return 0
        with Library.open(path) as library:
            roots = library.roots()
        for root in roots:
            print(
                f"{root.pages:>8,} pages  {root.size_bytes / 1e6:>8.1f} MB  {root.updated_at:%Y-%m-%d}  {root.address}"
            )
        print(f"{sum(root.pages for root in roots):>8,} pages in {path}")
        return 0

    raise SystemExit(guarded(work, debug=debug))


@app.command()
def remove(
    target: Annotated[str, typer.Argument(metavar="PATH|URL", help="What was added.")], debug: DebugOption = False
) -> None:
    """Take a folder or site out again."""
    from service.commands.common import guarded, load_settings

    async def work() -> int:
        from tools.errors import NotInLibrary
        from tools.local_library import Library

        meant = _meant(target)
        path = load_settings().local_library_path()
        if not _is_there(path):
            # Opening it to write would make one.
            raise NotInLibrary(f"{target} is not in the library, which is empty.", remedy=FILL)
        Library.open(path).close()
        with Library.open(path, write=True) as library:
            print(f"{library.remove(meant):,} pages removed.")
        return 0

    raise SystemExit(guarded(work, debug=debug))


@app.command()
def search(
    query: Annotated[str, typer.Argument(metavar="Q", help="What to look for, in plain words.")],
    limit: Annotated[int, typer.Option(min=1, max=MAX_LISTED, help="Pages shown.")] = 10,
    debug: DebugOption = False,
) -> None:
    """Search the library alone."""
    from service.commands.common import guarded, load_settings

    async def work() -> int:
        from agent.errors import InvalidQuestion
        from tools.local_library import Library

        if not query.strip():
            raise InvalidQuestion("The query is empty.", remedy="Write what to look for.")
        with Library.open(load_settings().local_library_path()) as library:
            hits = library.search(query, max_results=limit)
        for rank, hit in enumerate(hits, 1):
            print(f"{rank:>2}. {hit.title}\n    {hit.url}\n    {hit.snippet}")
        if not hits:
            print("Nothing found.")
        return 0

    raise SystemExit(guarded(work, debug=debug))


def _meant(target: str) -> str:
    """The path or the address of a site that somebody wrote.

    Raises:
        InvalidQuestion: it is blank, which would mean the folder we are in, or an address that is not of the web.
    """
    from urllib.parse import unquote

    from agent.errors import InvalidQuestion

    scheme, parted, rest = target.partition("://")
    scheme = scheme.lower() if parted else ""
    if scheme in ("http", "https"):
        return f"{scheme}://{_require_host(target, rest)}"
    path = unquote(rest) if scheme == "file" else target
    if not path.strip():
        raise InvalidQuestion("An empty name is no folder, file or address.", remedy="Give a path or an address.")
    if scheme not in ("", "file"):
        raise InvalidQuestion(
            f"{target} is no address of the web: it begins with {scheme}://.",
            remedy="Give an http or https address, or a path.",
        )
    try:
        os.path.abspath(path)
    except FileNotFoundError as error:
        raise InvalidQuestion("The folder you are in is gone.", remedy="Change into one that is there.") from error
    return path


def _is_there(path: "Path") -> bool:
    """Whether there is a library; where that cannot be seen, opening it tells why."""
    try:
        return path.exists()
    except OSError:
        return True


def _require_reachable(path: "Path") -> None:
    """Refuse a path that cannot even be looked at: behind a closed folder, or longer than a name can be.

    Raises:
        NotInLibrary: with what the system says.
    """
    from tools.errors import NotInLibrary

    try:
        path.exists()
    except OSError as error:
        raise NotInLibrary(f"{path} cannot be reached ({error.strerror}).", remedy="Check the path.") from error


def _require_host(target: str, rest: str) -> str:
    """What follows `http://`.

    Raises:
        InvalidQuestion: there is no host in it, or no port that can be.
    """
    from urllib.parse import urlsplit

    from agent.errors import InvalidQuestion

    try:
        parts = urlsplit(f"//{rest}")
        known = bool(parts.hostname) and parts.port != 0 and not any(letter.isspace() for letter in rest)
    except ValueError:
        known = False
    if not known:
        raise InvalidQuestion(f"{target} is no web address.", remedy="Copy it from a browser.")
    return rest


async def _add_one(
    library: "Library", target: str, settings: "Settings", *, max_pages: int, max_depth: int
) -> "AddReport":
    from pathlib import Path

    with _progress(target) as progress:
        if not target.startswith(("http://", "https://")):
            _require_reachable(Path(target))
            with _interruptible():
                return library.add_folder(Path(target), progress=progress)

        from agent.build import fetch_limits
        from tools.fetch import Fetcher
        from tools.local_library import CrawlLimits

        fetcher = Fetcher(fetch_limits(settings))
        try:
            limits = CrawlLimits(max_pages=max_pages, max_depth=max_depth)
            return await library.add_site(target, fetcher.fetch, limits=limits, progress=progress)
        finally:
            await fetcher.aclose()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C break into code that never awaits: asyncio would only note it for the next await."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(target: str) -> "Iterator[Progress]":
    """A bar on a terminal; elsewhere a line now and then."""
    if not sys.stderr.isatty():
        yield _plain_progress(target)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(escape(target), total=None)

        def show_bar(done: int, total: int, current: str) -> None:
            # An address comes from outside: its brackets are no markup, and its head says less than its end.
            bar.update(task, completed=done, total=total, description=escape(current[-60:]))

        yield show_bar


def _plain_progress(target: str) -> "Progress":
    import time

    told = time.monotonic()

    def show_line(done: int, total: int, current: str) -> None:
        nonlocal told
        if time.monotonic() - told >= PLAIN_INTERVAL_S:
            told = time.monotonic()
            print(f"{target}: {done:,} of {total:,} pages", file=sys.stderr, flush=True)

    return show_line


PLAIN_INTERVAL_S = 5.0
"""Time between two progress lines in a log."""


def _tell(target: str, report: "AddReport") -> None:
    taken = report.added + report.updated
    speed = f", {(taken + len(report.skipped)) / report.seconds:.0f} a second" if taken and report.seconds else ""
    print(
        f"{target}: {report.added:,} pages added, {report.updated:,} updated, {report.unchanged:,} unchanged,"
        f" {report.removed:,} removed, {len(report.skipped):,} skipped ({report.seconds:.1f} s{speed})"
    )
    if report.twins:
        print(f"  {report.twins:,} files left out: the same page is there as HTML.")
    for note in report.notes:
        print(f"  {note}")
    for address, reason in report.skipped[:MAX_SKIPPED_SHOWN]:
        print(f"  skipped {address}: {reason}", file=sys.stderr)
    if len(report.skipped) > MAX_SKIPPED_SHOWN:
        print(f"  … and {len(report.skipped) - MAX_SKIPPED_SHOWN:,} more.", file=sys.stderr)
