"""The scout: searches and reads for the user's own words while the model is still deciding.

What it brings is used when the decision asks for much the same words, merged when the decision asks for others too,
and thrown away when no search is wanted.
"""

import asyncio
import re

from agent.find import Found, Searcher, SearchScope, find
from agent.read import PageDesk
from tools.text.words import terms


class Scout:
    """One early search of a run. Close it when the run ends."""

    def __init__(self, searcher: Searcher, desk: PageDesk, scope: SearchScope, *, pages: int, timeout_s: float) -> None:
        self._searcher = searcher
        self._desk = desk
        self._scope = scope
        self._pages = pages
        self._timeout_s = timeout_s
        self._query = ""
        self._task: asyncio.Task[Found] | None = None

    def start(self, query: str) -> None:
        """Send the query, and start reading the best results as soon as they are there."""
        self._query = query
        self._task = asyncio.create_task(self._run(query), name="scout")

    def serves(self, query: str) -> bool:
        """Whether the early search makes a search for `query` unnecessary."""
        return self._task is not None and same_quest(self._query, query)

    @property
    def started(self) -> bool:
        """Whether there is an early search at all."""
        return self._task is not None

    async def found(self) -> Found:
        """What the early search brought; it has its own deadline.

        Raises:
            RuntimeError: when no early search was started.
        """
        if self._task is None:
            raise RuntimeError("the scout was not started")
        return await self._task

    async def aclose(self) -> None:
        """Throw the early search away."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, query: str) -> Found:
        found = await find(self._searcher, query, self._scope, timeout_s=self._timeout_s)
        self._desk.begin([result.url for result in found.results[: self._pages]])
        return found


def same_quest(words: str, query: str) -> bool:
    """Whether `query` asks for what `words` ask for, so that their results serve.

    Models mostly shorten the user's words into keywords, now and then with another form of one (`high`, `height`).
    Such a query finds the same pages. It must keep at least half of the words' terms (one that drops more has changed
    the quest), two thirds of its own terms must be theirs, and it may bring no name and no number of its own.
    """
    have, want = set(terms(words)), set(terms(query))
    if not want:
        return words.strip() == query.strip()
    shared = want & have
    new_names = any(not set(terms(word)) <= have for word in re.findall(r"\w*[A-Z0-9]\w*", query))
    return 2 * len(shared) >= len(have) and 3 * len(shared) >= 2 * len(want) and not (new_names and want - have)
