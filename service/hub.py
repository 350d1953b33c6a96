"""The hub: what all routes work with. Made by `create_app`, found at `request.app.state.hub`."""

from dataclasses import dataclass

from starlette.requests import Request

from agent.run import Agent
from agent.settings import Settings
from service.admission import Admission
from service.exchange import Exchange
from service.idempotency import Once
from service.keys import KeyRing
from service.metrics import Metrics
from service.runs import RunRegistry


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """The collaborators of the service."""

    agent: Agent
    settings: Settings
    runs: RunRegistry
    once: Once
    admission: Admission
    exchange: Exchange
    keys: KeyRing
    metrics: Metrics


def hub_of(request: Request) -> Hub:
    """The hub, as a FastAPI dependency."""
    hub = request.app.state.hub
    assert isinstance(hub, Hub)
    return hub
