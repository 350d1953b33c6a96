"""A library on this disk as the web of a suite: searched and read as the provider `library` does."""

from pathlib import Path

from tools.errors import PageUnavailable
from tools.local_library.provider import LibrarySearch
from tools.pages import Page
from tools.search import SearchRequest
from tools.search_chain import Searched

TIMEOUT_S = 30.0
"""A search takes milliseconds; many at once on a busy machine wait for one another."""


class LibraryWeb:
    """Implements `Web` over one index file."""

    def __init__(self, path: Path) -> None:
        self._library = LibrarySearch(path, timeout_s=TIMEOUT_S)

    async def search(self, request: SearchRequest) -> Searched:
        """What the library finds."""
        return Searched(results=tuple(await self._library.search(request)), provider=self._library.name, ms=0)

    async def read(self, url: str) -> Page:
        """The page as it was when it was added.

        Raises:
            PageUnavailable: when it is not in the library.
        """
        page = await self._library.page(url)
        if page is None:
            raise PageUnavailable("The page is not in the library.")
        return page

    async def aclose(self) -> None:
        """Close the file."""
        await self._library.aclose()
