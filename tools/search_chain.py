"""The provider chain: the first that answers wins, and who did not answer is told apart from who found nothing."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.breaker import Breaker
from tools.errors import (
    SearchBlocked,
    SearchError,
    SearchNotSetUp,
    SearchQuotaExceeded,
    SearchRefused,
    SearchUnreachable,
)
from tools.search import (
    ProviderOptions,
    SearchProvider,
    SearchRequest,
    SearchResult,
    make_provider,
    provider_names,
)
from tools.search._outcome import SearchStumbled

FailureKind = Literal["blocked", "quota", "refused", "unreachable"]

ATTEMPTS = 3
"""Tries of one provider in one search, when it stumbles."""

RETRY_PAUSE_S = 0.2
"""Shortest pause before another try; up to twice that, at random, so that many do not come back together."""

_KINDS: tuple[tuple[type[SearchError], FailureKind], ...] = (
    (SearchQuotaExceeded, "quota"),
    (SearchBlocked, "blocked"),
    (SearchRefused, "refused"),
    (SearchUnreachable, "unreachable"),
)
"""Most telling first: what a failure of the whole chain is called when its providers failed in several ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFailure:
    """One provider that gave no answer."""

    provider: str
    kind: FailureKind
    message: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """An answer of the chain: results of one provider, or the honest news that nothing was found."""

    results: tuple[SearchResult, ...]
    """Best first; empty when every provider that answered found nothing."""
    provider: str
    """Who answered."""
    ms: int
    """Wall time of the whole search."""
    cached: bool = False
    """True when no provider had to be asked."""
    failures: tuple[SearchFailure, ...] = ()
    """Who was asked before and gave no answer, in the order of the chain."""
    empty: tuple[str, ...] = ()
    """Who answered and found nothing."""


