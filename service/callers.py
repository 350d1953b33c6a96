"""Who asks: the caller that access control found, handed to the routes."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from agent.records import LOCAL


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a request comes from."""

    owner: str
    """Whose threads it sees."""
    key_id: str | None = None
    """The API key it came with; None where none is needed."""


NOBODY = Caller(LOCAL)
"""The caller of a service without keys: the user of this machine."""


def caller_of(connection: HTTPConnection) -> Caller:
    """The caller of a request, as a FastAPI dependency."""
    caller = connection.scope.get("asterism.caller", NOBODY)
    assert isinstance(caller, Caller)
    return caller
