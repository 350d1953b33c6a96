"""Connections that do not say what they want are closed; slow bodies and silence between requests are borne."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from service.head_limit import HeadLimit

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"


class Quick(HeadLimit):
    head_timeout_s = 0.15


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    config = uvicorn.Config(app, http=Quick, log_config=None, timeout_keep_alive=5)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Quick(config, state, {}), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for connection in list(state.connections):
        connection.transport.close()
    await asyncio.sleep(0)


async def closed_after_s(reader: asyncio.StreamReader) -> float:
    started = time.monotonic()
    # What the other side had not read when it closed comes back as a reset.
    with suppress(ConnectionResetError):
        async with asyncio.timeout(2):
            await reader.read()
    return time.monotonic() - started


@pytest.mark.parametrize("sent", [b"", b"P", HEAD[:-2]])
async def test_a_head_that_does_not_end_closes_the_connection(port: int, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    assert 0.1 < await closed_after_s(reader) < 1
    writer.close()


async def test_dripping_bytes_win_no_time(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def drip() -> None:
        for byte in HEAD:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)

    dripping = asyncio.create_task(drip())
    assert await closed_after_s(reader) < 0.5
    dripping.cancel()
    writer.close()


async def test_a_slow_body_and_a_pause_between_requests_are_borne_and_a_second_head_has_its_limit(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD)
    await asyncio.sleep(0.25)
    writer.write(b"{}")
    assert b"200 OK" in await reader.readuntil(b"ok")
    await asyncio.sleep(0.25)
    writer.write(HEAD + b"{}")
    assert b"200 OK" in await reader.readuntil(b"ok")
    writer.write(HEAD[:10])
    assert 0.1 < await closed_after_s(reader) < 1
    writer.close()
