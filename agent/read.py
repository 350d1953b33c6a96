"""The run's reading desk: every page at most once, all at once, never waiting for the slowest."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Protocol, runtime_checkable

from tools.errors import ToolError
from tools.pages import Page

log = logging.getLogger(__name__)

GOOD_PAGE_CHARS = 120
"""A page with less text than this is read but does not count towards enough: it is a notice or a shell. A short
Chinese article has 170."""

MOST_SHARE = 2 / 3
"""With this share of the wanted pages read, the others are stragglers."""
STRAGGLER_SHARE = 0.5
"""Stragglers get this much of the time again that the others took: a page that comes after one and a half times as long
is rarely worth the wait of all."""
STRAGGLER_MIN_S = 0.2
"""And never less than this: pages that were begun early would leave none at all."""


BEST_RESULTS = 3
"""The first results of the list are waited for as stragglers are, also when enough others were read before them."""


SOON_S = 0.05
"""Pages at hand all come so soon; of them the first of the list are read, and not those that happen to come first."""
DRAWING_S = 2.5
"""Longest further wait for a best result that a browser is drawing; a page that needs scripts takes 0.6 to 2 s."""


class Reader(Protocol):
    """Reads one page; raises ToolError."""

    async def read(self, url: str) -> Page:
        """The cleaned page."""


@runtime_checkable
class RememberingReader(Reader, Protocol):
    """A reader that may give a page it has read before."""

    def no_older_than(self, max_age_s: float) -> Reader:
        """The same reader, for somebody who bears only that age."""


@runtime_checkable
class DrawingReader(Reader, Protocol):
    """A reader that may have a page drawn by a browser."""

    def is_drawing(self, url: str) -> bool:
        """Whether it is at that now."""


def reader_for(reader: Reader, max_age_s: float) -> Reader:
    """The reader for a question whose pages may be that old."""
    return reader.no_older_than(max_age_s) if isinstance(reader, RememberingReader) else reader


def is_drawing(reader: Reader, url: str) -> bool:
    """Whether the reader is one that has that page drawn by a browser now."""
    return isinstance(reader, DrawingReader) and reader.is_drawing(url)


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
        self._begun_at: dict[str, float] = {}
        self._pages: dict[str, Page] = {}

    @property
    def pages(self) -> dict[str, Page]:
        """Every page read and not skipped, by its address as asked for, in the order in which they were begun."""
        return {url: self._pages[url] for url in self._tasks if url in self._pages}

    def begin(self, urls: Sequence[str]) -> None:
        """Start reading pages that are not begun yet."""
        for url in urls:
            if url not in self._tasks:
                self._tasks[url] = asyncio.create_task(self._read(url), name=f"read {url}")
                self._begun_at[url] = time.monotonic()

    async def outcomes(self, urls: Sequence[str], *, enough: int, timeout_s: float) -> AsyncIterator[Outcome]:
        """Yield outcomes as they come, until `enough` good pages are read, all ended, or time is up.

        Once most of the wanted pages are read, the others get only a little more time, and the best of them get it too
        when enough others came first. Pages still under way then are given up and told as skipped or failed, so that
        every address has exactly one outcome. So are pages beyond the first `enough` that come when there are enough.
        """
        self.begin(urls)
        waiting = {self._tasks[url]: url for url in urls}
        good = 0
        began_at = min((self._begun_at[url] for url in urls), default=0.0)
        give_up_at = ends_at = time.monotonic() + timeout_s
        soon_at = began_at + SOON_S
        most = ceil(MOST_SHARE * min(enough, len(urls)))
        best, first = set(urls[:BEST_RESULTS]), set(urls[:enough])
        spare: list[Outcome] = []
        """Later results that came before the first of the list."""
        is_last_call = False
        while waiting:
            now = time.monotonic()
            if good >= most and not is_last_call:
                give_up_at = min(give_up_at, now + max(STRAGGLER_MIN_S, STRAGGLER_SHARE * (now - began_at)))
            is_settled = now >= soon_at or first.isdisjoint(waiting.values())
            if is_settled and spare and good < enough:
                outcome = spare.pop(0)
                good += _is_good(outcome)
                yield outcome
                continue
            if is_settled and good >= enough and best.isdisjoint(waiting.values()):
                break
            left_s = (give_up_at if is_settled else min(give_up_at, soon_at)) - now
            done, _ = await asyncio.wait(waiting, timeout=max(0.0, left_s), return_when=asyncio.FIRST_COMPLETED)
            if not done and time.monotonic() < give_up_at:
                continue
            if not done and not is_last_call and self._draws_any(best & set(waiting.values())):
                is_last_call, give_up_at = True, min(ends_at, time.monotonic() + DRAWING_S)
                continue
            if not done:
                break
            # Pages that end in the same moment are told in the order of the results.
            for task in sorted(done, key=lambda task: urls.index(waiting[task])):
                url = waiting.pop(task)
                outcome = task.result()
                if outcome.page and url not in first and (good >= enough or not is_settled):
                    spare.append(outcome)
                    continue
                good += _is_good(outcome)
                yield outcome
            if is_last_call and not self._draws_any(best & set(waiting.values())):
                break
        for outcome in spare:
            yield outcome if good < enough else self._skip(outcome.url)
            good += _is_good(outcome)
        for task, url in waiting.items():
            yield await self._give_up(task, url, enough_read=good >= enough, most_read=good >= most)

    def also_read(self, known: Collection[str]) -> list[Outcome]:
        """The pages that were read although nobody waited for them, but for those of `known` addresses.

        The scout begins pages that the merged results may leave out: copies, and too many of one site.
        """
        done = [task.result() for url, task in self._tasks.items() if url not in known and task.done()]
        return [outcome for outcome in done if outcome.page is not None]

    async def aclose(self) -> None:
        """Cancel whatever is still under way."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _draws_any(self, urls: Iterable[str]) -> bool:
        return any(is_drawing(self._reader, url) for url in urls)

    async def _read(self, url: str) -> Outcome:
        started = time.monotonic()
        try:
            page = await self._reader.read(url)
        except ToolError as error:
            return Outcome(url=url, reason=str(error), ms=_ms_since(started))
        except Exception:
            # A fault of ours, which one page met, costs the run that page and no more.
            log.exception("a page broke its reader")
            return Outcome(url=url, reason="The page could not be read.", ms=_ms_since(started))
        self._pages[url] = page
        return Outcome(url=url, page=page, ms=_ms_since(started))

    def _skip(self, url: str) -> Outcome:
        # It may be wanted again in a later round, and is begun anew then.
        del self._tasks[url]
        return Outcome(url=url, skipped=True, reason="enough other pages were read first")

    async def _give_up(self, task: asyncio.Task[Outcome], url: str, *, enough_read: bool, most_read: bool) -> Outcome:
        if task.done() and not (enough_read and task.result().page):
            return task.result()
        task.cancel()
        if enough_read:
            return self._skip(url)
        del self._tasks[url]
        if most_read:
            return Outcome(url=url, reason="the page did not answer when most others had")
        return Outcome(url=url, reason="the page did not answer within the reading time")


def _is_good(outcome: Outcome) -> bool:
    return outcome.page is not None and len(outcome.page.text) >= GOOD_PAGE_CHARS


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
