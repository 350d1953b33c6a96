"""Single flight: equal work asked for at the same time is done once, and stops when nobody waits for it any more."""

import asyncio
from collections.abc import Coroutine, Hashable
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class _Flight(Generic[Value]):
    def __init__(self, task: asyncio.Task[Value]) -> None:
        self.task = task
        self.waiters = 0


class SingleFlight(Generic[Key, Value]):
    """Owns one task per key; a waiter that is cancelled leaves the others undisturbed."""

    def __init__(self) -> None:
        self._flights: dict[Key, _Flight[Value]] = {}

    async def run(self, key: Key, work: Coroutine[Any, Any, Value]) -> Value:
        """Wait for the work of `key`; joins the flight under way, closing `work` unused, or starts it."""
        flight = self._flights.get(key)
        if flight is None:
            flight = _Flight(asyncio.create_task(work))
            self._flights[key] = flight
            flight.task.add_done_callback(lambda task: self._landed(key, task))
        else:
            work.close()
        flight.waiters += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiters -= 1
            if flight.waiters == 0 and not flight.task.done():
                await self._stop(key, flight)

    async def aclose(self) -> None:
        """Stop everything under way."""
        for key, flight in list(self._flights.items()):
            await self._stop(key, flight)

    async def _stop(self, key: Key, flight: _Flight[Value]) -> None:
        self._forget(key, flight.task)  # from here on nobody may join it
        flight.task.cancel()
        await asyncio.wait({flight.task})

    def _landed(self, key: Key, task: asyncio.Task[Value]) -> None:
        self._forget(key, task)
        if not task.cancelled():
            task.exception()  # seen, even when nobody waits any more

    def _forget(self, key: Key, task: asyncio.Task[Value]) -> None:
        flight = self._flights.get(key)
        if flight is not None and flight.task is task:
            del self._flights[key]
