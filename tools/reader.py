"""Reading a page, wherever it lies: over HTTP through the guarded fetcher, or from the library on this disk.

Cleaned pages are remembered; one that has aged is asked for again with the validators its server gave.
"""

import re
import time
from copy import copy
from dataclasses import replace
from typing import Protocol, Self
from urllib.parse import urldefrag, urlsplit

from tools.clean import Cleaned
from tools.errors import CleanError, NeedsScript, PageUnavailable
from tools.fetch import Fetched, Validators
from tools.fetch.flights import SingleFlight
from tools.page_cache import PageCache
from tools.pages import Page

DEFAULT_AGE_S = 3600.0
"""Age of a remembered page that a reader bears who does not say otherwise."""

_DRAWN_TYPE = "text/html; charset=utf-8"
_MAX_AGE = re.compile(r"(?:s-maxage|max-age)\s*=[^,]*")


class Fetches(Protocol):
    """What the reader needs of a fetcher."""

    async def fetch(self, url: str, *, timeout_s: float | None = None, validators: Validators | None = None) -> Fetched:
        """Bytes of a page; raises FetchError."""


class Cleans(Protocol):
    """What the reader needs of a cleaner."""

    async def clean(self, body: bytes, *, content_type: str | None, url: str) -> Cleaned:
        """Text of a page; raises CleanError."""


class Renders(Protocol):
    """What the reader needs of a renderer."""

    async def render(self, document: Fetched) -> bytes:
        """HTML in UTF-8 as the page's scripts draw it; raises CleanError."""


class Shelves(Protocol):
    """A place that holds cleaned pages (the library)."""

    async def page(self, url: str) -> Page | None:
        """The page of that address, if it is here."""


class PageReader:
    """Turns an address into a cleaned page; the same page asked for several times at once is fetched once."""

    def __init__(
        self,
        fetcher: Fetches,
        cleaner: Cleans,
        shelves: Shelves | None = None,
        memory: PageCache | None = None,
        renderer: Renders | None = None,
    ) -> None:
        """Put a reader together.

        Args:
            fetcher: The way out.
            cleaner: Takes the text out of bytes.
            shelves: Serves `file:` addresses.
            memory: Remembers pages.
            renderer: Draws pages that are empty without JavaScript; without one they fail with that reason.
        """
        self._fetcher = fetcher
        self._renderer = renderer
        self._cleaner = cleaner
        self._shelves = shelves
        self._memory = memory
        self._max_age_s = DEFAULT_AGE_S
        self._drawn_now: set[str] = set()
        self._flights: SingleFlight[tuple[str, float], Page] = SingleFlight()

    def no_older_than(self, max_age_s: float) -> Self:
        """The same reader for somebody who bears only that age of what is remembered."""
        other = copy(self)
        other._max_age_s = max_age_s
        return other

    def is_drawing(self, url: str) -> bool:
        """Whether a browser is drawing that page now: it takes longer than others, and has come that far."""
        return urldefrag(url).url in self._drawn_now

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
        address = urldefrag(url).url
        page = await self._flights.run((address, self._max_age_s), self._read(address, self._max_age_s))
        return replace(page, url=url, ms=round((time.monotonic() - started) * 1000))

    async def aclose(self) -> None:
        """Stop what is under way."""
        await self._flights.aclose()

    async def _read(self, url: str, max_age_s: float) -> Page:
        kept = await self._memory.get(url) if self._memory else None
        if kept and self._memory and kept.is_fresh(self._memory.now(), max_age_s):
            return kept.page
        fetched = await self._fetcher.fetch(url, validators=kept.validators if kept else None)
        if fetched.not_modified and kept and self._memory:
            return await self._memory.renew(kept, fetched)
        try:
            cleaned = await self._clean(fetched, fetched.body, fetched.content_type)
        except NeedsScript as error:
            cleaned = await self._draw(url, fetched, error)
            # Its shell tells how long the shell holds; what its scripts fetched may have changed long before.
            fetched = replace(fetched, validators=None, cache_control=_MAX_AGE.sub("", fetched.cache_control))
        page = _page(url, fetched, cleaned)
        if self._memory:
            await self._memory.put(page, fetched)
        return page

    async def _clean(self, fetched: Fetched, body: bytes, content_type: str) -> Cleaned:
        return await self._cleaner.clean(body, content_type=content_type, url=fetched.final_url)

    async def _draw(self, url: str, fetched: Fetched, error: NeedsScript) -> Cleaned:
        if self._renderer is None:
            raise error
        self._drawn_now.add(url)
        try:
            drawn = await self._renderer.render(fetched)
            return await self._clean(fetched, drawn, _DRAWN_TYPE)
        except NeedsScript as still:
            raise CleanError("The page is empty although its scripts ran.", remedy="Ask for another source.") from still
        finally:
            self._drawn_now.discard(url)


def _page(url: str, fetched: Fetched, cleaned: Cleaned) -> Page:
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
    )


def site_of(url: str) -> str:
    """Host name without `www.`; for files, `library`."""
    host = urlsplit(url).hostname or "library"
    return host.removeprefix("www.")
