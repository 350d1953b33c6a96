"""The sample web's HTTP server: plain asyncio on loopback, keep-alive, a redirect, a slow page, 404s, request counts.

Plain asyncio because it starts in milliseconds and leaves signal handling to the program around it.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from eval.sample_web.content import REDIRECTS, SLOW_PAGES, WebPage, load_pages, render_index

HOST = "127.0.0.1"
SLOW_S = 3.0
"""How long a slow page keeps its reader waiting unless the caller says otherwise, in seconds."""
_MAX_HEAD_BYTES = 16_384
"""Longest request head taken: twice what common servers allow."""
_IDLE_S = 30.0
"""A connection on which no request arrives for so long is closed, in seconds."""
_HTML = "text/html; charset=utf-8"
_NOT_FOUND = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Page not found</title></head>
<body><h1>Page not found</h1><p>The page you asked for has moved or never existed.
<a href="/">Index</a></p></body></html>
"""


@dataclass(frozen=True, slots=True)
class _Reply:
    status: HTTPStatus
    body: bytes = b""
    content_type: str = _HTML
    location: str = ""


class SampleWeb:
    """A running (or not yet started) sample web; `serve_sample_web` starts and stops one.

    Attributes:
        base_url: Where it is served, without a trailing slash; empty until started.
        hits: Requests received by path since the start, unknown paths included.
    """

    def __init__(self, pages: dict[str, WebPage], *, slow_s: float = SLOW_S) -> None:
        self.base_url = ""
        self.hits: Counter[str] = Counter()
        self._pages = pages
        self._slow_s = slow_s
        self._index = render_index(pages).encode()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def pages(self) -> list[str]:
        """Paths of all pages, the empty and the slow ones included; English first."""
        return list(self._pages)

    def url(self, path: str) -> str:
        """The absolute address of a path such as `/en/tramway.html`."""
        return f"{self.base_url}{path}"

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; port 0 takes any free port.

        Raises:
            OSError: when the port is taken.
        """
        self._server = await asyncio.start_server(self._accept, HOST, port, limit=_MAX_HEAD_BYTES)
        self.base_url = f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Stop listening and cut every open connection, slow replies included."""
        if self._server is None:
            return
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._serve_connection(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests in turn until the client leaves, asks to close, or sends what is not HTTP."""
        try:
            while await self._serve_request(reader, writer):
                pass
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # The client left, fell silent or sent an endless head: nobody to answer.
        finally:
            writer.close()

    async def _serve_request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read one request and answer it; whether the connection stays open."""
        async with asyncio.timeout(_IDLE_S):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request_line, _, headers = head.partition("\r\n")
        method, target = _parse_request_line(request_line)
        reply = await self._reply(method, target)
        # A request body is never read, so whatever is not GET or HEAD ends the connection.
        stays_open = method in ("GET", "HEAD") and "connection: close" not in headers.lower()
        writer.write(_encode_head(reply, stays_open=stays_open))
        if method != "HEAD":
            writer.write(reply.body)
        async with asyncio.timeout(_IDLE_S):
            await writer.drain()
        return stays_open

    async def _reply(self, method: str, target: str) -> _Reply:
        if not target:
            return _Reply(HTTPStatus.BAD_REQUEST)
        if method not in ("GET", "HEAD"):
            return _Reply(HTTPStatus.METHOD_NOT_ALLOWED)
        path = unquote(urlsplit(target).path) or "/"
        self.hits[path] += 1
        if path in SLOW_PAGES:
            await asyncio.sleep(self._slow_s)
        return self._find(path)

    def _find(self, path: str) -> _Reply:
        if path == "/":
            return _Reply(HTTPStatus.OK, self._index)
        if path == "/robots.txt":
            return _Reply(HTTPStatus.OK, b"User-agent: *\nAllow: /\n", "text/plain; charset=utf-8")
        if path in REDIRECTS:
            return _Reply(HTTPStatus.MOVED_PERMANENTLY, location=REDIRECTS[path])
        page = self._pages.get(path)
        if page is None:
            return _Reply(HTTPStatus.NOT_FOUND, _NOT_FOUND.encode())
        return _Reply(HTTPStatus.OK, page.body, page.content_type)


@asynccontextmanager
async def serve_sample_web(port: int = 0, *, slow_s: float = SLOW_S) -> AsyncIterator[SampleWeb]:
    """Serve the sample web on loopback while the block runs.

    Args:
        port: Port to listen on; 0 takes any free one.
        slow_s: Delay of the slow page, in seconds.

    Raises:
        OSError: when the port is taken.
    """
    web = SampleWeb(await asyncio.to_thread(load_pages), slow_s=slow_s)
    await web.start(port)
    try:
        yield web
    finally:
        await web.stop()


def _parse_request_line(line: str) -> tuple[str, str]:
    """Method and target; empty strings when the line is no HTTP/1 request or its target cannot be read."""
    parts = line.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        return "", ""
    try:
        urlsplit(parts[1])
    except ValueError:  # For example a bracket that is never closed.
        return "", ""
    return parts[0], parts[1]


def _encode_head(reply: _Reply, *, stays_open: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {reply.status.value} {reply.status.phrase}",
        f"Content-Type: {reply.content_type}",
        f"Content-Length: {len(reply.body)}",
        f"Connection: {'keep-alive' if stays_open else 'close'}",
    ]
    if reply.location:
        lines.append(f"Location: {reply.location}")
    if reply.status is HTTPStatus.METHOD_NOT_ALLOWED:
        lines.append("Allow: GET, HEAD")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
