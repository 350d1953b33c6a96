"""What every cache keeps to, and what a Redis that dies may not do to the answers."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers import RedisServer, redis_server
from tools.cache import ENTRY_COST_BYTES, MAX_ENTRY_BYTES, MemoryCache


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


async def test_what_was_put_is_got_until_it_is_too_old() -> None:
    clock = Clock()
    cache = MemoryCache(clock=clock)
    await cache.put("a", b"1", keep_s=10)
    clock.now += 9.9
    assert await cache.get("a") == b"1"
    clock.now += 0.2
    assert await cache.get("a") is None
    assert cache.size_bytes == 0


async def test_when_it_is_full_what_was_used_longest_ago_goes() -> None:
    cache = MemoryCache(max_bytes=3 * (ENTRY_COST_BYTES + 101))
    for name in "abc":
        await cache.put(name, b"x" * 100, keep_s=10)
    await cache.get("a")
    await cache.put("d", b"x" * 100, keep_s=10)
    assert [name for name in "abcd" if await cache.get(name)] == ["a", "c", "d"]


async def test_what_is_too_long_or_for_no_time_is_not_kept() -> None:
    cache = MemoryCache()
    await cache.put("long", bytes(MAX_ENTRY_BYTES + 1), keep_s=10)
    await cache.put("past", b"x", keep_s=0)
    assert [await cache.get("long"), await cache.get("past")] == [None, None]
    nothing = MemoryCache(max_bytes=0)
    await nothing.put("a", b"", keep_s=10)
    assert await nothing.get("a") is None


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 400)), max_size=60))
def test_it_never_holds_more_bytes_than_allowed(puts: list[tuple[str, int]]) -> None:
    async def work() -> None:
        cache = MemoryCache(max_bytes=1500)
        for name, size in puts:
            await cache.put(name, bytes(size), keep_s=10)
            assert cache.size_bytes <= 1500
            assert await cache.get(name) == bytes(size)
        await cache.aclose()
        assert cache.size_bytes == 0

    asyncio.run(work())


async def test_redis_keeps_bytes_for_a_time_and_other_processes_see_them(redis: RedisServer) -> None:
    from tools.cache_redis import RedisCache

    one, other = RedisCache(redis.url), RedisCache(redis.url)
    await one.put("a", "字".encode(), keep_s=10)
    await one.put("b", b"x", keep_s=0.05)
    await asyncio.sleep(0.1)
    assert await other.get("a") == "字".encode()
    assert await other.get("b") is None
    await one.aclose()
    await other.aclose()


async def test_a_redis_that_dies_is_an_empty_cache_and_costs_one_short_wait() -> None:
    from tools.cache_redis import REST_S, RedisCache

    clock = Clock()
    with redis_server() as server:
        cache = RedisCache(server.url, clock=clock)
        await cache.put("a", b"1", keep_s=60)
        server.kill()
        started = time.monotonic()
        for _ in range(20):
            assert await cache.get("a") is None
            await cache.put("b", b"2", keep_s=60)
        assert time.monotonic() - started < 0.6
        server.start()
        assert await cache.get("a") is None, "it is left alone for a while"
        clock.now += REST_S
        await cache.put("c", b"3", keep_s=60)
        assert await cache.get("c") == b"3"
        await cache.aclose()


async def test_a_redis_that_was_never_there_is_an_empty_cache() -> None:
    pytest.importorskip("redis", reason="the extra `redis` is not installed")
    from tests.servers import free_port
    from tools.cache_redis import RedisCache

    cache = RedisCache(f"redis://127.0.0.1:{free_port()}/0")
    assert await cache.get("a") is None
    await cache.put("a", b"1", keep_s=60)
    await cache.aclose()
