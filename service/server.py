"""The process: binds, serves, and on SIGTERM lets the running answers end before it goes."""

import asyncio
import logging
import signal
import socket
import sys
from contextlib import AsyncExitStack
from types import FrameType

import uvicorn
from fastapi import FastAPI

from agent.errors import Misconfigured
from agent.settings import ServiceSettings
from service.access import is_loopback
from service.garbage import collected_in_quiet
from service.head_limit import HeadLimit
from service.hub import Hub
from service.keys import KeyRing

log = logging.getLogger(__name__)

LAST_WORDS_S = 4
"""Seconds for sending the terminal events of what was interrupted, after the drain."""
BACKLOG = 1024
KEEP_ALIVE_S = 15


class DrainingServer(uvicorn.Server):
    """Uvicorn, but the first signal only begins the drain, and a second one ends it at once.

    The port stays open meanwhile, so that load balancers see
    `/readyz` say no and new questions get a 503 instead of a closed door.
    """

    def __init__(self, config: uvicorn.Config, hub: Hub, drain_s: float) -> None:
        super().__init__(config)
        self._hub = hub
        self._drain_s = drain_s
        self._drain: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open = AsyncExitStack()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn."""
        self._loop = asyncio.get_running_loop()
        async with self._open:
            await super().serve(sockets)
        if self._drain is not None:
            await asyncio.gather(self._drain, return_exceptions=True)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn; then say where the service is."""
        await super().startup(sockets)
        await self._open.enter_async_context(collected_in_quiet(lambda: self._hub.runs.live > 0))
        if self.started:
            host = self.config.host
            port = self.servers[0].sockets[0].getsockname()[1]
            shown = f"[{host}]" if ":" in host else host
            print(f"Asterism is at http://{shown}:{port} (Ctrl-C stops it)", file=sys.stderr, flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """On the first signal drain, on the second leave.

        Not passed on to uvicorn, which would end by the signal
        itself, while a drained server has done its work and exits with 0.
        """
        if self._hub.runs.draining or self._loop is None:
            self.force_exit = sig == signal.SIGINT
            self.should_exit = True
            return
        self._hub.runs.draining = True
        self._loop.call_soon_threadsafe(self._begin_drain)

    def _begin_drain(self) -> None:
        self._drain = asyncio.create_task(self._drain_and_leave(), name="drain")

    async def _drain_and_leave(self) -> None:
        log.info("draining: %d runs under way, %.0f s at most", self._hub.runs.live, self._drain_s)
        try:
            await self._hub.runs.drain(self._drain_s)
        finally:
            self.should_exit = True


def make_server(app: FastAPI, host: str, port: int, drain_s: float) -> DrainingServer:
    """The server around an app."""
    hub = app.state.hub
    assert isinstance(hub, Hub)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        http=HeadLimit,
        ws="none",
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=LAST_WORDS_S,
    )
    return DrainingServer(config, hub, drain_s)


async def require_key_on(host: str, service: ServiceSettings, keys: KeyRing) -> bool:
    """Whether requests need a key at this bind address.

    Raises:
        Misconfigured: when they do and there is none, for then nobody could come in.
    """
    needed = service.require_key if service.require_key is not None else not is_loopback(host)
    if needed and not await keys.any_in_use():
        raise Misconfigured(
            f"The address {host} needs API keys, and there are none.",
            remedy="Make one with `asterism keys add NAME`; or set ASTERISM_SERVICE__REQUIRE_KEY=false to let "
            "everybody in who can reach the address.",
        )
    return needed
