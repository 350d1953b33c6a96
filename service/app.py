"""The HTTP service: routes and middleware around one agent."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from agent.run import Agent
from agent.settings import Settings
from service import problems
from service.access import AccessControl
from service.admission import Admission
from service.apis import APIS
from service.body_limit import BodyLimit
from service.door import Door
from service.exchange import Alone, Exchange
from service.housekeeping import keep_house
from service.hub import Hub
from service.idempotency import Once
from service.keys import KeyRing
from service.metrics import Metrics
from service.model_watch import keep_knowing
from service.parts import readiness_of
from service.question_log import QuestionLog, secrets_in
from service.requests_seen import RequestsSeen
from service.routes import ask, health, runs, shares, site, threads, ui
from service.runs import RunRegistry
from service.security_headers import SecurityHeaders

Part = Callable[[FastAPI, Hub], AbstractAsyncContextManager[None] | None]
"""Something that adds itself to the app (routes, mounts, error shapes); what it gives back is open while the app is."""

ROUTERS: tuple[APIRouter, ...] = (
    ask.router,
    runs.router,
    threads.router,
    health.router,
    site.router,
    shares.router,
    ui.router,
)
DESCRIPTION = (
    "Asks the web, reads pages, answers with citations, and checks every claim against the pages it read. "
    "Errors are problem documents (RFC 9457). Offsets count Unicode code points."
)


def create_app(
    agent: Agent,
    settings: Settings,
    *,
    require_key: bool | None = None,
    hosts: Sequence[str] | None = None,
    exchange: Exchange | None = None,
    metrics: Metrics | None = None,
    parts: Sequence[Part] = (),
) -> FastAPI:
    """The service over an open agent.

    Args:
        agent: Answers; must stay open as long as the app runs.
        settings: What the groups `service`, `run` and `store` say.
        require_key: Whether requests need an API key; None takes the setting, which unset means no.
        hosts: Names under which the service may be addressed, beside those of loopback; None takes any.
        exchange: Connects replicas; None is alone.
        metrics: What `/metrics` shows, where others count in it as well.
        parts: Further APIs that add themselves.
    """
    hub = make_hub(agent, settings, exchange or Alone(), metrics or Metrics())
    needed = require_key if require_key is not None else bool(settings.service.require_key)
    opened: list[AbstractAsyncContextManager[None]] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(hub.exchange.aclose)
            stack.push_async_callback(hub.runs.aclose)
            await hub.exchange.start(hub.runs.stop_here)
            house = asyncio.create_task(keep_house(hub), name="housekeeping")
            stack.push_async_callback(_stopped, house)
            for part in opened:
                await stack.enter_async_context(part)
            # No question should wait for what can be loaded before it; a model server that is down is not waited for.
            await hub.agent.prepare()
            knowing = asyncio.create_task(keep_knowing(hub.agent.model), name="get to know the model")
            stack.push_async_callback(_stopped, knowing)
            yield

    app = FastAPI(
        title="Asterism",
        description=DESCRIPTION,
        version=version("asterism"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        middleware=_middleware(hub, settings, needed, hosts),
    )
    app.state.hub = hub
    app.state.error_shapes = {}
    app.state.readiness = readiness_of(hub)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    for part in (*APIS, *parts):
        context = part(app, hub)
        if context is not None:
            opened.append(context)
    return app


def make_hub(agent: Agent, settings: Settings, exchange: Exchange, metrics: Metrics) -> Hub:
    """The collaborators, out of the settings."""
    service = settings.service
    admission = Admission(
        max_runs=service.max_runs,
        max_queue=service.max_queue,
        queue_wait_s=service.queue_wait_s,
        key_rate=service.key_rate,
        key_runs=service.key_runs,
        storage=exchange.limits_storage,
    )
    questions = QuestionLog(secrets_in(settings))
    registry = RunRegistry(
        agent,
        admission,
        exchange,
        heartbeat_s=service.heartbeat_s,
        grace_s=service.leave_grace_s,
        observers=[metrics.observe, *([questions.observe] if service.log_questions else [])],
    )
    metrics.gauge("asterism_runs_live", "Runs under way.", lambda: registry.live)
    metrics.gauge("asterism_runs_waiting", "Runs that wait for a place.", lambda: admission.waiting)
    return Hub(
        agent=agent,
        settings=settings,
        runs=registry,
        once=Once(agent.threads.database, registry, queue_wait_s=service.queue_wait_s),
        admission=admission,
        exchange=exchange,
        keys=KeyRing(agent.threads.database),
        metrics=metrics,
    )


def _middleware(hub: Hub, settings: Settings, require_key: bool, hosts: Sequence[str] | None) -> list[Middleware]:
    """From the outside in."""
    service = settings.service
    names = [*hosts, *service.allowed_hosts] if hosts is not None else None
    cors = (
        [
            Middleware(
                CORSMiddleware,
                allow_origins=service.cors_origins,
                allow_methods=["GET", "POST", "PATCH", "DELETE"],
                allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"],
                expose_headers=["X-Run-Id", "X-Request-Id", "Retry-After"],
            )
        ]
        if service.cors_origins
        else []
    )
    return [
        Middleware(RequestsSeen, metrics=hub.metrics),
        Middleware(SecurityHeaders),
        *cors,
        Middleware(
            AccessControl, keys=hub.keys, require_key=require_key, hosts=names, origins=tuple(service.cors_origins)
        ),
        Middleware(Door, require_room=hub.admission.require_room),
        Middleware(BodyLimit, max_bytes=service.max_body_bytes, max_depth=service.max_json_depth),
    ]


async def _stopped(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
