"""Exchange: what replicas tell each other about their runs. Alone, a process has nobody to tell."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from limits.aio.storage import Storage

from service.run_log import Batch, Logged

Publish = Callable[[Logged], None]


class Followed(Protocol):
    """A run that one can listen to, as `service.runs.Run`."""

    id: str

    def listen(self, after: int = 0, *, lull_s: float = 0.0) -> AbstractAsyncContextManager[AsyncIterator[Batch]]:
        """As `service.runs.Run.listen`."""


class Otherwise(Protocol):
    """What the store knows of a run that others have."""

    async def __call__(self, *, wait: bool) -> Followed | None:
        """The run as stored; None while it is still going on, unless it is to be waited for."""


class Exchange(Protocol):
    """Shared by all replicas."""

    limits_storage: Storage | None
    """Where all replicas count the questions of a key."""

    async def start(self, stop_here: Callable[[str], None]) -> None:
        """Begin to hear the others; `stop_here` cancels a run of this process."""

    def publishing(self, run_id: str) -> AbstractAsyncContextManager[Publish]:
        """Tell the others the events of a run of ours. Telling never waits and never fails."""

    def remote(self, run_id: str, *, silence_s: float, otherwise: Otherwise) -> Followed | None:
        """A run of another replica; None when there are none."""

    async def last_seq(self, run_id: str) -> int:
        """The number of the newest event that was shared; 0 when there is none."""

    async def cancel(self, run_id: str) -> None:
        """Ask whoever has the run to stop it."""

    async def watched(self, run_id: str) -> bool:
        """Whether a client of another replica listens to a run of ours."""

    async def trouble(self) -> str:
        """Why replicas cannot reach each other; empty when they can."""

    async def aclose(self) -> None:
        """Give connections back."""


class Alone:
    """One process without others."""

    limits_storage: Storage | None = None

    async def start(self, stop_here: Callable[[str], None]) -> None:
        """See `Exchange`."""

    @asynccontextmanager
    async def publishing(self, run_id: str) -> AsyncIterator[Publish]:
        """See `Exchange`."""
        yield _ignore

    def remote(self, run_id: str, *, silence_s: float, otherwise: Otherwise) -> Followed | None:
        """See `Exchange`."""
        return None

    async def last_seq(self, run_id: str) -> int:
        """See `Exchange`."""
        return 0

    async def cancel(self, run_id: str) -> None:
        """See `Exchange`."""

    async def watched(self, run_id: str) -> bool:
        """See `Exchange`."""
        return False

    async def trouble(self) -> str:
        """See `Exchange`."""
        return ""

    async def aclose(self) -> None:
        """See `Exchange`."""


def _ignore(entry: Logged) -> None:
    """Nobody listens."""
