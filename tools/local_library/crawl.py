"""Walking a site: breadth first from one address, below its folder, within limits, as its robots.txt allows.

Knows nothing of the index; hands over bodies one by one.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from tools.errors import FetchError
from tools.local_library.links import PageLinks, is_page_address, normal_url, scope_of

ROBOT_NAME = "Asterism"
"""The name that a robots.txt may give rules for."""
_MAX_CRAWL_DELAY_S = 10.0
"""A longer delay asked for by robots.txt is cut to this; 500 pages then take 83 minutes."""
_INDEXED_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")


class Fetched(Protocol):
    """What a fetch gives back."""

    @property
    def body(self) -> bytes:
        """The bytes."""

    @property
    def content_type(self) -> str:
        """The header, or empty."""

    @property
    def final_url(self) -> str:
        """The address after redirects."""


Fetch = Callable[[str], Awaitable[Fetched]]
"""Fetches one address; raises FetchError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlLimits:
    """Where a crawl ends whatever the site holds."""

    max_pages: int = 1_000
    max_depth: int = 8
    """Links followed from the start address."""
    max_bytes: int = 300_000_000
    """Of all bodies together."""
    max_seconds: float = 3_600.0
    fetch_timeout_s: float = 20.0
    """Wall clock of one fetch."""
    delay_s: float = 0.1
    """Pause between two fetches; a longer one in robots.txt wins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What became of one address."""

    url: str
    fetched: Fetched | None = None
    """The page, if it is to be indexed."""
    failed: str = ""
    """Why it could not be had; empty otherwise."""
    known: int = 0
    """Addresses found so far, this one included."""


class Crawl:
    """One walk over one site."""

    def __init__(self, start: str, fetch: Fetch, limits: CrawlLimits) -> None:
        self.start = normal_url(start)
        self.scope = scope_of(start)
        self.cut_short = ""
        """Which limit ended the walk; empty when the site was walked whole."""
        self.left_for = ""
        """Where the start page led to, when that is another site, which is not walked; empty otherwise."""
        self._fetch = fetch
        self._limits = limits
        # It loads urllib.request, 16 ms that only a crawl should pay.
        from urllib.robotparser import RobotFileParser

        self._robots = RobotFileParser()
        self._until = time.monotonic() + limits.max_seconds

    async def visits(self) -> AsyncIterator[Visit]:
        """Fetch page after page."""
        delay_s = await self._read_robots()
        waiting = deque([(self.start, 0)])
        known = {self.start}
        size_bytes = fetched_pages = 0
        while waiting:
            self.cut_short = self._limit_reached(fetched_pages, size_bytes)
            if self.cut_short:
                return
            url, depth = waiting.popleft()
            if not self._robots.can_fetch(ROBOT_NAME, url):
                yield Visit(url=url, failed="Its robots.txt asks not to read it.", known=len(known))
                continue
            visit, links = await self._visit(url)
            fetched_pages += 1
            size_bytes += len(visit.fetched.body) if visit.fetched else 0
            if depth < self._limits.max_depth:
                fresh = [link for link in links if self._belongs(link) and link not in known]
                known.update(fresh)
                waiting.extend((link, depth + 1) for link in fresh)
            yield Visit(url=visit.url, fetched=visit.fetched, failed=visit.failed, known=len(known))
            if waiting:
                await asyncio.sleep(delay_s)

    def _belongs(self, link: str) -> bool:
        return link.startswith(self.scope) and is_page_address(link)

    def _limit_reached(self, pages: int, size_bytes: int) -> str:
        if pages >= self._limits.max_pages:
            return f"{self._limits.max_pages:,} pages"
        if size_bytes >= self._limits.max_bytes:
            return f"{self._limits.max_bytes:,} bytes"
        return f"{self._limits.max_seconds:g} s" if time.monotonic() >= self._until else ""

    async def _visit(self, url: str) -> tuple[Visit, list[str]]:
        try:
            async with asyncio.timeout(self._limits.fetch_timeout_s):
                fetched = await self._fetch(url)
        except FetchError as error:
            return Visit(url=url, failed=str(error)), []
        except TimeoutError:
            return Visit(url=url, failed=f"No answer within {self._limits.fetch_timeout_s:g} s."), []
        final_url = normal_url(fetched.final_url)
        if not final_url.startswith(self.scope):
            if url != self.start:
                return Visit(url=url, failed="It leads outside the site."), []
            self._follow(final_url)
        content_type = (fetched.content_type or "text/html").split(";")[0].strip().lower()
        if content_type not in _INDEXED_TYPES:
            return Visit(url=url, failed=f"It is {content_type}, not a page of text."), []
        if content_type.startswith("text/") and content_type != "text/html":
            return Visit(url=url, fetched=fetched), []
        links = PageLinks(fetched.body, final_url)
        return Visit(url=url, fetched=fetched if links.may_index else None), links.urls

    def _follow(self, final_url: str) -> None:
        """The site is where its start page leads to on its own host: to https or another folder, never to one above."""
        scope = scope_of(final_url)
        before, now = urlsplit(self.scope).path, urlsplit(scope).path
        if _host(final_url) == _host(self.start) and (now == before or not before.startswith(now)):
            self.scope = scope
        else:
            self.left_for = final_url

    async def _read_robots(self) -> float:
        """Read the site's rules; returns the pause it asks for. No rules to be had means that all is allowed."""
        try:
            async with asyncio.timeout(self._limits.fetch_timeout_s):
                rules = await self._fetch(urljoin(self.start, "/robots.txt"))
            lines = rules.body.decode("utf-8", "replace").splitlines()
        except (FetchError, TimeoutError):
            lines = []
        self._robots.parse(lines)
        asked = self._robots.crawl_delay(ROBOT_NAME)
        return max(self._limits.delay_s, min(float(asked or 0), _MAX_CRAWL_DELAY_S))


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
