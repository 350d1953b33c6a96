"""The library as a search provider, and as the reader of its own pages, for an event loop.

An index answers in milliseconds, but from a disk: every call runs in one thread of the provider's own, under a clock.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from tools.errors import LibraryError, SearchNotSetUp, SearchUnreachable
from tools.local_library.candidates import Filters
from tools.local_library.finding import Hit
from tools.local_library.local_library import Library
from tools.pages import Page
from tools.search import Recency, SearchRequest, SearchResult
from tools.search._results import site_names

NAME = "library"
FILL = "Fill it with `asterism library add PATH|URL`."
DAYS: dict[Recency, int] = {"day": 1, "week": 7, "month": 31, "year": 366}

ValueT = TypeVar("ValueT")


class LibrarySearch:
    """Searches one library file, opened when it is first needed and again when it has been replaced."""

    name = NAME

    def __init__(self, path: Path, *, timeout_s: float) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="library")
        self._library: Library | None = None
        self._inode = 0

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        """Search once.

        Raises:
            SearchNotSetUp: there is no page in the library.
            SearchUnreachable: the file is damaged, or gave no answer in time.
        """
        sites = tuple(site_names(request.sites))
        if request.sites and not sites:
            return []
        filters = Filters(sites=sites, oldest=_oldest(request.recency))

        def find(library: Library) -> list[Hit] | None:
            if library.empty:
                return None
            return library.search(
                request.query,
                max_results=request.max_results,
                language=request.language,
                filters=filters,
                timeout_s=self._timeout_s,
            )

        hits = await self._ask(find, otherwise=None)
        if hits is None:
            raise SearchNotSetUp("The library is empty.", provider=NAME, remedy=FILL)
        return [_result(hit, rank) for rank, hit in enumerate(hits, 1)]

    async def page(self, url: str) -> Page | None:
        """The page of that address as it was when it was added, or None.

        Raises:
            SearchUnreachable: the file is damaged, or gave no answer in time.
        """
        return await self._ask(lambda library: library.page(url), otherwise=None)

    async def aclose(self) -> None:
        """Close the file and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)

    async def _ask(self, act: Callable[[Library], ValueT], *, otherwise: ValueT) -> ValueT:
        def work() -> ValueT:
            library = self._open()
            return act(library) if library else otherwise

        try:
            async with asyncio.timeout(self._timeout_s):
                return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except LibraryError as error:
            raise SearchUnreachable(str(error), provider=NAME, remedy=error.remedy) from error
        except TimeoutError as error:
            raise SearchUnreachable(
                f"The library gave no answer within {self._timeout_s:g} s.", provider=NAME, remedy="Try again."
            ) from error

    def _open(self) -> Library | None:
        """The open library; None while there is no file."""
        inode = self._path.stat().st_ino if self._path.is_file() else 0
        if inode != self._inode:
            self._close()
        if inode and self._library is None:
            self._library = Library.open(self._path)
            self._inode = inode
        return self._library

    def _close(self) -> None:
        if self._library:
            self._library.close()
        self._library, self._inode = None, 0


def _oldest(recency: Recency | None) -> str:
    return (datetime.now(UTC) - timedelta(days=DAYS[recency])).date().isoformat() if recency else ""


def _result(hit: Hit, rank: int) -> SearchResult:
    return SearchResult(
        url=hit.url, title=hit.title, snippet=hit.snippet, rank=rank, provider=NAME, published=hit.published
    )
