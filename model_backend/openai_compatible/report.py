"""What `asterism doctor` learns of a model server."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol

from model_backend.chat import Brief, ChatRequest, Delta, Message
from model_backend.errors import ModelError, ModelRefused, ModelUnreachable
from model_backend.openai_compatible import faults
from model_backend.openai_compatible.connection import Connection

PROBE = "Say OK."
"""Asked for one token, to see that the server does not only list models but runs them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerReport:
    """A model server as it was found."""

    base_url: str
    """Where it was looked for."""
    name: str
    """The model that was asked for."""
    reachable: bool = False
    """Whether something answered there in HTTP."""
    served: tuple[str, ...] = ()
    """Names it serves; empty when it does not say."""
    serves_model: bool = False
    """Whether the named model gave a token."""
    context_tokens: int | None = None
    """Its window as the server tells it."""
    problem: str = ""
    """What is wrong, in one sentence; empty when all is well."""
    remedy: str = ""
    """What to do about it."""

    @property
    def healthy(self) -> bool:
        """Whether questions can be answered with it."""
        return self.serves_model and not self.problem


class Streams(Protocol):
    """What the inspection needs of a model."""

    @property
    def name(self) -> str:
        """The served name."""

    def stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """Answer one request."""


async def inspect_server(model: Streams, connection: Connection, *, timeout_s: float) -> ServerReport:
    """List the models, then ask the named one for a token. Failures are told in the report, never raised."""
    report = ServerReport(base_url=connection.base_url, name=model.name)
    try:
        served = await connection.models(timeout_s=timeout_s)
    except ModelUnreachable as error:
        if not isinstance(error, faults.ServerHiccup):
            return _with_problem(report, error)
        report = replace(report, reachable=True)
    except ModelRefused as error:
        # A server without a listing is odd, not broken: the probe decides. A refused key is refused there as well.
        report = _with_problem(replace(report, reachable=True), error)
    except ModelError as error:
        return _with_problem(replace(report, reachable=True), error)
    else:
        mine = next((entry for entry in served if entry.id == model.name), None)
        report = replace(
            report,
            reachable=True,
            served=tuple(entry.id for entry in served),
            context_tokens=mine.context_tokens if mine else None,
        )
    return await _probe(report, model)


async def _probe(report: ServerReport, model: Streams) -> ServerReport:
    request = ChatRequest(
        messages=(Message(role="user", content=PROBE),), brief=Brief(question=PROBE), max_tokens=1, temperature=0.0
    )
    try:
        async with aclosing(model.stream(request)) as deltas:
            async for _ in deltas:
                pass
    except ModelError as error:
        return _with_problem(report, error)
    return replace(report, reachable=True, serves_model=True, problem="", remedy="")


def _with_problem(report: ServerReport, error: ModelError) -> ServerReport:
    return replace(report, problem=str(error), remedy=error.remedy)
