"""The run's reading desk: every page at most once, all at once, never waiting for the slowest."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from tools.errors import ToolError
from tools.pages import Page

GOOD_PAGE_CHARS = 120
"""A page with less text than this is read but does not count towards enough: it is a notice or a shell. A short
Chinese article has 170."""


class Reader(Protocol):
    """Reads one page; raises ToolError."""

    async def read(self, url: str) -> Page:
        """The cleaned page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the reading of one page ended."""

    url: str
    page: Page | None = None
    """The page, when it was read."""
    skipped: bool = False
    """True when enough other pages were read first."""
    reason: str = ""
    """Why it failed or was skipped."""
    ms: int = 0
    """Wall time spent on it."""


class PageDesk:
    """Holds the pages of one run, and the tasks that fetch them. Close it when the run ends."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._tasks: dict[str, asyncio.Task[Outcome]] = {}
        self.pages: dict[str, Page] = {}
        """Every page read, by `Page.url`."""

    def begin(self, urls: Sequence[str]) -> None:
        """Start reading pages that are not begun yet."""
        for url in urls:
            if url not in self._tasks:
                self._tasks[url] = asyncio.create_task(self._read(url), name=f"read {url}")

    async def outcomes(self, urls: Sequence[str], *, enough: int, timeout_s: float) -> AsyncIterator[Outcome]:
        """Yield outcomes as they come, until `enough` good pages are read, all ended, or time is up.

        Pages still under way then are given up and told as skipped or timed out, so that every address has exactly
        one outcome.
        """
        self.begin(urls)
        waiting = {self._tasks[url]: url for url in urls}
        good = 0
        give_up_at = time.monotonic() + timeout_s
        while waiting and good < enough:
            left_s = give_up_at - time.monotonic()
            done, _ = await asyncio.wait(waiting, timeout=max(0.0, left_s), return_when=asyncio.FIRST_COMPLETED)
            if not done:
                break
            # Pages that end in the same moment are told in the order of the results.
            for task in sorted(done, key=lambda task: urls.index(waiting[task])):
                del waiting[task]
                outcome = task.result()
                good += outcome.page is not None and len(outcome.page.text) >= GOOD_PAGE_CHARS
                yield outcome
        for task, url in waiting.items():
            yield await self._give_up(task, url, enough_read=good >= enough)

    async def aclose(self) -> None:
        """Cancel whatever is still under way."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _read(self, url: str) -> Outcome:
        started = time.monotonic()
        try:
            page = await self._reader.read(url)
        except ToolError as error:
            return Outcome(url=url, reason=str(error), ms=_ms_since(started))
        self.pages[url] = page
        return Outcome(url=url, page=page, ms=_ms_since(started))

    async def _give_up(self, task: asyncio.Task[Outcome], url: str, *, enough_read: bool) -> Outcome:
        if task.done():
            return task.result()
        task.cancel()
        # A page that is given up may be wanted again in a later round.
        del self._tasks[url]
        if enough_read:
            return Outcome(url=url, skipped=True, reason="enough other pages were read first")
        return Outcome(url=url, reason="the page did not answer within the reading time")


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
