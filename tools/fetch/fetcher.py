"""Fetcher: an address in, a body out, every hop through the guard and every wait under one wall clock.

No cookies, no credentials, no proxy, nothing from the environment; redirects are followed by hand.
"""

import asyncio
import importlib.util
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import httpcore2
import httpx2

from tools.certificates import make_ssl_context
from tools.errors import PageTimeout, PageUnavailable
from tools.fetch.body import check_coding, known_codings, read_body
from tools.fetch.errand import Errand, for_page, for_part
from tools.fetch.fetched import NOT_MODIFIED, Fetched, FetchLimits, Validators
from tools.fetch.flights import SingleFlight
from tools.fetch.hosts import HostGate
from tools.fetch.pinned import PinnedBackend, Resolve, SystemResolver
from tools.url_guard import host_of, host_port, port_of, spell_hosts

MAX_HEADERS = 200
"""Header lines accepted; pages send 10 to 40."""

_MAX_HEADER_CHARS = 512
"""Longest header value kept in a `Fetched`."""

_KEEPALIVE_S = 15.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ASKS_FOR_REST = frozenset({429, 503})


class Fetcher:
    """Fetches pages; safe to share between runs, and to be called from many tasks at once."""

    def __init__(
        self,
        limits: FetchLimits,
        *,
        resolve: Resolve | None = None,
        network: httpcore2.AsyncNetworkBackend | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Build a fetcher; connects to nothing yet.

        Args:
            limits: Bounds of every fetch.
            resolve: Looks names up; the operating system by default.
            network: Connects to IP literals that passed the guard; TCP by default.
            ssl_context: Which certificates are believed; those of the machine by default.
        """
        self._limits = replace(limits, allow_hosts=spell_hosts(limits.allow_hosts))
        self._system = SystemResolver()
        self._gate = HostGate(per_host=limits.per_host, total=limits.total)
        self._flights: SingleFlight[tuple[str, Validators | None, Errand], Fetched] = SingleFlight()
        self._codings = known_codings()
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=ssl_context or make_ssl_context(),
            max_connections=limits.total * 2,
            max_keepalive_connections=limits.total,
            keepalive_expiry=_KEEPALIVE_S,
            http2=importlib.util.find_spec("h2") is not None,
            network_backend=PinnedBackend(resolve or self._system, self._limits.allow_hosts, network),
        )

    async def fetch(self, url: str, *, timeout_s: float | None = None, validators: Validators | None = None) -> Fetched:
        """Fetch one page.

        Args:
            url: Absolute http(s) address.
            timeout_s: Wall clock of this call; never longer than the limit of the fetcher.
            validators: From an earlier answer; the outcome may then be `not_modified`.

        Raises:
            UrlRefused: the address, or one it leads to, may not be fetched.
            PageTimeout: the wall clock ran out.
            PageTooLarge: a PDF over the limit, or a compression bomb.
            PageUnavailable: an HTTP error, too many redirects, or no connection.
            NotText: a type that cannot be read.
        """
        return await self._run(url, for_page(self._limits.allow_hosts), timeout_s, validators)

    async def fetch_part(self, url: str, *, page_url: str, timeout_s: float | None = None) -> Fetched:
        """Fetch what a page asks for while a browser draws it: a script or data.

        Strangers write such requests, so of the operator's own hosts only the page's own can be reached.

        Args:
            url: Absolute http(s) address.
            page_url: Address of the page.
            timeout_s: Wall clock of this call; never longer than the limit of the fetcher.

        Raises:
            FetchError: as `fetch` does.
        """
        return await self._run(url, for_part(self._limits.allow_hosts, page_url), timeout_s, None)

    async def _run(self, url: str, errand: Errand, timeout_s: float | None, validators: Validators | None) -> Fetched:
        checked = errand.check_url(url)
        limit_s = min(timeout_s or self._limits.timeout_s, self._limits.timeout_s)
        try:
            async with asyncio.timeout(limit_s):
                flight = self._fly(checked, validators, errand)
                fetched = await self._flights.run((str(checked), validators, errand), flight)
        except TimeoutError as error:
            raise _timed_out(limit_s) from error
        return replace(fetched, url=url)

    async def aclose(self) -> None:
        """Stop every fetch under way and close every connection."""
        await self._flights.aclose()
        await self._pool.aclose()
        self._system.close()

    async def _fly(self, url: httpx2.URL, validators: Validators | None, errand: Errand) -> Fetched:
        """One fetch, however many wait for it; its own wall clock holds when waiters come and go."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._limits.timeout_s):
                fetched = await self._follow(url, validators, errand)
        except TimeoutError as error:
            raise _timed_out(self._limits.timeout_s) from error
        except (httpcore2.ProtocolError, httpcore2.NetworkError, httpcore2.TimeoutException, OSError) as error:
            raise PageUnavailable("The connection failed.", remedy="Try again later.") from error
        return replace(fetched, ms=round((time.monotonic() - started) * 1000))

    async def _follow(self, url: httpx2.URL, validators: Validators | None, errand: Errand) -> Fetched:
        for _ in range(self._limits.max_redirects + 1):
            outcome = await self._hop(url, validators, errand)
            if isinstance(outcome, Fetched):
                return outcome
            url = errand.check_url(_join(url, outcome))
        raise PageUnavailable(
            f"The page redirects more than {self._limits.max_redirects} times.", remedy="Use another source."
        )

    async def _hop(self, url: httpx2.URL, validators: Validators | None, errand: Errand) -> Fetched | str:
        """Make one request; answers with the page, or with the `Location` to go on to."""
        throttled = host_port(host_of(url), port_of(url)) not in self._limits.allow_hosts
        request = self._request(url, validators, errand)
        async with self._gate.turn(host_of(url), throttled=throttled), self._send(request) as response:
            headers = response.headers
            if len(headers.raw) > MAX_HEADERS:
                raise PageUnavailable("The server sent too many headers.", remedy="Use another source.")
            if response.status_code in _REDIRECTS and headers.get("location"):
                return str(headers["location"])
            if response.status_code == NOT_MODIFIED and validators:
                return _fetched(url, response, b"", truncated=False)
            if response.status_code in _ASKS_FOR_REST:
                self._gate.note_rest(host_of(url), headers.get("retry-after", ""))
            if not response.is_success:
                raise PageUnavailable(f"The site answered HTTP {response.status_code}.", remedy="Use another source.")
            content_type = _content_type(headers)
            errand.check_type(content_type)
            check_coding(headers, self._codings)
            body, truncated = await read_body(response, content_type, self._limits.max_bytes)
            return _fetched(url, response, body, truncated=truncated)

    @asynccontextmanager
    async def _send(self, request: httpcore2.Request) -> AsyncIterator[httpx2.Response]:
        """Send one request; gives the connection back however the reading ends."""
        answer = await self._pool.handle_async_request(request)
        async with aclosing(_Stream(answer)) as stream:
            yield httpx2.Response(answer.status, headers=answer.headers, stream=stream)

    def _request(self, url: httpx2.URL, validators: Validators | None, errand: Errand) -> httpcore2.Request:
        fields = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": _one_line(self._limits.user_agent),
            "Accept": errand.accept,
            "Accept-Language": "*",
            "Accept-Encoding": ", ".join(self._codings),
        }
        if validators and validators.url == str(url):
            fields["If-None-Match"] = _one_line(validators.etag)
            fields["If-Modified-Since"] = _one_line(validators.last_modified)
        return httpcore2.Request(
            method=b"GET",
            url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=[(name.encode(), value.encode("latin-1", "replace")) for name, value in fields.items() if value],
        )


