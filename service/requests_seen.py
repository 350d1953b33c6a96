"""What is told of each request: one log line and two metrics. Never its query string, its body or its key."""

import secrets
import time
from http import HTTPStatus

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.metrics import Metrics

log: structlog.stdlib.BoundLogger = structlog.get_logger("asterism.requests")
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by machines: measured, not logged."""
CLIENT_GONE = 499
"""Told of a request whose client left before the reply, as proxies do; never sent."""


class RequestsSeen:
    """ASGI middleware: the outermost, so that it sees what every other one did."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.monotonic()
        status = CLIENT_GONE
        request_id = secrets.token_hex(8)
        run_id = ""

        async def send_and_see(message: Message) -> None:
            nonlocal status, run_id
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.setdefault("headers", [])
                headers.append((b"x-request-id", request_id.encode()))
                run_id = next((value.decode("latin-1") for name, value in headers if name == b"x-run-id"), "")
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_and_see)
            except BaseException:
                if status == CLIENT_GONE:
                    status = HTTPStatus.INTERNAL_SERVER_ERROR.value
                raise
            finally:
                self._tell(scope, status, time.monotonic() - started, run_id)

    def _tell(self, scope: Scope, status: int, seconds: float, run_id: str) -> None:
        # The route's own pattern: ids and unknown paths would make endless labels.
        route = getattr(scope.get("route"), "path", "none")
        self._metrics.requests.labels(scope["method"] if len(scope["method"]) < 8 else "none", route, status).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        if route not in QUIET:
            found = {"run_id": run_id} if run_id else {}
            log.info("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000), **found)
