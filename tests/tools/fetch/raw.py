"""Raw servers on loopback that say exactly the bytes a test wants, for as long as it wants."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tools.fetch import Fetcher, FetchLimits

Talk = Callable[["Conversation"], Awaitable[None]]


@dataclass
class Conversation:
    """One request and the line back."""

    target: str
    head: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


@dataclass
class Raw:
    """A server that is up; what was asked of it, and how many talk to it at once."""

    port: int = 0
    heads: list[str] = field(default_factory=list)
    open: int = 0
    most_open: int = 0

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def left_alone(self, within_s: float = 2.0) -> bool:
        """Whether soon nobody talks to it any more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self.open:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
        return not self.open


@asynccontextmanager
async def raw_server(talk: Talk) -> AsyncIterator[Raw]:
    raw = Raw()
    tasks: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        raw.open += 1
        raw.most_open = max(raw.most_open, raw.open)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            raw.heads.append(head)
            await talk(Conversation(head.split(" ")[1], head, reader, writer))
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            raw.open -= 1
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    raw.port = server.sockets[0].getsockname()[1]
    try:
        yield raw
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def fetching(raw: Raw, **limits: object) -> AsyncIterator[Fetcher]:
    """A fetcher that may reach that server, with real sockets."""
    options: dict[str, object] = {"timeout_s": 3.0, "allow_hosts": frozenset({f"127.0.0.1:{raw.port}"}), **limits}
    no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading the machine's authorities takes 25 ms a test
    fetcher = Fetcher(FetchLimits(**options), ssl_context=no_tls)  # type: ignore[arg-type]
    try:
        yield fetcher
    finally:
        await fetcher.aclose()


def reply(body: bytes, *fields: str, status: int = 200) -> bytes:
    """A whole answer; `fields` are header lines, a Content-Type among them or HTML is meant."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *fields]
    if not any(line.lower().startswith("content-type") for line in fields):
        lines.append("Content-Type: text/html; charset=utf-8")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body
