"""Many asks at once, from a process of its own: `ask_at_once`.

The client speaks plain HTTP over sockets that are open before the first ask, so that what it measures is the server and
not how fast a client library makes two hundred requests.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

GIVE_UP_S = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one ask."""

    status: int
    ms: float
    """From the moment that all were sent to the last byte."""
    whole: bool
    """Whether the stream ended with an answer."""
    began_at: float
    """When it was sent, on the clock that all processes of a machine share."""


class Asking(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._got = bytearray()
        self._transport: asyncio.Transport | None = None
        self._began_at = 0.0
        self.reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, request: bytes, began_at: float) -> None:
        assert self._transport is not None
        self._began_at = began_at
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._got += data

    def connection_lost(self, exc: Exception | None) -> None:
        head = bytes(self._got[:16]).split()
        status = int(head[1]) if len(head) > 1 else 0
        ms = (time.perf_counter() - self._began_at) * 1000
        self.reply.set_result(Reply(status, ms, b"event: run.completed" in self._got, self._began_at))


async def ask_at_once(url: str, asks: int, question: str) -> list[Reply]:
    """Ask from a child process, everything at once; one reply for each ask."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.service.crowd", url, str(asks), question), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await child.communicate()
    return [Reply(**reply) for reply in json.loads(out)]


async def crowd(url: str, asks: int, question: str) -> list[Reply]:
    """Open all connections, then send on all of them, then listen."""
    place = urlsplit(url)
    loop = asyncio.get_running_loop()
    body = json.dumps({"question": question, "stream": True}).encode()
    request = (
        f"POST /ask HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode() + body
    host, port = place.hostname or "", place.port or 80
    asking = [(await loop.create_connection(Asking, host, port))[1] for _ in range(asks)]
    # The server may still be busy with taking the connections.
    await asyncio.sleep(0.3)
    began_at = time.perf_counter()
    for one in asking:
        one.send(request, began_at)
    async with asyncio.timeout(GIVE_UP_S):
        return await asyncio.gather(*(one.reply for one in asking))


if __name__ == "__main__":
    print(json.dumps([asdict(reply) for reply in asyncio.run(crowd(sys.argv[1], int(sys.argv[2]), sys.argv[3]))]))
