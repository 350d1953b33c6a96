"""The real service with a play behind it; it can be stopped, and started again at the same address."""

import asyncio
from collections.abc import Callable
from functools import lru_cache
from types import TracebackType

import httpx2
import uvicorn

from service.app import create_app
from tests.servers import free_port
from tests.service.quick_server import QuickServer
from tests.service.ui.page.play import Play


async def until(condition: Callable[[], bool], *, within_s: float = 20.0) -> None:
    """Wait for what nobody tells us about."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@lru_cache(maxsize=1)
def address() -> int:
    """The port of every stage of this process: what the browser has of the page's files it need not read again."""
    return free_port()


class Stage:
    """Serves a play on loopback. `async with` starts and stops it."""

    def __init__(self, play: Play, *, require_key: bool = False) -> None:
        self.play = play
        self.require_key = require_key
        self.port = address()
        self.url = f"http://127.0.0.1:{self.port}"
        # No certificates are read for a server on loopback: that would take longer than most requests.
        self._client = httpx2.AsyncClient(base_url=self.url, timeout=10.0, trust_env=False, verify=False)

    async def start(self) -> None:
        """Open the doors."""
        self.app = create_app(self.play.agent(), self.play.settings, require_key=self.require_key)
        config = uvicorn.Config(
            self.app, host="127.0.0.1", port=self.port, log_config=None, ws="none", timeout_graceful_shutdown=1
        )
        self._server = QuickServer(config)
        self._serving = asyncio.create_task(self._server.serve())
        await until(lambda: self._server.started)

    async def stop(self) -> None:
        """Close the doors; runs under way are interrupted, connections cut."""
        if self._serving.done():
            return
        await self.app.state.hub.runs.drain(0)
        self.cut()  # The browser would keep its connections, and be waited for.
        self._server.should_exit = True
        await self._serving

    def cut(self) -> None:
        """Break every connection; what is under way goes on."""
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()

    async def key(self, owner: str = "somebody") -> str:
        """An API key."""
        _, secret = await self.app.state.hub.keys.add(owner)
        return str(secret)

    async def fetch(self, method: str, path: str, **more: object) -> httpx2.Response:
        """A request beside the browser's."""
        return await self._client.request(method, path, **more)  # type: ignore[arg-type]

    async def __aenter__(self) -> "Stage":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.play.model.cue.set()
        await self._client.aclose()
        await self.stop()
