"""What is played to the page: a web of a few pages, and a model that says its lines and waits for its cue."""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace

from langgraph.checkpoint.memory import InMemorySaver

from agent.run import Agent
from agent.run_states import ready
from agent.services import Services
from agent.settings import Settings
from agent.threads import Threads
from model_backend import ChatRequest, Delta, Finished, TextDelta, ToolCall, ToolCalled, Usage
from model_backend.errors import ModelUnreachable
from tests.doubles import FakeReader, FakeSearcher, memory_settings
from tools.errors import PageUnavailable, SearchError
from tools.pages import Page

WAIT = "⏸"
"""In a line: the model waits here until it gets its cue."""
DEATH = "☠"
"""In a line: the model breaks off here."""

QUESTION = {"en": "How high is the Kestrel tower?", "zh-CN": "红隼塔有多高？"}
FOLLOW_UP = {"en": "And how high is the harbour crane?", "zh-CN": "那么港口的起重机有多高？"}
TITLE = {"en": "Kestrel tower: height and history", "zh-CN": "红隼塔：高度与历史"}
QUERY = {"en": "Kestrel tower height", "zh-CN": "红隼塔 高度"}

WEB: Mapping[str, Mapping[str, str]] = {
    "en": {
        "http://tower.example/kestrel": (
            "The Kestrel tower is 87 metres high. It was built in 1901 by the harbour board.\n\n"
            "Climbing the Kestrel tower\n\n"
            "Visitors may climb it from May to September, when the stairs are dry and the wind is low. "
            "The keeper's house beside it holds a small museum of lamps, maps and logbooks of the harbour."
        ),
        "http://harbour.example/history": (
            "The harbour of Kestrel Bay was dug in 1888. Its tower, finished in 1901, stands 87 metres above the quay."
            "\n\nThe first ships brought salt and timber; today the harbour serves ferries and small fishing boats "
            "only, and the old cranes are kept as monuments on the northern mole."
        ),
    },
    "zh-CN": {
        "http://zh.example/ta": (
            "红隼塔高 87 米，建于 1901 年，由港务局建造。\n\n登上红隼塔\n\n"
            "每年五月到九月，游客可以登塔。塔旁的看守人小屋现在是一个小型博物馆，陈列着灯具、地图和港口的航海日志。"
        ),
        "http://gang.example/lishi": (
            "红隼湾港口开凿于 1888 年。港口的塔于 1901 年建成，高出码头 87 米。\n\n"
            "最早的船只运来盐和木材；如今港口只停靠渡轮和小渔船，旧起重机作为纪念物保存在北防波堤上。"
        ),
    },
}
HEADING = {"en": "Climbing the Kestrel tower", "zh-CN": "登上红隼塔"}

CITED = {
    "en": "The Kestrel tower is **87 metres** high [1]. It was built in 1901 [1].\n\n"
    "- Visitors may climb it from May to September [1].\n- The harbour was dug in 1888 [2].",
    "zh-CN": "红隼塔高 **87 米**[1]。它建于 1901 年[1]。\n\n"
    "- 每年五月到九月，游客可以登塔[1]。\n- 港口开凿于 1888 年[2]。",
}
CONTRADICTED = {
    "en": "The Kestrel tower is 87 metres high [1]. It was built in 1902 [1].",
    "zh-CN": "红隼塔高 87 米[1]。红隼塔建于 1902 年[1]。",
}
UNSUPPORTED = {
    "en": "The Kestrel tower is 87 metres high [1]. Its bells were cast by a woman from the mountains [1].",
    "zh-CN": "红隼塔高 87 米[1]。它的大钟由一位来自山区的女铸工铸造[1]。",
}
DISPUTED: Mapping[str, Mapping[str, str]] = {
    "en": {
        "http://tower.example/kestrel": "The Kestrel tower is 87 metres high. The board built it in 1901.",
        "http://other.example/kestrel": "The Kestrel tower is 91 metres high. The harbour board built it in 1901.",
    },
    "zh-CN": {
        "http://zh.example/ta": "红隼塔高 87 米，建于 1901 年，由港务局建造。",
        "http://ling.example/ta": "红隼塔高 91 米，由港务局于 1901 年建造。",
    },
}
DISAGREEING = {"en": "The Kestrel tower is 87 metres high [1][2].", "zh-CN": "红隼塔高 87 米[1][2]。"}
HELD = {
    "en": f"The Kestrel tower is 87 metres high [1]. {WAIT}It was built in 1901 [1].",
    "zh-CN": f"红隼塔高 87 米[1]。{WAIT}它建于 1901 年[1]。",
}
CUT = {"en": f"The Kestrel tower is 87 metres high [1]. It was {DEATH}", "zh-CN": f"红隼塔高 87 米[1]。它建于{DEATH}"}
TABLE = {
    "en": "## Heights\n\n| Tower | Height |\n|---|---|\n| Kestrel tower | 87 metres [1] |\n\n"
    "The Kestrel tower is 87 metres high [1].\n\n```\nheight = 87\n```\n\n> Visitors may climb it.\n\n"
    "Its `height` is at [tower](http://tower.example/).",
    "zh-CN": "## 高度\n\n| 塔 | 高度 |\n|---|---|\n| 红隼塔 | 87 米[1] |\n\n红隼塔高 87 米[1]。\n\n"
    "```\nheight = 87\n```\n\n> 游客可以登塔。\n\n`height` 见 [tower](http://tower.example/)。",
}
UNSEARCHED = {"en": "Two and two make four.", "zh-CN": "二加二等于四。"}
SUM = {"en": "What is two and two?", "zh-CN": "二加二等于几？"}


