"""Who asks: the caller that access control found, handed to the routes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from agent.records import LOCAL

CALLER = "asterism.caller"
"""Where access control leaves the caller in a request's scope."""


def _not_counted() -> None:
    """For those who did not come through the door."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a request comes from."""

    owner: str
    """Whose threads it sees."""
    key_id: str | None = None
    """The API key it came with; None where none is needed."""
    counted: Callable[[], None] = field(default=_not_counted, compare=False, repr=False)
    """Tells the door that admission counts this question from now on; only the first call does something."""


NOBODY = Caller(LOCAL)
"""The caller of a service without keys: the user of this machine."""


def caller_of(connection: HTTPConnection) -> Caller:
    """The caller of a request, as a FastAPI dependency."""
    caller = connection.scope.get(CALLER, NOBODY)
    assert isinstance(caller, Caller)
    return caller