class SearchChain:
    """Asks providers in order, each behind its own breaker, all within one deadline."""

    def __init__(
        self,
        providers: Sequence[SearchProvider],
        *,
        call_timeout_s: float = 6.0,
        deadline_s: float = 9.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Take over `providers`, in order; `aclose` closes them.

        Args:
            providers: Who is asked.
            call_timeout_s: Longest wait for one provider, its retries included.
            deadline_s: Longest wait for all of them.
            clock: Seconds that only grow.
            sleep: Waits that many seconds.
            jitter: Random numbers from 0 to 1.
        """
        self._seats = [_Seat(provider, Breaker(clock=clock)) for provider in providers]
        self._call_timeout_s = call_timeout_s
        self._deadline_s = deadline_s
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter

    async def search(self, request: SearchRequest) -> Searched:
        """Search until a provider has results.

        Raises:
            SearchError: when no provider answered; its class is the most telling of theirs, its text names each.
        """
        started = self._clock()
        failures: list[SearchFailure] = []
        empty: list[str] = []
        for place, seat in enumerate(self._seats):
            left_s = self._deadline_s - (self._clock() - started)
            waiting = sum(not later.breaker.is_open for later in self._seats[place:])
            try:
                # A silent provider must leave time for those after it: everybody left has an equal claim.
                budget_s = min(self._call_timeout_s, left_s / max(waiting, 1))
                results = await self._ask(seat, request, budget_s)
            except SearchError as error:
                failures.append(_failure(seat.provider.name, error))
                continue
            if results:
                return self._searched(started, seat, results, failures, empty)
            empty.append(seat.provider.name)
        if not empty:
            raise _nobody(failures)
        first = next(seat for seat in self._seats if seat.provider.name == empty[0])
        return self._searched(started, first, [], failures, empty)

    async def aclose(self) -> None:
        """Close every provider."""
        for seat in self._seats:
            await seat.provider.aclose()

    async def _ask(self, seat: "_Seat", request: SearchRequest, budget_s: float) -> list[SearchResult]:
        """Ask one provider, and tell its breaker how it went."""
        if budget_s <= 0:
            raise SearchUnreachable("There was no time left to ask.", remedy="Raise ASTERISM_RUN__SEARCH_TIMEOUT_S.")
        if not seat.breaker.admit():
            raise seat.resting()
        try:
            async with asyncio.timeout(budget_s):
                results = await self._try(seat.provider, request)
        except TimeoutError as timeout:
            error = SearchUnreachable(f"No answer within {budget_s:.1f} s.", remedy="Check the network, or try later.")
            seat.failed(error)
            raise error from timeout
        except SearchError as error:
            if isinstance(error, SearchNotSetUp):
                seat.breaker.release()  # It need not recover: the user will set it up, and then it answers.
            else:
                seat.failed(error)
            raise
        except BaseException:
            seat.breaker.release()
            raise
        seat.breaker.succeed()
        return results

    async def _try(self, provider: SearchProvider, request: SearchRequest) -> list[SearchResult]:
        for _ in range(ATTEMPTS - 1):
            try:
                return await provider.search(request)
            except SearchStumbled:
                await self._sleep(RETRY_PAUSE_S * (1 + self._jitter()))
        return await provider.search(request)

    def _searched(
        self,
        started: float,
        seat: "_Seat",
        results: list[SearchResult],
        failures: list[SearchFailure],
        empty: list[str],
    ) -> Searched:
        return Searched(
            results=tuple(results),
            provider=seat.provider.name,
            ms=round((self._clock() - started) * 1000),
            failures=tuple(failures),
            empty=tuple(empty),
        )


class _Seat:
    """A provider in the chain, with what is known about its health."""

    def __init__(self, provider: SearchProvider, breaker: Breaker) -> None:
        self.provider = provider
        self.breaker = breaker
        self._last: SearchError | None = None

    def failed(self, error: SearchError) -> None:
        self._last = error
        self.breaker.fail()

    def resting(self) -> SearchError:
        """The last failure again, for a provider that is not asked because of it."""
        last = self._last or SearchUnreachable("It failed before.", remedy="Try again later.")
        left_s = self.breaker.rest_left_s
        kind = SearchUnreachable if isinstance(last, SearchStumbled) else type(last)
        return kind(f"{last} (not asked again for {left_s:.0f} s)", provider=self.provider.name, remedy=last.remedy)


class NotReady:
    """Stands in for a provider that is named but not configured: the chain goes on, and the user is told."""

    def __init__(self, name: str, error: SearchRefused) -> None:
        self.name = name
        self._error = error

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        """Raise what the provider raised when it was made."""
        raise SearchRefused(str(self._error), provider=self.name, remedy=self._error.remedy)

    async def aclose(self) -> None:
        """Nothing to give back."""


def make_providers(names: Sequence[str], options: ProviderOptions) -> list[SearchProvider]:
    """Build the named providers in order; one without its key or file becomes a `NotReady`.

    Raises:
        SearchRefused: for a name that no provider has, or when none at all is configured.
    """
    known = provider_names()
    providers: list[SearchProvider] = []
    for name in names:
        try:
            providers.append(make_provider(name, options))
        except SearchRefused as error:
            if name not in known or len(names) == 1:
                raise
            providers.append(NotReady(name, error))
    return providers


def _failure(provider: str, error: SearchError) -> SearchFailure:
    return SearchFailure(provider=provider, kind=_kind(error), message=str(error), remedy=error.remedy)


def _kind(error: SearchError) -> FailureKind:
    return next((kind for cls, kind in _KINDS if isinstance(error, cls)), "unreachable")


def _nobody(failures: Sequence[SearchFailure]) -> SearchError:
    """One error out of many."""
    if not failures:
        return SearchRefused("No search provider is set.", remedy="Set ASTERISM_SEARCH__PROVIDERS.")
    cls, kind = next((cls, kind) for cls, kind in _KINDS if any(failure.kind == kind for failure in failures))
    telling = next(failure for failure in failures if failure.kind == kind)
    message = " ".join(f"{failure.provider}: {failure.message}" for failure in failures)
    remedies = dict.fromkeys(f"{failure.provider}: {failure.remedy}" for failure in failures if failure.remedy)
    return cls(f"No search provider answered. {message}", provider=telling.provider, remedy=" ".join(remedies))
