"""The log of one run: its events as they are sent, kept for a while so that a stream can be taken up again."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from agent.events import EVENT, Event

WORDS = "answer.delta"
TERMINAL = frozenset({"run.completed", "run.failed"})
MAX_BYTES = 4_000_000
"""A run that tells more than this loses its oldest events; the terminal event repeats all that matters."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One event as it is sent."""

    seq: int
    type: str
    data: bytes
    """Its JSON."""

    @staticmethod
    def of(event: Event) -> "Logged":
        """The event in the form it is sent in."""
        return Logged(event.seq, event.type, EVENT.dump_json(event))

    @property
    def event(self) -> Event:
        """The event itself."""
        return EVENT.validate_json(self.data)

    @property
    def words(self) -> bool:
        """Whether it is only more of the answer."""
        return self.type == WORDS

    @property
    def terminal(self) -> bool:
        """Whether nothing follows."""
        return self.type in TERMINAL


Batch = Sequence[Logged]
"""Events that are there already; empty when nothing happened for a while."""


class RunLog:
    """Written by one run, followed by any number of listeners at their own pace."""

    def __init__(self) -> None:
        self._entries: deque[Logged] = deque()
        self._bytes = 0
        self._news = asyncio.Event()
        self._not_words = asyncio.Event()
        self.last: Logged | None = None
        """The newest event."""

    @property
    def ended(self) -> bool:
        """Whether the terminal event is there."""
        return self.last is not None and self.last.terminal

    @property
    def size_bytes(self) -> int:
        """What the events take."""
        return self._bytes

    def append(self, entry: Logged) -> None:
        """Add the next event and wake the listeners."""
        self._entries.append(entry)
        self._bytes += len(entry.data)
        while self._bytes > MAX_BYTES and len(self._entries) > 1:
            self._bytes -= len(self._entries.popleft().data)
        self.last = entry
        self._news.set()
        self._news = asyncio.Event()
        if not entry.words:
            self._not_words.set()
            self._not_words = asyncio.Event()

    async def batches(self, after: int, *, silence_s: float, lull_s: float = 0.0) -> AsyncIterator[Batch]:
        """Events with a number above `after`, to the terminal one; an empty batch after each silence.

        After words of the answer, more words are waited for `lull_s`; anything else comes at once.
        """
        while True:
            batch = self._after(after)
            if batch:
                after = batch[-1].seq
                yield batch
                if lull_s and any(entry.words for entry in batch):
                    await self._lull(after, lull_s)
            if self.last is not None and self.last.terminal and after >= self.last.seq:
                return
            # Taken before the next look, or an event in between would be slept through.
            news = self._news
            if self._after(after):
                continue
            try:
                async with asyncio.timeout(silence_s):
                    await news.wait()
            except TimeoutError:
                yield ()

    async def _lull(self, after: int, lull_s: float) -> None:
        # Taken before the look, as above.
        not_words = self._not_words
        if all(entry.words for entry in self._after(after)):
            with suppress(TimeoutError):
                async with asyncio.timeout(lull_s):
                    await not_words.wait()

    def _after(self, seq: int) -> list[Logged]:
        fresh: list[Logged] = []
        for entry in reversed(self._entries):
            if entry.seq <= seq:
                break
            fresh.append(entry)
        return fresh[::-1]
