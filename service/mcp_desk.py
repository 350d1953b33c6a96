"""Where the tools of the MCP server get their work done: through the admission of the service, or in this process."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from typing import Protocol

from agent.events import Event
from agent.options import AskOptions
from agent.run import Agent
from agent.settings import Settings
from service.callers import Caller
from service.hub import Hub


class Desk(Protocol):
    """Does what the tools promise, for one caller at a time or for many."""

    @property
    def agent(self) -> Agent:
        """Searches and reads."""

    @property
    def settings(self) -> Settings:
        """Limits."""

    def ask(self, caller: Caller, question: str, options: AskOptions) -> AsyncGenerator[Event]:
        """The events of a run to its terminal one; closing the generator stops the run."""

    def admitted(self, caller: Caller) -> AbstractAsyncContextManager[None]:
        """A place to work in; raises TooBusy."""


class LocalDesk:
    """For one user on standard input and output: nobody to keep apart, nothing to limit."""

    def __init__(self, agent: Agent, settings: Settings) -> None:
        self.agent = agent
        self.settings = settings

    async def ask(self, caller: Caller, question: str, options: AskOptions) -> AsyncGenerator[Event]:
        """See `Desk`."""
        async with aclosing(self.agent.stream(question, options, owner=caller.owner)) as events:
            async for event in events:
                yield event

    @asynccontextmanager
    async def admitted(self, caller: Caller) -> AsyncIterator[None]:
        """See `Desk`."""
        yield


class ServiceDesk:
    """For the callers of the service: the same rates, places and threads as in its other APIs."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.agent = hub.agent
        self.settings = hub.settings

    async def ask(self, caller: Caller, question: str, options: AskOptions) -> AsyncGenerator[Event]:
        """See `Desk`."""
        run = await self._hub.runs.start(caller, question, options)
        async with run.listen() as batches:
            async for batch in batches:
                for entry in batch:
                    yield entry.event

    @asynccontextmanager
    async def admitted(self, caller: Caller) -> AsyncIterator[None]:
        """See `Desk`."""
        slot = await self._hub.admission.admit(caller)
        try:
            yield
        finally:
            slot.release()