def long_answer(language: str, tokens: int = 3000) -> str:
    """So many words or signs, in paragraphs and lists, with marks."""
    line = CITED[language].replace("**", "")
    words = len(re.findall(r"[一-鿿]|[^\s一-鿿]+", line))
    return "\n\n".join([f"{line}"] * (tokens // words + 1))


class Actor:
    """Searches, then says its lines; the same for every question. Its lines may hold WAIT and DEATH."""

    name = "actor"
    profile = "default"
    context_tokens = 32_768

    def __init__(self, lines: str, *, query: str = "") -> None:
        self.lines = lines
        self.query = query
        """What it searches for; empty means that it does not search."""
        self.down = False
        self.why = "The model server at http://127.0.0.1:8000/v1 does not answer."
        self.cue = asyncio.Event()
        self.asked = 0
        self.left_early = 0

    def count_tokens(self, text: str) -> int:
        return len(text) // 3 + 1

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        self.asked += 1
        if self.down:
            raise ModelUnreachable(self.why, remedy="Start it.")
        if request.tools:
            if self.query:
                yield ToolCalled(ToolCall(id="call", name="search_web", arguments={"query": self.query}))
            else:
                yield TextDelta("No search.")
        else:
            async for delta in self._say():
                yield delta
        yield Finished(usage=Usage(input_tokens=10, output_tokens=5))

    async def _say(self) -> AsyncGenerator[Delta]:
        try:
            for word in re.findall(rf"[{WAIT}{DEATH}]|\s*[^\s{WAIT}{DEATH}]+\s*", self.lines):
                if word == WAIT:
                    await self.cue.wait()
                elif word == DEATH:
                    raise ModelUnreachable("The model server broke off.", remedy="Look at its log.")
                else:
                    yield TextDelta(word)
        except (GeneratorExit, asyncio.CancelledError):
            self.left_early += 1
            raise

    async def aclose(self) -> None:
        """Nothing to give back."""


@dataclass
class Reader(FakeReader):
    """Reads pages with titles, dates and headings."""

    title: str = ""
    heading: str = ""

    async def read(self, url: str) -> Page:
        if url not in self.web:
            raise PageUnavailable("The site answered HTTP 404.")
        page = await super().read(url)
        at = page.text.find(self.heading)
        headings = ((at, 2, self.heading),) if self.heading and at >= 0 else ()
        return replace(page, title=self.title or page.title, headings=headings, published="2024-05-17")


@dataclass
class Searcher(FakeSearcher):
    """May find pages that cannot be read."""

    unreadable: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.web = {**self.web, **dict.fromkeys(self.unreadable, "?")}


@dataclass
class Play:
    """Who answers, and from which web. Kept when the service is stopped and started again, like a disk."""

    language: str
    model: Actor
    searcher: Searcher
    reader: Reader
    settings: Settings

    def __post_init__(self) -> None:
        self.saver = InMemorySaver()
        self.threads = Threads(ready(self.saver))

    def agent(self) -> Agent:
        services = Services(
            model=self.model, fallback=None, searcher=self.searcher, reader=self.reader, settings=self.settings
        )
        return Agent(services, self.threads)


def play(
    language: str,
    lines: Mapping[str, str] = CITED,
    *,
    searches: bool = True,
    web: Mapping[str, str] | None = None,
    unreadable: tuple[str, ...] = (),
    search_error: SearchError | None = None,
    settings: Settings | None = None,
    title: str | None = None,
) -> Play:
    """A play in a language of the page."""
    pages = WEB[language] if web is None else web
    return Play(
        language=language,
        model=Actor(lines[language], query=QUERY[language] if searches else ""),
        searcher=Searcher(web=pages, error=search_error, unreadable=unreadable),
        reader=Reader(web=pages, title=TITLE[language] if title is None else title, heading=HEADING[language]),
        settings=settings or memory_settings(),
    )
