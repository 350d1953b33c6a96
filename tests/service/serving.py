"""A service on loopback for tests: real uvicorn, real sockets, doubles behind it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
import uvicorn
from fastapi import FastAPI

from agent.run import Agent
from agent.settings import Settings
from model_backend import ChatRequest, Delta
from service.app import Part, create_app
from service.exchange import Exchange
from service.hub import Hub
from tests.doubles import SayingModel, make_agent, memory_settings, searches_for
from tests.service.quick_server import QuickServer

QUESTION = "How high is the Kestrel tower?"
ANSWER = "The Kestrel tower is 87 metres high [1]. It was built in 1901 [1]."


def saying_model(delay_s: float = 0.0) -> SayingModel:
    """Searches, then answers; the same for every question."""
    return Replying(delay_s=delay_s)


class Replying(SayingModel):
    """Decides and answers by what it is asked, so that many runs may share it."""

    def __init__(self, *, delay_s: float = 0.0, answer: str = ANSWER) -> None:
        super().__init__(answer, delay_s=delay_s)
        self.answer = answer

    def stream(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        self.replies = [searches_for("Kestrel tower height") if request.tools else self.answer]
        return super().stream(request)


@dataclass(frozen=True)
class Served:
    """A running service."""

    app: FastAPI
    url: str
    client: httpx2.AsyncClient

    @property
    def hub(self) -> Hub:
        hub = self.app.state.hub
        assert isinstance(hub, Hub)
        return hub


@asynccontextmanager
async def serving(
    agent: Agent | None = None,
    settings: Settings | None = None,
    *,
    require_key: bool = False,
    hosts: Sequence[str] | None = None,
    exchange: Exchange | None = None,
    parts: Sequence[Part] = (),
) -> AsyncIterator[Served]:
    """Serve on a free port of loopback."""
    settings = settings or memory_settings()
    app = create_app(
        agent or make_agent(saying_model(), settings=settings),
        settings,
        require_key=require_key,
        hosts=hosts,
        exchange=exchange,
        parts=parts,
    )
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, ws="none", timeout_graceful_shutdown=2)
    server = QuickServer(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx2.AsyncClient(base_url=url, timeout=10.0, trust_env=False, verify=False) as client:
            yield Served(app, url, client)
    finally:
        server.should_exit = True
        await task
