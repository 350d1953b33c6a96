"""The wire behaviour of engines as it was measured or read in their sources, as one small application each."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from eval.imitations.speaker import says
from model_backend.profiles import ModelProfile, load_profile
from model_backend.tokens import estimate_tokens

Kind = Literal["vllm", "sglang", "llama.cpp", "transformers"]
OWNERS: dict[Kind, str] = {"vllm": "vllm", "sglang": "sglang", "llama.cpp": "llamacpp", "transformers": "asterism"}
WINDOW = 4096
KNOWN_ROLES = {"system", "user", "assistant", "tool", "function", "developer"}
SPECIAL = re.compile(r"<\|[^<>|\s]+\|>")
HIDDEN_SPECIAL = {"megrez"}
"""Dialects whose markers are special tokens, and vanish unless the server is told to keep them."""
PIECE_CHARS = 3


@dataclass
class Imitation:
    """One server. The served name is a profile's id, so that it speaks as that model."""

    kind: Kind
    seen: list[dict[str, Any]] = field(default_factory=list)
    """Bodies of the chat requests, in order."""

    async def models(self, _request: Request) -> Response:
        """What is served: only vLLM, SGLang and ours tell the window."""
        entry: dict[str, Any] = {"id": "any", "object": "model", "owned_by": OWNERS[self.kind]}
        entry |= {"meta": {"n_ctx_train": 131072}} if self.kind == "llama.cpp" else {"max_model_len": WINDOW}
        return JSONResponse({"object": "list", "data": [entry]})

    async def tokenize(self, request: Request) -> Response:
        """Counts, as vLLM gives them for a conversation."""
        if self.kind != "vllm":
            return JSONResponse({"detail": "Not Found"}, status_code=404)
        return JSONResponse({"count": _tokens(await request.json()), "max_model_len": WINDOW})

    async def chat(self, request: Request) -> Response:
        """A reply, or the refusal that this engine would give."""
        body = await request.json()
        self.seen.append(body)
        try:
            profile = load_profile(body["model"])
        except Exception:  # noqa: BLE001  whatever is wrong with a name, the model is not served
            message = f"The model `{body['model']}` does not exist."
            return _error(404, message, "NotFoundError")
        refusal = self._refusal(body, profile)
        if refusal is not None:
            return refusal
        text = says(body, profile)
        calls: list[dict[str, Any]] = []
        if body.get("tools") and self.kind == "vllm":
            text, calls = _parsed(text)
        elif profile.dialect in HIDDEN_SPECIAL and (
            self.kind == "llama.cpp" or body.get("skip_special_tokens", True) is not False
        ):
            # Markers that are special tokens are hidden: bare JSON is left.
            text = SPECIAL.sub("", text)
        for stop in body.get("stop", []):
            text = text.split(stop)[0]
        return StreamingResponse(self._stream(body, text, calls), media_type="text/event-stream")

    def _refusal(self, body: dict[str, Any], profile: ModelProfile) -> Response | None:
        roles = [message["role"] for message in body["messages"]]
        if any(not isinstance(message["content"], str) for message in body["messages"]):
            return _error(500, 'can only concatenate str (not "NoneType") to str', "InternalServerError")
        if self.kind == "sglang" and set(roles) - KNOWN_ROLES:
            return _error(400, "Input should be 'system', 'user', 'assistant', 'tool' or 'developer'", "BadRequest")
        if profile.roles == "plain" and any(one == other for one, other in pairwise(roles)):
            return _error(500, "roles of this template must take turns", "InternalServerError")
        if not profile.takes_system and "system" in roles:
            return _error(500, "the system role is not known to this chat template", "InternalServerError")
        if self.kind == "transformers" and ("tools" in body or "response_format" in body):
            return _error(400, "tools are not supported by this server", "BadRequestError")
        tokens = _tokens(body)
        if tokens + body["max_tokens"] > WINDOW:
            return _overflow(self.kind, tokens, body["max_tokens"])
        return None

    async def _stream(self, body: dict[str, Any], text: str, calls: list[dict[str, Any]]) -> AsyncIterator[str]:
        yield _event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]})
        for at in range(0, len(text), PIECE_CHARS):
            piece = text[at : at + PIECE_CHARS]
            yield _event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
        for call in calls:
            yield _event({"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]})
        reason = "tool_calls" if calls else "stop"
        yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        if body.get("stream_options", {}).get("include_usage"):
            usage = {"prompt_tokens": _tokens(body), "completion_tokens": max(1, len(text) // 4)}
            yield _event({"choices": [], "usage": usage})
        yield "data: [DONE]\n\n"


def _parsed(text: str) -> tuple[str, list[dict[str, Any]]]:
    """What vLLM's tool parser makes of a call: name first, arguments as text."""
    python = re.search(r"search_web\(query='(.*)'\)", text)
    written = re.search(r"\{.*\}", text, re.DOTALL)
    call = {"arguments": {"query": python[1]}} if python else json.loads(written[0]) if written else {}
    function = {"name": "search_web", "arguments": json.dumps(call["arguments"], ensure_ascii=False)}
    return "", [{"index": 0, "id": "chatcmpl-tool-1", "type": "function", "function": function}]


def _overflow(kind: Kind, tokens: int, wanted: int) -> Response:
    if kind == "sglang":
        message = f"The input ({tokens} tokens) is longer than the model's context length ({WINDOW} tokens)."
    elif kind == "llama.cpp":
        message = "the request exceeds the available context size, try increasing it"
    else:
        message = (
            f"This model's maximum context length is {WINDOW} tokens. However, your prompt contains at least "
            f"{WINDOW + 1 - wanted} input tokens."
        )
    return _error(400, message, "BadRequestError")


def _tokens(body: dict[str, Any]) -> int:
    told = "".join(str(message["content"]) for message in body["messages"]) + str(body.get("tools", ""))
    return round(estimate_tokens(told) * 0.9)


def _error(status: int, message: str, kind: str) -> Response:
    return JSONResponse({"error": {"message": message, "type": kind, "code": status}}, status_code=status)


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


@asynccontextmanager
async def imitating(kind: Kind) -> AsyncIterator[tuple[str, Imitation]]:
    """A server of that kind on loopback: its address and what it saw."""
    imitation = Imitation(kind)
    routes = [
        Route("/v1/models", imitation.models),
        Route("/tokenize", imitation.tokenize, methods=["POST"]),
        Route("/v1/chat/completions", imitation.chat, methods=["POST"]),
    ]
    async with on_loopback(Starlette(routes=routes)) as address:
        yield address, imitation


@asynccontextmanager
async def on_loopback(app: Starlette) -> AsyncIterator[str]:
    """The application on a free port: its address, ending in `/v1`."""
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        server.force_exit = True
        await task
