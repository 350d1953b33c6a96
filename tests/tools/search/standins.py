"""Loopback servers that stand in for the search providers, and replies in each one's own shape."""

import html
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from tests.tools.fetch.raw import Conversation, Raw, raw_server, reply
from tools.search import ProviderOptions

HITS = [
    ("https://docs.example/guide", "The <b>guide</b> &amp; more", "How to <em>begin</em>.\u200b", "2026-03-05"),
    ("https://blog.example/post?id=1", "A post", "Opinions about it.", None),
    ("https://docs.example/api", "接口说明", "参数与返回值。", "2026-04-01"),
]
"""(address, title, snippet, date): two sites, markup, an invisible character, Chinese."""


@dataclass
class Asked:
    """One request as the provider saw it."""

    path: str
    params: dict[str, str]
    body: dict[str, object]
    head: str


@dataclass
class Provider:
    """A provider that is up."""

    raw: Raw
    asked: list[Asked] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.raw.url("")


@asynccontextmanager
async def provider(*answers: bytes) -> AsyncIterator[Provider]:
    """Gives the answers in turn; the last one repeats."""
    left = list(answers)
    up = Provider(Raw())

    async def talk(conversation: Conversation) -> None:
        up.asked.append(await understand(conversation))
        await conversation.say(left.pop(0) if len(left) > 1 else left[0])

    async with raw_server(talk) as raw:
        up.raw = raw
        yield up


async def understand(talk: Conversation) -> Asked:
    parts = urlsplit(talk.target)
    fields = dict(line.lower().split(": ", 1) for line in talk.head.split("\r\n")[1:] if ": " in line)
    raw = await talk.reader.readexactly(int(fields.get("content-length", "0")))
    is_json = "json" in fields.get("content-type", "")
    body = json.loads(raw) if is_json else dict(parse_qsl(raw.decode(), keep_blank_values=True))
    return Asked(parts.path, dict(parse_qsl(parts.query)), body, talk.head)


def as_json(data: object, *fields: str, status: int = 200) -> bytes:
    return reply(json.dumps(data).encode(), "Content-Type: application/json", *fields, status=status)


def duckduckgo_page(hits: Sequence[tuple[str, str, str, str | None]]) -> bytes:
    items = "".join(
        f'<div class="result"><div class="links_main result__body"><h2><a href="{html.escape(url)}">{title}</a></h2>'
        f'<a class="result__snippet" href="{html.escape(url)}">{snippet}</a></div></div>'
        for url, title, snippet, _ in hits
    )
    nothing = "" if hits else '<div class="no-results">No results.</div>'
    form = '<form action="/html/" method="post"><input name="q"></form>'
    return reply(f'<html><body>{form}<div id="links">{items}{nothing}</div></body></html>'.encode())


@dataclass(frozen=True)
class StandIn:
    """How one provider is set up and what it says."""

    options: Callable[[str], ProviderOptions]
    found: bytes
    empty: bytes


def _rows(url: str, title: str, snippet: str, date: str) -> list[dict[str, object]]:
    return [dict(zip((url, title, snippet, date), hit, strict=True)) for hit in HITS]


STAND_INS = {
    "brave": StandIn(
        lambda base: ProviderOptions(brave_api_key="key-1", brave_url=base, brave_per_second=0, timeout_s=2),
        as_json({"type": "search", "web": {"results": _rows("url", "title", "description", "page_age")}}),
        as_json({"type": "search", "query": {"original": "x"}}),
    ),
    "duckduckgo": StandIn(
        lambda base: ProviderOptions(duckduckgo_url=f"{base}/html/", timeout_s=2),
        duckduckgo_page(HITS),
        duckduckgo_page([]),
    ),
    "searxng": StandIn(
        lambda base: ProviderOptions(searxng_url=base, timeout_s=2),
        as_json({"query": "x", "results": _rows("url", "title", "content", "publishedDate")}),
        as_json({"query": "x", "results": [], "unresponsive_engines": []}),
    ),
    "serper": StandIn(
        lambda base: ProviderOptions(serper_api_key="key-1", serper_url=base, timeout_s=2),
        as_json({"searchParameters": {}, "organic": _rows("link", "title", "snippet", "date")}),
        as_json({"searchParameters": {}, "organic": []}),
    ),
    "tavily": StandIn(
        lambda base: ProviderOptions(tavily_api_key="key-1", tavily_url=base, timeout_s=2),
        as_json({"query": "x", "results": _rows("url", "title", "content", "published_date")}),
        as_json({"query": "x", "results": []}),
    ),
}
