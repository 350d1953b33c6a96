"""A model server on loopback that says, byte for byte, what a test tells it to."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

Json = dict[str, Any]
NEVER_S = 60.0


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Json


class Wire:
    """The server's end of one connection."""

    def __init__(self, writer: asyncio.StreamWriter, reader: asyncio.StreamReader) -> None:
        self._writer = writer
        self._reader = reader

    async def answer(self, status: int, body: str, content_type: str = "application/json", **headers: str) -> None:
        """A whole response."""
        raw = body.encode()
        extra = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {len(raw)}\r\n{extra}\r\n"
        await self.raw(head.encode() + raw)

    async def begin(self, content_type: str = "text/event-stream") -> None:
        """The head of a stream."""
        head = f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\n\r\n"
        await self.raw(head.encode())

    async def line(self, text: str) -> None:
        """Raw bytes of the event stream, in one HTTP chunk."""
        raw = text.encode()
        await self.raw(f"{len(raw):x}\r\n".encode() + raw + b"\r\n")

    async def chunk(self, data: object) -> None:
        """One event."""
        await self.line(f"data: {json.dumps(data, ensure_ascii=False)}\n\n")

    async def end(self) -> None:
        """The orderly end: [DONE] and the last HTTP chunk."""
        await self.line("data: [DONE]\n\n")
        await self.raw(b"0\r\n\r\n")

    async def raw(self, data: bytes) -> None:
        """Any bytes."""
        self._writer.write(data)
        await self._writer.drain()

    async def cut(self) -> None:
        """Drop the connection."""
        self._writer.close()

    async def left(self) -> None:
        """Wait until the client goes."""
        await self._reader.read()


Reply = Callable[[Wire], Awaitable[None]]


@dataclass
class FakeServer:
    """Replies are used in order, the last one again and again."""

    replies: list[Reply] = field(default_factory=list)
    models: Reply | None = None
    """How `/v1/models` is answered; a model named `tiny` with a window of 2,048 tokens by default."""
    tokenize: Reply | None = None
    """How `/tokenize` is answered; not at all by default."""
    seen: list[Seen] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client left before its reply was over."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a chat request has arrived."""
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def base_url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    @property
    def chats(self) -> list[Seen]:
        return [seen for seen in self.seen if seen.path == "/v1/chat/completions"]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while True:
                await self._serve_one(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client went, or the test is over
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.seen.append(Seen(method, path, headers, json.loads(body) if body else {}))
        wire = Wire(writer, reader)
        if path == "/v1/models":
            await (self.models or listing("tiny"))(wire)
            return
        if path == "/tokenize":
            await (self.tokenize or failing(404))(wire)
            return
        self.asked.set()
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        try:
            await reply(wire)
        except ConnectionError:
            self.gone.set()
            raise


def listing(*names: str, **fields: object) -> Reply:
    """`/v1/models` as vLLM writes it."""

    async def reply(wire: Wire) -> None:
        entries = [{"id": name, "object": "model", "max_model_len": 2048, **fields} for name in names]
        await wire.answer(200, json.dumps({"object": "list", "data": entries}))

    return reply


def failing(status: int, message: str = "", content_type: str = "application/json", **headers: str) -> Reply:
    """An error as vLLM writes it, or any body with another content type."""

    async def reply(wire: Wire) -> None:
        body = json.dumps({"error": {"message": message, "code": status}}) if "json" in content_type else message
        await wire.answer(status, body, content_type, **headers)

    return reply


def delta(index: int = 0, finish_reason: str | None = None, **fields: object) -> Json:
    """One chunk."""
    return {
        "object": "chat.completion.chunk",
        "choices": [{"index": index, "delta": fields, "finish_reason": finish_reason}],
    }


def saying(*pieces: str, finish_reason: str = "stop", usage: tuple[int, int] | None = (7, 3)) -> Reply:
    """A reply of text."""

    async def reply(wire: Wire) -> None:
        await wire.begin()
        await wire.chunk(delta(role="assistant", content=""))
        for piece in pieces:
            await wire.chunk(delta(content=piece))
        await wire.chunk(delta(finish_reason=finish_reason))
        if usage:
            await wire.chunk({"choices": [], "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1]}})
        await wire.end()

    return reply


def calling(*pieces: Json, finish_reason: str = "tool_calls") -> Reply:
    """A reply of tool calls, one piece a chunk."""

    async def reply(wire: Wire) -> None:
        await wire.begin()
        for piece in pieces:
            await wire.chunk(delta(tool_calls=[piece]))
        await wire.chunk(delta(finish_reason=finish_reason))
        await wire.end()

    return reply


def call_pieces(arguments: list[str], *, index: int = 0, name: str = "search_web", id_: str = "c1") -> list[Json]:
    """A call as vLLM streams it: the name first, then pieces of the arguments."""
    first: Json = {"index": index, "id": id_, "type": "function", "function": {"name": name, "arguments": ""}}
    return [first, *({"index": index, "function": {"arguments": piece}} for piece in arguments)]


async def hang(_wire: Wire) -> None:
    """Never a byte."""
    await asyncio.sleep(NEVER_S)
