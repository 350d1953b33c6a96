"""The exchange that the settings name."""

from agent.errors import Misconfigured
from service.exchange import Alone, Exchange

REDIS_SCHEMES = ("redis://", "rediss://", "valkey://")


def open_exchange(url: str) -> Exchange:
    """`memory://` is one process alone; `redis://…` connects replicas.

    Raises:
        Misconfigured: when it is neither, or the driver is missing.
    """
    if url == "memory://":
        return Alone()
    if not url.startswith(REDIS_SCHEMES):
        raise Misconfigured(f"The cache {url.split('://')[0]}:// is not known.", remedy="Use memory:// or redis://….")
    try:
        from service.redis_exchange import RedisExchange
    except ImportError as error:
        raise Misconfigured(
            "The cache is a Redis server, and its driver is not installed.",
            remedy="Install it with `pip install 'asterism[redis]'`.",
        ) from error
    return RedisExchange(url.replace("valkey://", "redis://", 1))
