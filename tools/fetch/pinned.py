"""The network backend that connects only where the guard allows: one lookup, all answers judged, literal connected.

Connecting happens here and nowhere else, so a name that changes its answer between check and use gains nothing: the
addresses that were judged are the addresses that are connected to. The URL keeps its host name, so TLS still asks for
the certificate of that name, and the pool never shares a connection between two names.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore2

from tools.errors import PageUnavailable, UrlRefused
from tools.url_guard import host_port, is_public_address

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Looks a name up: (host, port) to IP address literals, in the order to try them; OSError when there are none."""

MAX_ADDRESSES = 4
"""Addresses tried for one name; a name with hundreds must not turn one fetch into hundreds of connections."""

CONNECT_TIMEOUT_S = 2.5
"""Longest wait for one address, so that a dead first address leaves time for the second."""

READ_BYTES = 16_384
"""Most that is read at once: one TLS record."""

_DNS_THREADS = 8
"""getaddrinfo blocks and cannot be stopped; its threads are our own, so that slow name servers hold up nothing else."""


class SystemResolver:
    """The operating system's resolver, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=_DNS_THREADS, thread_name_prefix="dns")

    async def __call__(self, host: str, port: int) -> list[str]:
        """Look `host` up; raises OSError when it has no address."""
        loop = asyncio.get_running_loop()
        answers = await loop.run_in_executor(self._threads, _getaddrinfo, host, port)
        return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in answers))

    def close(self) -> None:
        """Let the threads end; a lookup under way finishes unheard."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class PinnedBackend(httpcore2.AsyncNetworkBackend):
    """Resolves, judges, connects, and checks who answered."""

    def __init__(
        self, resolve: Resolve, allow_hosts: frozenset[str], inner: httpcore2.AsyncNetworkBackend | None = None
    ) -> None:
        self._resolve = resolve
        self._allow_hosts = allow_hosts
        self._inner = inner or httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore2
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first of the host's addresses that accepts.

        Raises:
            UrlRefused: when any address of the host is not public, or somebody else answered.
            PageUnavailable: when the name has no address, or none of the addresses accepts.
        """
        failure: Exception | None = None
        for address in (await self._addresses(host, port))[:MAX_ADDRESSES]:
            try:
                stream = await self._inner.connect_tcp(
                    address,
                    port,
                    timeout=CONNECT_TIMEOUT_S if timeout is None else min(timeout, CONNECT_TIMEOUT_S),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
                continue
            if not _is_peer(stream, address):
                await stream.aclose()
                raise _refused("another address answered than the one asked")
            return _SmallReads(stream)
        raise PageUnavailable("The server does not accept connections.", remedy="Try again later.") from failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore2
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Refuse: no page lies behind a local socket."""
        raise _refused("it names a local socket")

    async def sleep(self, seconds: float) -> None:
        """Wait, for httpcore2's own retries (which are off)."""
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[str]:
        """All addresses of a host, judged; one bad answer refuses the name, whatever else it answers."""
        addresses = [host] if _is_literal(host) else await self._look_up(host, port)
        allowed = host_port(host, port) in self._allow_hosts
        if not allowed and not all(is_public_address(address) for address in addresses):
            raise _refused("its name leads to an address that is not public")
        return addresses

    async def _look_up(self, host: str, port: int) -> list[str]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise PageUnavailable("The host name has no address.", remedy="Check the spelling of the host.") from error
        if not addresses:
            raise PageUnavailable("The host name has no address.", remedy="Check the spelling of the host.")
        return addresses


class _SmallReads(httpcore2.AsyncNetworkStream):
    """Reads in TLS-sized pieces also without TLS.

    What is read is parsed at one go: 64 KB of `100 Continue` hold the event loop for 120 ms, a quarter of it for 30.
    """

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        return await self._stream.read(min(max_bytes, READ_BYTES), timeout)

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
        return await self._stream.start_tls(ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _getaddrinfo(host: str, port: int) -> list[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_peer(stream: httpcore2.AsyncNetworkStream, address: str) -> bool:
    peer = stream.get_extra_info("server_addr")
    try:
        return bool(peer) and ipaddress.ip_address(peer[0]) == ipaddress.ip_address(address)
    except ValueError:
        return False


def _refused(reason: str) -> UrlRefused:
    return UrlRefused(
        f"The address may not be fetched: {reason}.",
        remedy="If the host is yours, list its host:port in ASTERISM_FETCH__ALLOW_HOSTS.",
    )
