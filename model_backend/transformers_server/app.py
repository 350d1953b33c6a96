"""The HTTP side: `/v1/models` and `/v1/chat/completions`, streamed or whole, one generation at a time."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from model_backend.transformers_server.families import Family, Wish
from model_backend.transformers_server.prompts import BadRequest

DEFAULT_MAX_TOKENS = 512


class Service:
    """One model; requests wait for each other, since a GPU that holds 34 billion parameters has no room for two."""

    def __init__(self, family: Family, name: str, window: int) -> None:
        self._family = family
        self._name = name
        self._window = window
        self._turn = asyncio.Lock()

    async def models(self, _request: Request) -> Response:
        """What is served, with its window."""
        entry = {"id": self._name, "object": "model", "owned_by": "asterism", "max_model_len": self._window}
        return JSONResponse({"object": "list", "data": [entry]})

    async def chat(self, request: Request) -> Response:
        """One completion."""
        try:
            body = await request.json()
            refusal = await self._refusal(body)
            if refusal is not None:
                return refusal
            count = await asyncio.to_thread(self._family.count, body["messages"])
        except (BadRequest, KeyError, TypeError, ValueError, AttributeError) as error:
            return _error(400, f"the request cannot be read: {error}")
        wanted = int(body.get("max_tokens") or DEFAULT_MAX_TOKENS)
        if count + wanted > self._window:
            return _error(400, f"This model's maximum context length is {self._window} tokens, not {count + wanted}.")
        wish = Wish(
            messages=body["messages"],
            max_tokens=wanted,
            temperature=float(body.get("temperature") or 0.0),
            top_p=float(body.get("top_p") or 1.0),
        )
        stops = tuple(body.get("stop") or ())
        if body.get("stream"):
            return StreamingResponse(self._stream(wish, stops, count), media_type="text/event-stream")
        text = "".join([piece async for piece in self._pieces(wish, stops)])
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return JSONResponse({"object": "chat.completion", "model": self._name, "choices": [choice]})

    async def _refusal(self, body: dict[str, Any]) -> Response | None:
        if body["model"] != self._name:
            return _error(404, f"The model `{body['model']}` does not exist. Valid aliases: {self._name}.")
        for field in ("tools", "response_format"):
            if body.get(field):
                return _error(400, f"{field} are not supported by this server")
        return None

    async def _stream(self, wish: Wish, stops: tuple[str, ...], count: int) -> AsyncIterator[str]:
        pieces = 0
        async for piece in self._pieces(wish, stops):
            pieces += 1
            yield _event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
        reason = "length" if pieces >= wish.max_tokens else "stop"
        yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        yield _event({"choices": [], "usage": {"prompt_tokens": count, "completion_tokens": pieces}})
        yield "data: [DONE]\n\n"

    async def _pieces(self, wish: Wish, stops: tuple[str, ...]) -> AsyncIterator[str]:
        """The reply up to the first stop text. When the client goes, generation stops."""
        stopped = threading.Event()
        async with self._turn:
            pieces = self._family.pieces(wish, stopped)
            said = ""
            try:
                while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
                    end = min(((said + piece).find(stop) for stop in stops if stop in said + piece), default=-1)
                    if end >= 0:
                        if end > len(said):
                            yield piece[: end - len(said)]
                        return
                    said += piece
                    if piece:
                        yield piece
            finally:
                stopped.set()


def make_app(family: Family, name: str, window: int) -> Starlette:
    """The application around a loaded model."""
    service = Service(family, name, window)
    return Starlette(
        routes=[
            Route("/v1/models", service.models),
            Route("/v1/chat/completions", service.chat, methods=["POST"]),
        ]
    )


def _error(status: int, message: str) -> Response:
    return JSONResponse({"error": {"message": message, "code": status}}, status_code=status)


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
