"""Asking a provider's JSON interface: one client per provider, a bounded reply, network faults in our own words.

The addresses come from the settings, never from a page, so they may be private (a SearXNG of one's own).
"""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from tools.certificates import make_ssl_context
from tools.errors import SearchBlocked, SearchQuotaExceeded, SearchRefused, SearchUnreachable
from tools.search import ProviderOptions
from tools.search._outcome import SearchStumbled

MAX_REPLY_BYTES = 1_000_000
"""Longest reply read, after decoding; ten results are 5 to 50 KB. Reading more JSON at one go would hold up others."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A provider's answer: status below 500, headers, and the JSON in it (None when it is none)."""

    status: int
    headers: Mapping[str, str]
    data: object = field(repr=False)

    def says(self, *words: str) -> bool:
        """Tell whether the JSON names one of the words, anywhere, in any case; for reading error replies."""
        text = json.dumps(self.data, ensure_ascii=False).lower()
        return any(word in text for word in words)


class JsonApi:
    """The interface of one provider."""

    def __init__(self, provider: str, base_url: str, options: ProviderOptions, headers: Mapping[str, str]) -> None:
        """Prepare the client; asks nobody yet.

        Raises:
            SearchRefused: when the address or the proxy is no web address.
        """
        self._provider = provider
        try:
            self._client = httpx2.AsyncClient(
                base_url=_web_address(base_url),
                headers={"Accept": "application/json", **headers},
                timeout=options.timeout_s,
                trust_env=False,
                proxy=options.proxy or None,
                verify=_believing(options.ca_file, is_plain=base_url.strip().startswith("http:") and not options.proxy),
            )
        except (httpx2.InvalidURL, ValueError, OSError) as error:
            raise SearchRefused(
                f"The address, proxy or CA file set for {provider} cannot be used.",
                provider=provider,
                remedy=f"Set ASTERISM_SEARCH__{provider.upper()}_URL to an address such as http://127.0.0.1:8888.",
            ) from error

    async def get(self, path: str, params: Mapping[str, str | int]) -> Reply:
        """Ask with GET; see `post`."""
        return await self._ask(self._client.build_request("GET", path, params=dict(params)))

    async def post(self, path: str, body: Mapping[str, object]) -> Reply:
        """Ask with a JSON body.

        Raises:
            SearchStumbled: for a 5xx or a connection that broke.
            SearchUnreachable: when nobody answers there, or something else than the interface does.
        """
        return await self._ask(self._client.build_request("POST", path, json=dict(body)))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def refused(self, reason: str, remedy: str) -> SearchRefused:
        """The provider does not accept us as we are."""
        return SearchRefused(f"{self._provider} refused: {reason}.", provider=self._provider, remedy=remedy)

    def blocked(self, reason: str, remedy: str = "Wait a while, or put another provider first.") -> SearchBlocked:
        """The provider wants less from us for now."""
        return SearchBlocked(f"{self._provider} blocks us: {reason}.", provider=self._provider, remedy=remedy)

    def spent(self) -> SearchQuotaExceeded:
        """The plan is used up."""
        return SearchQuotaExceeded(
            f"The quota of the {self._provider} plan is spent.",
            provider=self._provider,
            remedy="Wait for its next period, raise the plan, or add another provider.",
        )

    def strange(self, reason: str) -> SearchUnreachable:
        """Something answers there, but it is not the interface."""
        return SearchUnreachable(
            f"{self._provider} sent an answer that cannot be read: {reason}.",
            provider=self._provider,
            remedy=f"Check the address set for {self._provider}.",
        )

    async def _ask(self, request: httpx2.Request) -> Reply:
        try:
            response = await self._client.send(request, stream=True)
            try:
                body = await self._read(response)
            finally:
                await response.aclose()
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise SearchUnreachable(
                f"{self._provider} cannot be reached.",
                provider=self._provider,
                remedy="Check the network, and the address set for it.",
            ) from error
        except httpx2.TimeoutException as error:
            raise SearchUnreachable(
                f"{self._provider} did not answer in time.", provider=self._provider, remedy="Try again later."
            ) from error
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise self._stumbled("the connection broke") from error
        if response.status_code >= 500:
            raise self._stumbled(f"HTTP {response.status_code}")
        if 300 <= response.status_code < 400:
            raise self.strange(f"it redirects (HTTP {response.status_code})")
        return self._reply(response, body)

    async def _read(self, response: httpx2.Response) -> bytes:
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > MAX_REPLY_BYTES:
                raise self.strange("it is too long")
        return bytes(body)

    def _reply(self, response: httpx2.Response, body: bytes) -> Reply:
        try:
            data = json.loads(body)
        except (ValueError, RecursionError) as error:
            if response.is_success:
                raise self.strange("it is not JSON") from error
            data = None
        return Reply(response.status_code, response.headers, data)

    def _stumbled(self, reason: str) -> SearchStumbled:
        return SearchStumbled(
            f"{self._provider} failed: {reason}.", provider=self._provider, remedy="Try again in a moment."
        )


def _web_address(text: str) -> str:
    url = httpx2.URL(text.strip())
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("not a web address")
    return str(url)


def _believing(ca_file: str, *, is_plain: bool) -> ssl.SSLContext:
    """Which certificates are believed; none need to be read (25 ms) where no TLS will be spoken."""
    if is_plain:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file:
        return ssl.create_default_context(cafile=ca_file)
    return make_ssl_context()
