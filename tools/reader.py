"""Reading a page, wherever it lies: over HTTP through the guarded fetcher, or from the library on this disk."""

import time
from typing import Protocol
from urllib.parse import urlsplit

from tools.clean import Cleaned
from tools.errors import PageUnavailable
from tools.fetch import Fetched
from tools.pages import Page


class Fetches(Protocol):
    """What the reader needs of a fetcher."""

    async def fetch(self, url: str, *, timeout_s: float | None = None) -> Fetched:
        """Bytes of a page; raises FetchError."""


class Cleans(Protocol):
    """What the reader needs of a cleaner."""

    async def clean(self, body: bytes, *, content_type: str | None, url: str) -> Cleaned:
        """Text of a page; raises CleanError."""


class Shelves(Protocol):
    """A place that holds cleaned pages (the library)."""

    async def page(self, url: str) -> Page | None:
        """The page of that address, if it is here."""


class PageReader:
    """Turns an address into a cleaned page."""

    def __init__(self, fetcher: Fetches, cleaner: Cleans, shelves: Shelves | None = None) -> None:
        self._fetcher = fetcher
        self._cleaner = cleaner
        self._shelves = shelves

    async def read(self, url: str) -> Page:
        """Read one page.

        `file:` addresses are served from the library only, so that no search result can name a file of this machine
        that its owner did not add.

        Raises:
            ToolError: when it cannot be had or holds no text.
        """
        started = time.monotonic()
        if urlsplit(url).scheme == "file":
            page = await self._shelves.page(url) if self._shelves else None
            if page is None:
                raise PageUnavailable("The page is not in the library.", remedy="Add it with `asterism library add`.")
            return page
        fetched = await self._fetcher.fetch(url)
        cleaned = await self._cleaner.clean(fetched.body, content_type=fetched.content_type, url=fetched.final_url)
        site = site_of(fetched.final_url)
        return Page(
            url=url,
            final_url=fetched.final_url,
            title=cleaned.title or site,
            text=cleaned.text,
            site=site,
            fetched_at=fetched.fetched_at,
            language=cleaned.language,
            published=cleaned.published,
            headings=cleaned.headings,
            size_bytes=len(fetched.body),
            ms=round((time.monotonic() - started) * 1000),
        )


def site_of(url: str) -> str:
    """Host name without `www.`; for files, `library`."""
    host = urlsplit(url).hostname or "library"
    return host.removeprefix("www.")
