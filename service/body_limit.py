"""Request bodies: how long, how deep, and how slow they may be. Judged before anything parses them."""

import asyncio
import contextlib
import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model_backend.attachments import LONGEST_BASE64
from service.errors import BodyTooDeep, BodyTooLarge, BodyTooSlow, ServiceError
from service.problems import respond

BODY_TIMEOUT_S = 15.0
"""Wall clock of receiving a body."""
SLOWEST_BYTES_PER_S = 70_000
"""A client that sends a large body gets the time this takes: a megabyte within the wall clock, a picture in minutes."""
FILE_PATHS = frozenset({"/ask", "/ui/ask", "/v1/chat/completions", "/v1/responses"})
"""Where a body may hold pictures and recordings beside what counts towards its limit."""
DRAIN_TIMEOUT_S = 5.0
"""Longest time for taking in the rest of a body that was refused."""
FILES_BYTES = LONGEST_BASE64 + 10_000
"""What they may take, as base64."""
FILES = re.compile(
    rb'"(?:url|image_url|data)"\s*+:\s*+"(?:data:[a-zA-Z0-9/+.-]*+;base64,)?(?:[A-Za-z0-9+/=]++|\\[/rn])*+"'
)
"""A file in a body. Possessive, so that ten megabytes are walked once."""
JSON_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
BRACKETS = re.compile(rb"[\[\]{}]")


class BodyLimit:
    """ASGI middleware: takes the whole body in, judges it, and hands it on."""

    def __init__(self, app: ASGIApp, *, max_bytes: int, max_depth: int) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._max_depth = max_depth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        files_bytes = FILES_BYTES if scope["path"] in FILE_PATHS else 0
        try:
            body = await self._body(scope, receive, files_bytes)
            if body is not None:
                self._judge(body)
        except ServiceError as error:
            response = respond(scope, error)
            # What is left of the body is not read, so the connection cannot be used again.
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        if body is None:
            return
        first = True

        async def replay() -> Message:
            nonlocal first
            if first:
                first = False
                return {"type": "http.request", "body": body, "more_body": False}
            return await receive()

        await self._app(scope, replay, send)

    async def _body(self, scope: Scope, receive: Receive, files_bytes: int) -> bytes | None:
        """The body; None when the client has gone.

        Raises:
            BodyTooLarge, BodyTooSlow: when it is.
        """
        most = self._max_bytes + files_bytes
        told = Headers(scope=scope).get("content-length", "0")
        if told.isascii() and told.isdigit() and int(told) > most:
            await _drain(receive, files_bytes)
            raise self._too_large()
        parts: list[bytes] = []
        size = 0
        started = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S) as deadline:
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    part = message.get("body", b"")
                    size += len(part)
                    if size > most:
                        await _drain(receive, files_bytes if message.get("more_body", False) else 0)
                        raise self._too_large()
                    deadline.reschedule(started + max(BODY_TIMEOUT_S, size / SLOWEST_BYTES_PER_S))
                    parts.append(part)
                    if not message.get("more_body", False):
                        break
        except TimeoutError as error:
            raise BodyTooSlow("The request's body did not arrive in time.") from error
        return b"".join(parts)

    def _judge(self, body: bytes) -> None:
        """Refuse what is too long beside its files, or too deep.

        Raises:
            BodyTooLarge, BodyTooDeep: when it is.
        """
        if len(body) > self._max_bytes:
            body = FILES.sub(b'""', body)
        if len(body) > self._max_bytes:
            raise self._too_large()
        if json_depth(body) > self._max_depth:
            raise BodyTooDeep(f"The body's JSON is nested deeper than {self._max_depth} levels.")

    def _too_large(self) -> BodyTooLarge:
        return BodyTooLarge(
            f"The body is longer than {self._max_bytes:,} bytes.",
            remedy="Send less, or raise ASTERISM_SERVICE__MAX_BODY_BYTES.",
        )


async def _drain(receive: Receive, most: int) -> None:
    """Take in some of the rest: a client that is still sending does not see the reply when the connection closes."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_TIMEOUT_S):
            while most > 0:
                message = await receive()
                most -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return


def json_depth(body: bytes) -> int:
    """How deep brackets are nested outside strings; no parser has to go down there to find out."""
    depth = deepest = 0
    for bracket in BRACKETS.finditer(JSON_STRINGS.sub(b"", body)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
