"""Servers that mean harm: each ends within its limit, and the rest of the program does not notice."""

import asyncio
import gc
import gzip
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd

from tests.tools.fetch.raw import Conversation, fetching, raw_server, reply
from tools.errors import FetchError, PageTimeout, PageTooLarge, PageUnavailable

MB = 1_000_000
BOMB_MB = 300
GROWTH = 64 * MB
"""Most that one bomb may add to the memory of the process."""


@asynccontextmanager
async def probed(longest_s: float) -> AsyncIterator[None]:
    """Fails when the event loop was held for longer than that meanwhile."""
    gaps: list[float] = []

    async def probe() -> None:
        while True:
            asked = time.thread_time()  # of this thread alone: a busy machine is not the loop's fault
            await asyncio.sleep(0.001)
            gaps.append(time.thread_time() - asked)

    # A full collection over the heap of a long test session takes 0.3 s, and is not the fetcher's.
    gc.disable()
    task = asyncio.create_task(probe())
    try:
        yield
    finally:
        task.cancel()
        gc.enable()
    assert max(gaps, default=0.0) < longest_s


def gzip_bomb() -> bytes:
    """Zeros by the megabyte; each block stands for itself, so one is made and repeated."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = pack.compress(bytes(MB)) + pack.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block * BOMB_MB + pack.flush()


def brotli_bomb() -> bytes:
    pack = brotli.Compressor(quality=1)
    return b"".join([*(pack.process(bytes(MB)) for _ in range(BOMB_MB)), pack.finish()])


def zstd_bomb() -> bytes:
    return zstd.compress(bytes(MB)) * BOMB_MB


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gzip": ("gzip", gzip_bomb),
    "br": ("br", brotli_bomb),
    "zstd": ("zstd", zstd_bomb),
    "gzip in gzip": ("gzip, gzip", lambda: gzip.compress(gzip_bomb(), 1)),
}


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def peak_bytes() -> int:
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="measures memory through /proc")
@pytest.mark.parametrize("kind", BOMBS)
async def test_a_compression_bomb_goes_off_harmlessly(kind: str) -> None:
    coding, make = BOMBS[kind]
    answer = reply(make(), f"Content-Encoding: {coding}")
    async with raw_server(lambda talk: talk.say(answer)) as raw, fetching(raw) as fetcher:
        forget_peak()
        before = peak_bytes()
        started = time.monotonic()
        async with probed(0.1):
            with pytest.raises((PageTooLarge, PageUnavailable)) as error:
                await fetcher.fetch(raw.url())
    assert error.value.remedy
    assert time.monotonic() - started < 2
    assert peak_bytes() - before < GROWTH


async def drip_body(talk: Conversation) -> None:
    await talk.say(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\n\r\n")
    while True:
        await talk.say(b"x")
        await asyncio.sleep(0.02)


async def drip_headers(talk: Conversation) -> None:
    await talk.say(b"HTTP/1.1 200 X\r\n")
    while True:
        await talk.say(b"x")
        await asyncio.sleep(0.02)


async def drip_chunks(talk: Conversation) -> None:
    await talk.say(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await talk.say(b"1\r\nx\r\n")
        await asyncio.sleep(0.02)


async def continue_for_ever(talk: Conversation) -> None:
    while True:
        await talk.say(b"HTTP/1.1 100 X\r\n\r\n" * 200)


async def say_nothing(talk: Conversation) -> None:
    await talk.reader.read()


@pytest.mark.parametrize("talk", [drip_body, drip_headers, drip_chunks, continue_for_ever, say_nothing])
async def test_a_server_that_never_ends_is_left_at_the_wall_clock(
    talk: Callable[[Conversation], object],
) -> None:
    started = time.monotonic()
    async with raw_server(talk) as raw, fetching(raw, timeout_s=0.4) as fetcher:  # type: ignore[arg-type]
        async with probed(0.2):
            with pytest.raises(PageTimeout, match=r"0\.4 s"):
                await fetcher.fetch(raw.url())
        assert await raw.left_alone()
    assert time.monotonic() - started < 1.5


async def test_an_endless_body_is_cut_at_the_limit() -> None:
    async def flood(talk: Conversation) -> None:
        await talk.say(b"HTTP/1.1 200 X\r\nContent-Type: text/plain\r\n\r\n")
        while True:
            await talk.say(b"words and words " * 4096)

    async with raw_server(flood) as raw, fetching(raw, max_bytes=300_000) as fetcher:
        fetched = await fetcher.fetch(raw.url())
    assert len(fetched.body) == 300_000
    assert fetched.truncated


async def test_an_endless_flood_of_tiny_chunks_lets_other_work_go_on() -> None:
    async def flood(talk: Conversation) -> None:
        await talk.say(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            await talk.say(b"1\r\nx\r\n" * 5000)

    async with raw_server(flood) as raw, fetching(raw, timeout_s=0.5) as fetcher, probed(0.2):
        with pytest.raises(PageTimeout):
            await fetcher.fetch(raw.url())


CHUNKED = "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"

BROKEN = {
    "nothing at all": b"",
    "not HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "half a status line": b"HTTP/1.1 2",
    "header of 300 KB": b"HTTP/1.1 200 X\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
    "chunk extension of 1 MB": b"HTTP/1.1 200 X\r\n" + CHUNKED.encode() + b"1;" + b"a" * MB + b"\r\nx\r\n",
    "5,000 headers": b"HTTP/1.1 200 X\r\n" + b"A: b\r\n" * 5000 + b"Content-Length: 2\r\n\r\nok",
    "negative length": reply(b"").replace(b"Content-Length: 0", b"Content-Length: -1"),
    "two lengths": reply(b"ok", "Content-Length: 9"),
    "status 999": reply(b"x", status=999),
    "chunk size of nonsense": b"HTTP/1.1 200 X\r\n" + CHUNKED.encode() + b"zz\r\n",
    "gzip that is none": reply(b"plain", "Content-Encoding: gzip"),
    "unknown coding": reply(b"x", "Content-Encoding: lzma"),
    "six codings": reply(b"x", "Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip"),
    "switching protocols": b"HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "redirect to nonsense": reply(b"", "Location: http://[", status=302),
}


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_broken_answer_is_an_error_of_ours(kind: str) -> None:
    async with raw_server(lambda talk: talk.say(BROKEN[kind])) as raw, fetching(raw) as fetcher:
        with pytest.raises(FetchError) as error:
            await fetcher.fetch(raw.url())
    assert error.value.remedy
    assert "\n" not in str(error.value)


async def test_a_body_that_breaks_off_is_used_as_far_as_it_came() -> None:
    answer = reply(b"<p>The first half of a page").replace(b"Content-Length: 27", b"Content-Length: 9999")
    async with raw_server(lambda talk: talk.say(answer)) as raw, fetching(raw) as fetcher:
        fetched = await fetcher.fetch(raw.url())
    assert fetched.body == b"<p>The first half of a page"
    assert fetched.truncated


async def test_a_hostile_page_does_not_hold_up_the_good_ones() -> None:
    async def serve(talk: Conversation) -> None:
        if talk.target == "/bad":
            await drip_headers(talk)
        await talk.say(reply(b"<p>good"))

    async with raw_server(serve) as raw, fetching(raw, timeout_s=1.0) as fetcher:
        started = time.monotonic()
        bad = asyncio.create_task(fetcher.fetch(raw.url("/bad")))
        good = await asyncio.gather(*(fetcher.fetch(raw.url(f"/{n}")) for n in range(4)))
        assert time.monotonic() - started < 0.9
        assert [page.body for page in good] == [b"<p>good"] * 4
        with pytest.raises(PageTimeout):
            await bad
