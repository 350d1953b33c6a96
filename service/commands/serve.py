"""`asterism serve`: the HTTP service."""

import socket

from agent.build import open_agent
from agent.errors import Misconfigured
from agent.settings import Settings
from service.access import is_loopback
from service.app import create_app
from service.commands.common import guarded, load_settings
from service.keys import KeyRing
from service.logs import set_up_logs
from service.measured_spans import MeasuredSpans
from service.metrics import Metrics
from service.open_exchange import open_exchange
from service.server import make_server, require_key_on
from service.tracing import open_spans


def run_serve(host: str, port: int, *, debug: bool) -> int:
    """Serve until told to stop; returns the exit code."""

    async def work() -> int:
        settings = load_settings()
        set_up_logs(settings.service.log_format)
        require_free(host, port)
        metrics = Metrics()
        async with (
            open_spans(settings.service.trace_url) as spans,
            open_agent(settings, spans=MeasuredSpans(spans, metrics)) as agent,
        ):
            require_key = await require_key_on(host, settings.service, KeyRing(agent.threads.database))
            app = create_app(
                agent,
                settings,
                require_key=require_key,
                hosts=known_names(host, settings, require_key=require_key),
                exchange=open_exchange(settings.cache.url),
                metrics=metrics,
            )
            await make_server(app, host, port, settings.service.drain_s).serve()
        return 0

    return guarded(work, debug=debug)


def known_names(host: str, settings: Settings, *, require_key: bool) -> list[str] | None:
    """Without keys, loopback answers only to its own names: a page whose name was rebound to it stays outside."""
    return [] if is_loopback(host) and not require_key else None


def require_free(host: str, port: int) -> None:
    """Refuse a port that is taken before the store and the workers are opened.

    Raises:
        Misconfigured: when it cannot be bound.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        # A name with a part that is empty or too long is refused while it is written down, before anybody is asked.
        why = error.strerror if isinstance(error, OSError) else "this is no name of a host"
        raise Misconfigured(
            f"The address {host}:{port} cannot be used ({why}).",
            remedy="Choose another with --host or --port.",
        ) from error