class _Stream(httpx2.AsyncByteStream):
    """The body of an answer from the pool, in the shape httpx2's decoders read."""

    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


def _join(url: httpx2.URL, location: str) -> str:
    """Resolve a `Location`; servers send raw UTF-8 and spaces there, and the guard judges the result."""
    try:
        target = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        target = location
    try:
        return str(url.join(target.strip().replace(" ", "%20")))
    except (httpx2.InvalidURL, ValueError) as error:
        raise PageUnavailable("The page redirects to a malformed address.", remedy="Use another source.") from error


def _fetched(url: httpx2.URL, response: httpx2.Response, body: bytes, *, truncated: bool) -> Fetched:
    headers = response.headers
    etag, last_modified = _header(headers, "etag"), _header(headers, "last-modified")
    age = _header(headers, "age")
    return Fetched(
        url=str(url),
        final_url=str(url),
        status=response.status_code,
        content_type=_content_type(headers),
        body=body,
        truncated=truncated,
        fetched_at=datetime.now(UTC),
        ms=0,
        validators=Validators(url=str(url), etag=etag, last_modified=last_modified) if etag or last_modified else None,
        cache_control=_header(headers, "cache-control").lower(),
        expires=_header(headers, "expires"),
        age_s=int(age[:9]) if age.isascii() and age.isdigit() else 0,
    )


def _content_type(headers: httpx2.Headers) -> str:
    return _header(headers, "content-type").strip().lower()


def _header(headers: httpx2.Headers, name: str) -> str:
    value = str(headers.get(name, ""))
    return value if len(value) <= _MAX_HEADER_CHARS else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _timed_out(limit_s: float) -> PageTimeout:
    return PageTimeout(f"The page did not arrive within {limit_s:g} s.", remedy="Use another source.")
