"""Traces of runs for an OpenTelemetry collector: the optional extra `tracing`, loaded only where a collector is set."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from agent.errors import Misconfigured
from agent.spans import NoSpans, Spans

LAST_SEND_S = 3.0
"""When the service stops, what still waits gets so long."""


@asynccontextmanager
async def open_spans(trace_url: str, *, last_send_s: float = LAST_SEND_S) -> AsyncIterator[Spans]:
    """Send traces to the collector at `trace_url`; nowhere when that is empty. Closing takes `last_send_s` at most.

    Raises:
        Misconfigured: when the address is none, or the extra is not installed.
    """
    if not trace_url:
        yield NoSpans()
        return
    require_address(trace_url)
    try:
        from service.otel import OtelSpans, collector, provider_for
    except ImportError as error:
        raise Misconfigured(
            "Traces are to be sent, and OpenTelemetry is not installed.",
            remedy="Install it with `pip install 'asterism[tracing]'`.",
        ) from error
    provider = provider_for(collector(trace_url))
    try:
        yield OtelSpans(provider)
    finally:
        # In a thread that the process does not wait for: a collector that hangs would hold up its end.
        last = threading.Thread(target=provider.shutdown, name="last traces", daemon=True)
        last.start()
        await asyncio.to_thread(last.join, last_send_s)


def require_address(trace_url: str) -> None:
    """Refuse what is no address of a collector; it is not repeated, for it may hold a password.

    Raises:
        Misconfigured: when it is none.
    """
    try:
        place = urlsplit(trace_url)
        good = place.scheme in ("http", "https") and bool(place.hostname) and place.port != 0
    except ValueError:
        good = False
    if not good:
        raise Misconfigured(
            "The address of the trace collector is none.",
            remedy="Set ASTERISM_SERVICE__TRACE_URL to something like http://127.0.0.1:4318.",
        )
