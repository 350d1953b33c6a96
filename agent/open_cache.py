"""The cache that the settings name."""

from agent.errors import Misconfigured
from agent.settings import CacheSettings
from tools.cache import Cache, MemoryCache

REDIS_SCHEMES = ("redis://", "rediss://", "valkey://")


def open_cache(settings: CacheSettings) -> Cache:
    """`memory://` or a Redis or Valkey server; connects to nothing yet.

    Raises:
        Misconfigured: when it is neither, or the driver is missing.
    """
    url = settings.url
    if url == "memory://" or settings.max_bytes == 0:
        return MemoryCache(max_bytes=settings.max_bytes)
    if not url.startswith(REDIS_SCHEMES):
        raise Misconfigured("ASTERISM_CACHE__URL names no cache that is known.", remedy="Use memory:// or redis://….")
    try:
        from tools.cache_redis import RedisCache
    except ImportError as error:
        raise Misconfigured(
            "The cache is a Redis server, and its driver is not installed.",
            remedy="Install it with `pip install 'asterism[redis]'`.",
        ) from error
    try:
        return RedisCache(url.replace("valkey://", "redis://", 1))
    except ValueError as error:
        raise Misconfigured("The address of the cache is none.", remedy="Use redis://HOST:PORT/0.") from error
