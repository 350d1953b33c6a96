"""Spans as OpenTelemetry makes and sends them. The only module that loads its SDK.

Spans wait in memory for a thread that sends them. When the collector is slow or gone they are dropped, and no run waits
for it or hears of it.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from agent.spans import Facts, Span

log = logging.getLogger(__name__)

WAITING_SPANS = 8192
"""Spans that may wait for the collector: those of about 400 runs, a kilobyte each."""
BATCH_SPANS = 512
SEND_EVERY_MS = 1000
SEND_TIMEOUT_S = 5.0


class Watched(SpanExporter):
    """Passes spans on, and tells once when they cannot be delivered, and once when they can again."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """See `SpanExporter`."""
        result = self._exporter.export(spans)
        failing = result is not SpanExportResult.SUCCESS
        if failing != self._failing:
            self._failing = failing
            log.warning("traces cannot be delivered" if failing else "traces are delivered again")
        return result

    def shutdown(self) -> None:
        """See `SpanExporter`."""
        self._exporter.shutdown()


def collector(trace_url: str) -> SpanExporter:
    """Sends to a collector over OTLP/HTTP. Headers that it wants come from `OTEL_EXPORTER_OTLP_HEADERS`."""
    # OpenTelemetry tells every batch that fails, with addresses; `Watched` tells the first one, without.
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    return OTLPSpanExporter(endpoint=f"{trace_url.rstrip('/')}/v1/traces", timeout=SEND_TIMEOUT_S)


def provider_for(exporter: SpanExporter) -> TracerProvider:
    """OpenTelemetry's machinery around an exporter; never the one of the whole process."""
    resource = Resource.create({"service.name": "asterism", "service.version": version("asterism")})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(
        BatchSpanProcessor(
            Watched(exporter),
            max_queue_size=WAITING_SPANS,
            max_export_batch_size=BATCH_SPANS,
            schedule_delay_millis=SEND_EVERY_MS,
        )
    )
    return provider


@dataclass(frozen=True, slots=True)
class OtelSpan:
    """See `agent.spans.Span`."""

    span: trace.Span

    def note(self, facts: Facts) -> None:
        """See `agent.spans.Span`."""
        self.span.set_attributes(dict(facts))


class OtelSpans:
    """See `agent.spans.Spans`."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("asterism", version("asterism"))

    @contextmanager
    def run(self, run_id: str) -> Iterator[Span]:
        """See `agent.spans.Spans`."""
        # A context of its own: a run is the beginning of its trace, whoever began it.
        span = self._tracer.start_span("run", context.Context(), attributes={"asterism.run_id": run_id})
        with _ended(span):
            yield OtelSpan(span)

    @contextmanager
    def node(self, name: str, run: Span) -> Iterator[Span]:
        """See `agent.spans.Spans`."""
        above = trace.set_span_in_context(run.span) if isinstance(run, OtelSpan) else None
        span = self._tracer.start_span(name, above)
        token = context.attach(trace.set_span_in_context(span))
        try:
            with _ended(span):
                yield OtelSpan(span)
        finally:
            context.detach(token)

    @contextmanager
    def leaf(self, name: str, facts: Facts) -> Iterator[Span]:
        """See `agent.spans.Spans`."""
        span = self._tracer.start_span(name, kind=trace.SpanKind.CLIENT, attributes=dict(facts))
        with _ended(span):
            yield OtelSpan(span)


@contextmanager
def _ended(span: trace.Span) -> Iterator[None]:
    """End a span however it is left. Of an error only the kind is noted: its words may hold an address or a query."""
    try:
        yield
    except (asyncio.CancelledError, GeneratorExit):
        span.set_attribute("asterism.cancelled", True)
        raise
    except BaseException as error:
        span.set_attribute("error.type", type(error).__name__)
        span.set_status(trace.StatusCode.ERROR)
        raise
    finally:
        span.end()
