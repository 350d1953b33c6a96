"""Spans: the stretches of a run that a trace shows. Nobody looks at them unless the service is told to.

What is noted of them never holds the question, a query, a path of an address, or words of a page or a model.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Facts = Mapping[str, str | int | float | bool]
"""Names and values as OpenTelemetry has them."""


class Span(Protocol):
    """A stretch of time that goes on."""

    def note(self, facts: Facts) -> None:
        """Add what is known now."""


class Spans(Protocol):
    """Opens spans. Leaving one with an error or a cancellation notes which, without its words."""

    def run(self, run_id: str) -> AbstractContextManager[Span]:
        """A whole run, and the beginning of its trace."""

    def node(self, name: str, run: Span) -> AbstractContextManager[Span]:
        """A node of a run. What the same task opens in the meantime, and the tasks that it starts, lies inside."""

    def leaf(self, name: str, facts: Facts) -> AbstractContextManager[Span]:
        """Something that a node does with the world outside."""


class _Nothing:
    """Notes nothing."""

    def note(self, facts: Facts) -> None:
        """See `Span`."""


NOTHING: Span = _Nothing()


class NoSpans:
    """For runs that nobody traces."""

    @contextmanager
    def _open(self) -> Iterator[Span]:
        yield NOTHING

    def run(self, run_id: str) -> AbstractContextManager[Span]:
        """See `Spans`."""
        return self._open()

    def node(self, name: str, run: Span) -> AbstractContextManager[Span]:
        """See `Spans`."""
        return self._open()

    def leaf(self, name: str, facts: Facts) -> AbstractContextManager[Span]:
        """See `Spans`."""
        return self._open()
