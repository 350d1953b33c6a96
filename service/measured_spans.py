"""Spans that are counted as well: of model calls only they know how long each took."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from agent.spans import Facts, Span, Spans
from service.metrics import Metrics


class MeasuredSpans:
    """Passes spans on to `inner`, and measures those of model calls."""

    def __init__(self, inner: Spans, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    def run(self, run_id: str) -> AbstractContextManager[Span]:
        """See `agent.spans.Spans`."""
        return self._inner.run(run_id)

    def node(self, name: str, run: Span) -> AbstractContextManager[Span]:
        """See `agent.spans.Spans`."""
        return self._inner.node(name, run)

    @contextmanager
    def leaf(self, name: str, facts: Facts) -> Iterator[Span]:
        """See `agent.spans.Spans`."""
        started, outcome = time.monotonic(), "answered"
        try:
            with self._inner.leaf(name, facts) as span:
                yield span
        except (asyncio.CancelledError, GeneratorExit):
            outcome = "cancelled"
            raise
        except Exception:
            outcome = "failed"
            raise
        finally:
            if name == "model":
                model = str(facts["gen_ai.request.model"])
                self._metrics.model_calls.labels(model, outcome).inc()
                self._metrics.model_seconds.labels(model).observe(time.monotonic() - started)
