"""The door: questions that cannot be taken are refused before anything reads them, the others come in one by one.

Two hundred questions that arrive in one moment are a quarter of a second of reading, routing and beginning. Done in one
go, that makes every answer under way wait, and the refusal of the last one too.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.callers import CALLER
from service.errors import TooBusy
from service.problems import respond

BEGINS = re.compile(r"(?:/ui)?/ask|/v1/chat/completions|/v1/responses|(?:/ui)?/runs/[^/]+/resume|/mcp/?")
"""Where questions are asked."""
MAY_BE_ELSE = re.compile(r"/mcp/?")
"""Where other things are asked as well: nothing is refused there before it is read."""
GAP_S = 0.001
"""From one question to the next: about as long as reading one takes."""
LATE_S = 0.01
"""When the event loop wakes this much too late, it has enough to do."""
LONGEST_GAP_S = 0.1
"""But every so often a question comes in even then, or a loop that is always a little late would let in none."""


class Turnstile:
    """Lets one through at a time, and none while the event loop is late."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._passed_at = 0.0

    async def turn(self) -> None:
        """Wait for a turn; nobody waits while nobody else came in this moment."""
        loop = asyncio.get_running_loop()
        if self._timer is None:
            self._passed_at = loop.time()
            self._wait(loop)
            return
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.append(turn)
        try:
            await turn
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due = loop.time() + GAP_S
        self._timer = loop.call_at(self._due, self._next, loop)

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._waiting:
            self._timer = None
            return
        now = loop.time()
        if now - self._due < LATE_S or now - self._passed_at > LONGEST_GAP_S:
            self._passed_at = now
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
        self._wait(loop)


class Door:
    """ASGI middleware before everything that reads a question."""

    def __init__(self, app: ASGIApp, *, require_room: Callable[[int], None]) -> None:
        self._app = app
        self._require_room = require_room
        self._turnstile = Turnstile()
        self._coming = 0
        """Questions that were let in and are not yet counted by admission."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http" or scope["method"] != "POST" or not BEGINS.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
        elif MAY_BE_ELSE.fullmatch(scope["path"]) or "idempotency-key" in Headers(scope=scope):
            # A question that was sent before needs no place: its answer is there or on its way.
            await self._turnstile.turn()
            await self._app(scope, receive, send)
        else:
            await self._let_in(scope, receive, send)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._require_room(self._coming)
        except TooBusy as error:
            await respond(scope, error)(scope, receive, send)
            return
        self._coming += 1
        outside = True

        def counted() -> None:
            nonlocal outside
            self._coming -= outside
            outside = False

        try:
            await self._turnstile.turn()
            scope[CALLER] = replace(scope[CALLER], counted=counted)
            await self._app(scope, receive, send)
        finally:
            counted()
