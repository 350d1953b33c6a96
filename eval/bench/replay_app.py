"""What the replay servers answer: `/search`, pages, `/v1/…` and a log of what was asked. All delays are `Pace`."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from functools import lru_cache
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from eval.bench.pace import CHARS_PER_TOKEN, Pace
from eval.bench.topics import (
    PAGES,
    RESULTS,
    SHIFT,
    Topic,
    answer_text,
    page_html,
    page_kilobytes,
    pieces_of,
    title_of,
    topic_of,
)

TOPICS = 64
"""More than any bench has runs."""
KEYWORDS, REWORDED = "replay-keywords", "replay-reworded"
"""The models served: one asks for the question's own words, the other for different ones."""
WINDOW = 32768
CALL_FRAME = 8
"""Tokens a model writes before the arguments of a call begin (its markers, the name, the keys)."""


class Replay:
    """The answers, and the log of one run after another."""

    def __init__(self, pace: Pace, hosts: Sequence[str]) -> None:
        self._pace = pace
        self._hosts = hosts
        self._topics = [topic_of(number) for number in range(TOPICS)]
        self._log: list[dict[str, object]] = []

    async def search(self, request: Request) -> Response:
        """Results for a query, as `{"results": [{"url", "title", "snippet"}]}`."""
        query = request.query_params.get("q", "")
        self._log.append({"kind": "search", "query": query})
        await asyncio.sleep(self._pace.search_s)
        number = self._number(query)
        if number is None:
            return JSONResponse({"results": []})
        topic = self._topics[number]
        first = SHIFT if query == topic.reworded else 0
        found = [
            {
                "url": f"http://{self._hosts[page % len(self._hosts)]}/page/{number}/{page}",
                "title": title_of(topic, page),
                "snippet": topic.facts[page % len(topic.facts)],
            }
            for page in range(first, first + RESULTS)
        ]
        return JSONResponse({"results": found})

    async def page(self, request: Request) -> Response:
        """One page of the web."""
        number, page = int(request.path_params["topic"]), int(request.path_params["page"])
        self._log.append({"kind": "page", "page": page})
        asked_at = time.monotonic()
        if not (0 <= number < TOPICS and 0 <= page < PAGES):
            return HTMLResponse("<h1>Not found</h1>", status_code=404)
        if page == self._pace.hanging_page:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            return Response(status_code=503)
        html = _html(number, page)
        # Making the page is the replay's own work and belongs inside its delay.
        await _until(asked_at + self._pace.page_s)
        return HTMLResponse(html)

    async def models(self, _request: Request) -> Response:
        """What is served."""
        data = [{"id": name, "object": "model", "max_model_len": WINDOW} for name in (KEYWORDS, REWORDED)]
        return JSONResponse({"object": "list", "data": data})

    async def chat(self, request: Request) -> Response:
        """A decision when tools are on offer, an answer otherwise; always streamed."""
        asked_at = time.monotonic()
        body = await request.json()
        prompt_tokens = _prompt_chars(body) // CHARS_PER_TOKEN
        prompt = "\n".join(str(message["content"]) for message in body["messages"])
        number = self._number(prompt)
        topic = self._topics[number or 0]
        if body.get("tools"):
            deltas = self._decision(topic, body, prompt)
            kind = "plan"
        else:
            text = answer_text(topic, prompt, tokens=self._pace.answer_tokens, chars_per_token=CHARS_PER_TOKEN)
            deltas = [{"content": piece} for piece in pieces_of(text, self._pace.answer_tokens)]
            kind = "answer"
        usage = {"prompt_tokens": prompt_tokens, "completion_tokens": len(deltas)}
        self._log.append({"kind": kind, **usage})
        return StreamingResponse(self._stream(asked_at, deltas, usage, kind), media_type="text/event-stream")

    async def log(self, _request: Request) -> Response:
        """What was asked since the last time."""
        log, self._log = self._log, []
        return JSONResponse(log)

    def _number(self, text: str) -> int | None:
        """The topic a text is about; longer names first, as `Oskeld 2` holds `Oskeld`."""
        order = sorted(range(TOPICS), key=lambda number: -len(self._topics[number].name))
        return next((number for number in order if self._topics[number].name in text), None)

    def _decision(self, topic: Topic, body: dict[str, Any], prompt: str) -> list[dict[str, object]]:
        """A call, one token a piece; where its query was made before, the word `none`. Empty pieces are hidden."""
        query = topic.reworded if body["model"] == REWORDED else topic.keywords
        if f"- {query}" in prompt:
            return [{"content": "none"}]
        arguments = json.dumps({"query": query})
        name = body["tools"][0]["function"]["name"]
        first = {"index": 0, "id": "call-1", "type": "function", "function": {"name": name, "arguments": ""}}
        pieces = pieces_of(arguments, max(1, len(arguments) // CHARS_PER_TOKEN))
        calls = [{"index": 0, "function": {"arguments": piece}} for piece in pieces]
        deltas: list[dict[str, object]] = [{} for _ in range(CALL_FRAME - 1)]
        deltas += [{"tool_calls": [call]} for call in (first, *calls)]
        return deltas

    async def _stream(
        self, asked_at: float, deltas: list[dict[str, object]], usage: dict[str, int], kind: str
    ) -> AsyncIterator[str]:
        first_at = asked_at + self._pace.first_after_s(usage["prompt_tokens"])
        for place, delta in enumerate(deltas):
            # By the clock from the first token on, so that late wake-ups do not add up.
            await _until(first_at + place / self._pace.tokens_per_s)
            if delta:
                yield _event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        called = any("tool_calls" in delta for delta in deltas)
        reason = "tool_calls" if kind == "plan" and called else "stop"
        yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        yield _event({"choices": [], "usage": usage})
        yield "data: [DONE]\n\n"


def make_app(pace: Pace, hosts: Sequence[str]) -> Starlette:
    """The application; the pages of the first topics are made beforehand."""
    replay = Replay(pace, hosts)
    return Starlette(
        routes=[
            Route("/search", replay.search),
            Route("/page/{topic:int}/{page:int}", replay.page),
            Route("/v1/models", replay.models),
            Route("/v1/chat/completions", replay.chat, methods=["POST"]),
            Route("/log", replay.log),
        ]
    )


@lru_cache(maxsize=TOPICS * PAGES)
def _html(number: int, page: int) -> str:
    return page_html(topic_of(number), page, kilobytes=page_kilobytes(page))


def _prompt_chars(body: dict[str, Any]) -> int:
    tools = json.dumps(body.get("tools") or "")
    return sum(len(str(message["content"])) for message in body["messages"]) + len(tools)


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.monotonic()))


def _event(data: dict[str, object]) -> str:
    return f"data: {json.dumps(data)}\n\n"
