"""Request bodies: how long, how deep, and how slow they may be. Judged before anything parses them."""

import asyncio
import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import BodyTooDeep, BodyTooLarge, BodyTooSlow, ServiceError
from service.problems import respond

BODY_TIMEOUT_S = 15.0
"""Wall clock of receiving a body: a megabyte in this time is 70 KB a second."""
JSON_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
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
        try:
            body = await self._body(scope, receive)
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

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body; None when the client has gone.

        Raises:
            BodyTooLarge, BodyTooSlow, BodyTooDeep: when it is.
        """
        told = Headers(scope=scope).get("content-length", "0")
        if told.isascii() and told.isdigit() and int(told) > self._max_bytes:
            raise self._too_large()
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    part = message.get("body", b"")
                    size += len(part)
                    if size > self._max_bytes:
                        raise self._too_large()
                    parts.append(part)
                    if not message.get("more_body", False):
                        break
        except TimeoutError as error:
            raise BodyTooSlow("The request's body did not arrive in time.") from error
        body = b"".join(parts)
        if json_depth(body) > self._max_depth:
            raise BodyTooDeep(f"The body's JSON is nested deeper than {self._max_depth} levels.")
        return body

    def _too_large(self) -> BodyTooLarge:
        return BodyTooLarge(
            f"The body is longer than {self._max_bytes:,} bytes.",
            remedy="Send less, or raise ASTERISM_SERVICE__MAX_BODY_BYTES.",
        )


def json_depth(body: bytes) -> int:
    """How deep brackets are nested outside strings; no parser has to go down there to find out."""
    depth = deepest = 0
    for bracket in BRACKETS.finditer(JSON_STRINGS.sub(b"", body)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
