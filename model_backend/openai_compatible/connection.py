"""The HTTP side: one client for one server, that speaks to that server only and sends nothing we did not choose."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from model_backend.errors import MalformedReply, ModelMisconfigured
from model_backend.openai_compatible import faults

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI, AsyncStream

CONNECT_TIMEOUT_S = 5.0
"""A server that is there takes a connection at once; beyond this it is the address that is wrong."""
KEPT_CONNECTIONS = 20
"""Idle connections kept for the next call."""
SENT_HEADERS = frozenset(
    ["host", "accept", "accept-encoding", "connection", "content-type", "content-length", "transfer-encoding"]
)
"""All that leaves beside the key: the SDK would add the machine's platform and whatever `OPENAI_…` variables say."""
USER_AGENT = "Asterism"
CONTEXT_FIELDS = ("max_model_len", "context_length", "context_window", "max_context_length", "n_ctx")
"""Where servers write the window of a model: vLLM and SGLang the first, hosted APIs the others, llama.cpp the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """One entry of `/v1/models`."""

    id: str
    """The name to ask for."""
    context_tokens: int | None = None
    """Its window, when the server tells."""
    root: str = ""
    """What was loaded under that name, when the server tells (vLLM)."""
    owner: str = ""
    """Who it says owns it: the name of the server program, for vLLM, SGLang and llama.cpp."""


class Connection:
    """Requests to one server. The SDK (over a second to import) is loaded in a thread, at the first request."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self.base_url = checked_address(base_url)
        self._api_key = api_key
        self._client: AsyncOpenAI | None = None
        self._making = asyncio.Lock()

    async def open_stream(self, body: Mapping[str, object]) -> "AsyncStream[object]":
        """Send a chat request; the stream that comes back must be closed.

        Raises:
            openai.OpenAIError: as the SDK found it; `faults.of_sdk` translates.
        """
        client = await self.ready()
        from openai import AsyncStream

        # The raw chunks: building the SDK's typed ones costs 0.1 ms each, and checks nothing.
        return await client.post(
            "/chat/completions", cast_to=object, body=body, stream=True, stream_cls=AsyncStream[object]
        )

    async def models(self, *, timeout_s: float) -> tuple[ServedModel, ...]:
        """What the server serves, in its order.

        Raises:
            ModelError: when it does not say.
        """
        client = await self.ready()
        import httpx2

        try:
            async with asyncio.timeout(timeout_s):
                response = await client.get("/models", cast_to=httpx2.Response)
        except TimeoutError as error:
            raise faults.silent(self.base_url, waited_s=timeout_s) from error
        except faults.sdk_errors() as error:
            raise faults.of_sdk(error, self.base_url) from error
        try:
            listing = response.json()
        except ValueError as error:
            raise faults.not_json(response.headers.get("content-type", ""), self.base_url) from error
        entries = listing.get("data") if isinstance(listing, dict) else None
        if not isinstance(entries, list):
            raise MalformedReply(f"{self.base_url}/models is not a list of models.", remedy=faults.FIX_THE_PATH)
        return tuple(_served(entry) for entry in entries if isinstance(entry, dict) and entry.get("id"))

    async def post_beside(self, path: str, body: Mapping[str, object]) -> object:
        """Post to a path that lies beside `/v1`, such as vLLM's `/tokenize`; the JSON that comes back.

        Raises:
            ModelError: when it fails or is no JSON.
        """
        client = await self.ready()
        import httpx2

        root = self.base_url.removesuffix("/v1")
        try:
            response = await client.post(root + path, cast_to=httpx2.Response, body=dict(body))
            return response.json()
        except faults.sdk_errors() as error:
            raise faults.of_sdk(error, self.base_url) from error

    async def ready(self) -> "AsyncOpenAI":
        """The client, made at the first call."""
        async with self._making:
            if self._client is None:
                self._client = await asyncio.to_thread(self._make)
            return self._client

    async def aclose(self) -> None:
        """Close every connection."""
        if self._client is not None:
            await self._client.close()

    def _make(self) -> "AsyncOpenAI":
        import httpx2
        from openai import AsyncOpenAI

        # Reading the machine's certificates takes 25 ms, for nothing where TLS is never spoken.
        is_plain = self.base_url.startswith("http:")
        http = httpx2.AsyncClient(
            trust_env=False,
            follow_redirects=False,
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if is_plain else True,
            # No read timeout: how long a silence may last depends on where the reply stands, so the caller counts.
            timeout=httpx2.Timeout(None, connect=CONNECT_TIMEOUT_S),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=KEPT_CONNECTIONS),
            event_hooks={"request": [self._keep_to_the_headers]},
        )
        # The key is set by the hook; a placeholder keeps the SDK from looking into the environment for one.
        return AsyncOpenAI(api_key="-", base_url=self.base_url, max_retries=0, timeout=http.timeout, http_client=http)

    async def _keep_to_the_headers(self, request: "httpx2.Request") -> None:
        for name in set(request.headers) - SENT_HEADERS:
            del request.headers[name]
        request.headers["user-agent"] = USER_AGENT
        # A compressed event stream is held back until the compressor has enough of it.
        request.headers["accept-encoding"] = "identity"
        if self._api_key:
            request.headers["authorization"] = f"Bearer {self._api_key}"


def checked_address(base_url: str) -> str:
    """The address without a trailing slash.

    Raises:
        ModelMisconfigured: when it is none, or carries a password (which would show up in messages).
    """
    try:
        parts = urlsplit(base_url.strip())
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise ModelMisconfigured(
            "The address of the model server is missing or is not one.",
            remedy="Set ASTERISM_MODEL__BASE_URL to http://HOST:PORT/v1.",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ModelMisconfigured(
            "The address of the model server holds a password or parameters.",
            remedy="Put the key into ASTERISM_MODEL__API_KEY and leave only http://HOST:PORT/v1 in the address.",
        )
    return parts.geturl().rstrip("/")


async def read_whole(response: "httpx2.Response", base_url: str) -> object:
    """The body of a server that answered at once although a stream was asked for.

    Raises:
        ModelError: when it is not JSON, or an error in spite of its HTTP status.
    """
    content_type = response.headers.get("content-type", "")
    if "json" not in content_type:
        raise faults.not_json(content_type, base_url)
    try:
        whole = json.loads(await response.aread())
    except (ValueError, RecursionError) as error:
        raise faults.not_json("text that is not JSON", base_url) from error
    if isinstance(whole, dict) and whole.get("error"):
        raise faults.of_status(faults.INSIDE_A_REPLY, faults.server_words(whole), base_url)
    return whole


def _served(entry: Mapping[str, object]) -> ServedModel:
    meta = entry.get("meta")
    places = [entry, meta] if isinstance(meta, Mapping) else [entry]
    windows = [place.get(name) for name in CONTEXT_FIELDS for place in places]
    window = next((value for value in windows if isinstance(value, int) and value > 0), None)
    return ServedModel(
        id=str(entry["id"]),
        context_tokens=window,
        root=str(entry.get("root") or ""),
        owner=str(entry.get("owned_by") or "").lower(),
    )
