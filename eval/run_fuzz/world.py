"""A world from a seed: a web, a searcher, a reader and a model that answer, wait, stall and break at random."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from model_backend import ChatRequest, Delta, Finished, Noted, TextDelta, ToolCall, ToolCalled, Usage
from model_backend.errors import MalformedReply, ModelError, ModelTimeout, ModelUnreachable
from model_backend.tokens import estimate_tokens
from tools.errors import CleanError, PageTimeout, PageUnavailable, SearchBlocked, SearchError, SearchUnreachable
from tools.pages import Page
from tools.search import SearchRequest, SearchResult
from tools.search_chain import Searched, SearchFailure

STALL_S = 30.0
"""Longer than any run may last."""
PAUSE_S = 0.01
"""Longest of the short waits."""
FAULTS: tuple[type[Exception], ...] = (RuntimeError, ValueError, KeyError)
"""What no collaborator should raise; a run must end as failed all the same."""

SENTENCES = (
    "The Kestrel tower is 87 metres high.",
    "It was built in 1901 by the harbour board.",
    "The tower was painted red in 1950.",
    "Visitors may climb it from May to September.",
    "The harbour was dug in 1888 and serves ferries.",
    "The Kestrel tower is 91 metres high, says the guide of 2020.",
    "红隼塔高 87 米，建于 1901 年。",
    "每年五月到九月，游客可以登塔。",
    "塔旁的小屋是一个博物馆，周一休息。",
    "Nothing here concerns towers at all; the moor is wet.",
    "| Year | Height |\n| --- | --- |\n| 1901 | 87 m |",
    "```\nprint(1)\n```",
)
QUESTIONS = (
    "How high is the Kestrel tower?",
    "When was the Kestrel tower built and who built it?",
    "红隼塔有多高？",
    "What is the phlogiston quotient of zorblax in Xanadu?",
    "hello",
    "And when was it built?",
    "2 + 2",
)
MARKS = (
    "[1]",
    "[2]",
    "[3]",
    "[9]",
    "【1】",
    "[1, 2]",
    "[citation:1]",
    "[[2]]",
    "[^1]",
    "[1](http://evil.example/)",
    "",
)


@dataclass
class Dice:
    """Chances that all collaborators of one world share, and what went wrong on purpose."""

    rng: random.Random
    trouble: float
    """How often a collaborator does something other than answer, 0 to 1."""
    bugs: float
    """How often it raises what it should not."""
    thrown: list[str] = field(default_factory=list)
    """Names of the faults raised."""

    async def roll(self) -> None:
        """One await: nothing, a short wait, or a fault."""
        chance = self.rng.random()
        if chance < self.bugs:
            fault = self.rng.choice(FAULTS)
            self.thrown.append(fault.__name__)
            raise fault("a fault on purpose")
        await asyncio.sleep(self.rng.random() * PAUSE_S if chance < 0.5 else 0)

    def trips(self) -> bool:
        """Whether something goes wrong now."""
        return self.rng.random() < self.trouble


@dataclass
class RandomWeb:
    """A searcher and a reader in one."""

    dice: Dice
    texts: dict[str, str]

    async def search(self, request: SearchRequest) -> Searched:
        """Some pages, none, a refusal or a stall."""
        await self.dice.roll()
        rng = self.dice.rng
        if self.dice.trips():
            errors: list[SearchError] = [
                SearchBlocked("The provider blocks us.", provider="random", remedy="Wait."),
                SearchUnreachable("Nobody answers there.", provider="random"),
            ]
            if rng.random() < 0.3:
                await asyncio.sleep(STALL_S)
            raise rng.choice(errors)
        urls = rng.sample(sorted(self.texts), rng.randint(0, len(self.texts)))
        results = tuple(
            SearchResult(url=url, title=url[-12:], snippet=self.texts[url][:40], rank=rank, provider="random")
            for rank, url in enumerate(urls, start=1)
        )
        other = SearchFailure(provider="other", kind="blocked", message="It blocks us.", remedy="")
        failures = (other,) if self.dice.trips() else ()
        return Searched(results=results, provider="random", ms=1, cached=rng.random() < 0.2, failures=failures)

    async def read(self, url: str) -> Page:
        """The page, a failure or a stall."""
        await self.dice.roll()
        if self.dice.trips():
            if self.dice.rng.random() < 0.3:
                await asyncio.sleep(STALL_S)
            raise self.dice.rng.choice([PageUnavailable("HTTP 404."), PageTimeout("Too slow."), CleanError("Empty.")])
        if url not in self.texts:
            raise PageUnavailable("The server answered 404.")
        text = self.texts[url]
        return Page(
            url=url,
            final_url=url,
            title=text[:20],
            text=text,
            site=url.split("/")[2],
            fetched_at=datetime.now(UTC),
            size_bytes=len(text),
        )


class RandomModel:
    """Decides and writes at random: calls, essays, silence, marks of every form, errors before and between words."""

    profile = "random"
    context_tokens = 8_192

    def __init__(self, dice: Dice, name: str = "random") -> None:
        self.name = name
        self._dice = dice

    def count_tokens(self, text: str) -> int:
        """The usual estimate."""
        return estimate_tokens(text)

    async def stream(self, request: ChatRequest) -> AsyncIterator[Delta]:
        """See `ChatModel`."""
        await self._trouble()
        deltas = self._decision() if request.tools else self._answer()
        for delta in deltas:
            await self._dice.roll()
            yield delta
            if self._dice.rng.random() < self._dice.trouble / len(deltas):
                await self._trouble(sure=True)
        yield Finished(
            reason=self._dice.rng.choice(["stop", "stop", "stop", "length"]),
            usage=Usage(input_tokens=10, output_tokens=len(deltas)),
        )

    async def aclose(self) -> None:
        """Nothing to give back."""

    async def _trouble(self, *, sure: bool = False) -> None:
        if not (sure or self._dice.trips()):
            return
        if self._dice.rng.random() < 0.3:
            await asyncio.sleep(STALL_S)
        errors: list[ModelError] = [
            ModelUnreachable("The connection broke.", remedy="Start the server."),
            ModelTimeout("No token came."),
            MalformedReply("That is no reply."),
        ]
        raise self._dice.rng.choice(errors)

    def _decision(self) -> list[Delta]:
        rng = self._dice.rng
        kind = rng.random()
        if kind < 0.15:
            return [TextDelta("none")]
        if kind < 0.2:
            return [TextDelta("Let me think about this. " * 40)]
        if kind < 0.25:
            return [ToolCalled(ToolCall(id="0", name="search_web", arguments={"q": 1}))]
        words = ["Kestrel", "tower", "height", "1901", "harbour", "红隼塔", "高度", "museum", "zorblax"]
        return [
            ToolCalled(
                ToolCall(
                    id=str(n), name="search_web", arguments={"query": " ".join(rng.sample(words, rng.randint(1, 3)))}
                )
            )
            for n in range(rng.randint(1, 5))
        ]

    def _answer(self) -> list[Delta]:
        rng = self._dice.rng
        said = "".join(
            f"{rng.choice(SENTENCES)}{rng.choice(['', ' '])}{rng.choice(MARKS)}{rng.choice([' ', chr(10), '', '。'])}"
            for _ in range(rng.randint(0, 6))
        )
        deltas: list[Delta] = []
        while said:
            length = rng.randint(1, 12)
            deltas.append(TextDelta(said[:length]))
            said = said[length:]
        if rng.random() < 0.1:
            deltas.insert(0, Noted("The server left something out."))
        return deltas


def random_web(rng: random.Random) -> dict[str, str]:
    """Up to eight pages of random sentences; the same sentence may stand on many, or on none."""
    return {
        f"http://site{number}.example/page": "\n\n".join(rng.choices(SENTENCES, k=rng.randint(1, 12)))
        for number in range(rng.randint(0, 8))
    }
