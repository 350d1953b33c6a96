"""A pretend internet on loopback: fake DNS, connections to any address rerouted, a canary behind every private one."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpcore2
import trustme

from tools.fetch import Fetcher, FetchLimits

Route = tuple[int, str | None, Mapping[str, str], str]
"""Status, Location, further headers, body."""

PUBLIC = "PUBLIC"
SECRET = "SECRET"
DEAD = "1.2.3.4"
"""A public address where nobody answers."""

HOSTS_FILE = {"localhost": ["127.0.0.1"], "ip6-localhost": ["::1"]}
"""What every machine resolves without asking anybody."""


def is_private(address: str) -> bool:
    """An opinion of its own about addresses, so that the guard is not its own judge."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if wrapped is not None:
            return True
    return not ip.is_global or ip.is_multicast or ip.is_reserved


@dataclass
class Internet:
    """What was asked and connected, and what servers say."""

    names: Mapping[str, list[list[str]]]
    routes: Mapping[str, Route]
    cycle: bool = False
    lookups: dict[str, int] = field(default_factory=dict)
    connects: list[tuple[str, int]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)

    def private_connects(self) -> list[str]:
        return [address for address, _ in self.connects if is_private(address)]

    async def resolve(self, host: str, port: int) -> list[str]:
        name = host.lower().rstrip(".")
        if name in HOSTS_FILE and name not in self.names:
            return HOSTS_FILE[name]
        answers = self.names.get(name)
        if answers is None:
            raise OSError(f"no such name: {name}")
        turn = self.lookups.get(name, 0)
        self.lookups[name] = turn + 1
        return answers[turn % len(answers)] if self.cycle else answers[min(turn, len(answers) - 1)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                target = head.split(b" ")[1].decode()
                self.requests.append(target)
                self.headers.append(head.decode("latin-1"))
                writer.write(answer(self.routes.get(target, (200, None, {}, PUBLIC))))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def answer(route: Route) -> bytes:
    status, location, headers, body = route
    fields = {"Content-Type": "text/html", "Content-Length": str(len(body.encode())), **headers}
    if location is not None:
        fields["Location"] = location
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} X\r\n{lines}\r\n{body}".encode()


async def tell_secret(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(answer((200, None, {"Connection": "close"}, SECRET)))
    await writer.drain()
    writer.close()


@dataclass
class Rerouted(httpcore2.AsyncNetworkBackend):
    """Connects every address to a server on loopback and says that the address answered."""

    internet: Internet
    plain_port: int
    tls_port: int
    canary_port: int

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        self.internet.connects.append((host, port))
        if host == DEAD:
            raise httpcore2.ConnectError("refused")
        target = self.canary_port if is_private(host) else self.tls_port if port in {443, 8443} else self.plain_port
        stream = await httpcore2.AnyIOBackend().connect_tcp("127.0.0.1", target, timeout=timeout)
        return Disguised(stream, (host, port))


class Disguised(httpcore2.AsyncNetworkStream):
    """A loopback stream that names another peer."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream, peer: tuple[str, int]) -> None:
        self._stream = stream
        self._peer = peer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore2.AsyncNetworkStream:
        return Disguised(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._peer)

    def get_extra_info(self, info: str) -> Any:
        return self._peer if info == "server_addr" else self._stream.get_extra_info(info)


@dataclass(frozen=True)
class Authority:
    """A certificate authority that only the test believes in."""

    ca: trustme.CA

    def client(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.ca.configure_trust(context)
        return context

    def server(self, *names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*names).configure_cert(context)
        return context


@asynccontextmanager
async def online(
    internet: Internet,
    authority: Authority,
    *,
    limits: FetchLimits | None = None,
    certified: tuple[str, ...] = ("pub.example",),
) -> AsyncIterator[Fetcher]:
    """A fetcher whose whole world is `internet`; certificates are good for the `certified` names only."""
    plain = await asyncio.start_server(internet.serve, "127.0.0.1", 0)
    tls = await asyncio.start_server(internet.serve, "127.0.0.1", 0, ssl=authority.server(*certified))
    canary = await asyncio.start_server(tell_secret, "127.0.0.1", 0)
    ports = [server.sockets[0].getsockname()[1] for server in (plain, tls, canary)]
    fetcher = Fetcher(
        limits or FetchLimits(timeout_s=5.0),
        resolve=internet.resolve,
        network=Rerouted(internet, *ports),
        ssl_context=authority.client(),
    )
    try:
        yield fetcher
    finally:
        await fetcher.aclose()
        for server in (plain, tls, canary):
            server.close()
