"""A model behind an OpenAI-compatible server (vLLM, SGLang, llama.cpp, Ollama, hosted APIs)."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from model_backend.chat import ChatRequest, Delta, TextDelta
from model_backend.errors import ModelError, ModelTimeout
from model_backend.openai_compatible import faults
from model_backend.openai_compatible.connection import Connection, ServedModel, read_whole
from model_backend.openai_compatible.report import ServerReport, inspect_server
from model_backend.openai_compatible.wire import Assembly, Json, body_of
from model_backend.profiles import DEFAULT_ID, ModelProfile, load_profile, pick_profile
from model_backend.tokens import estimate_tokens

if TYPE_CHECKING:
    from openai import AsyncStream

_T = TypeVar("_T")

TRIES = 2
"""A 5xx or a dropped connection is tried once more, as long as nothing was streamed."""
RETRY_PAUSE_S = (0.1, 0.4)
"""Bounds of the random pause before it, so that many clients do not come back at the same moment."""
LISTING_TIMEOUT_S = 3.0
"""Longest wait for `/v1/models`: it is served from memory, and never worth delaying an answer."""
TAIL_TIMEOUT_S = 1.0
"""Longest wait for the token counts after the last token."""
OPTIONAL_FIELDS = ("stream_options", "temperature")
"""What is left out from then on when a server refuses it by name (older servers, some reasoning models)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """Where a model is served and how patient to be."""

    base_url: str
    """`http://HOST:PORT/v1`."""
    name: str
    """The name the server serves."""
    api_key: str = ""
    """Sent as a bearer token; empty sends none."""
    profile: str = "auto"
    """Profile id; `auto` picks by name, then by what the server says it loaded."""
    context_tokens: int | None = None
    """Window to use at most; unset takes the server's, or the profile's while that is unknown."""
    first_token_timeout_s: float = 30.0
    """Longest wait for the first token, in seconds."""
    next_token_timeout_s: float = 15.0
    """Longest wait between two tokens, in seconds."""


def create(options: ModelOptions) -> "OpenAICompatibleModel":
    """Build the model; nothing is sent yet.

    Raises:
        ModelError: when the address is none, or there is no such profile.
    """
    return OpenAICompatibleModel(options)


class OpenAICompatibleModel:
    """Implements `ChatModel`; safe for concurrent calls within one event loop."""

    def __init__(self, options: ModelOptions, *, pause_s: Callable[[], float] | None = None) -> None:
        self._options = options
        self._connection = Connection(options.base_url, options.api_key)
        auto = options.profile == "auto"
        self._profile: ModelProfile = pick_profile(options.name) if auto else load_profile(options.profile)
        self._pause_s = pause_s or (lambda: random.uniform(*RETRY_PAUSE_S))
        self._served_tokens: int | None = None
        self._known = False
        self._learning: asyncio.Task[None] | None = None
        self._refused: set[str] = set()

    @property
    def name(self) -> str:
        """The name the server serves."""
        return self._options.name

    @property
    def profile(self) -> str:
        """Id of the profile in use."""
        return self._profile.id

    @property
    def context_tokens(self) -> int:
        """The smallest of what was set and what the server told; the profile's while neither is known."""
        known = [tokens for tokens in (self._options.context_tokens, self._served_tokens) if tokens]
        return min(known, default=self._profile.context_tokens)

    def count_tokens(self, text: str) -> int:
        """Estimated tokens, erring high."""
        return estimate_tokens(text)

    async def prepare(self) -> None:
        """Load the SDK and learn the window; never fails, and takes at most `LISTING_TIMEOUT_S` beside the loading.

        Optional: the first `stream` does the same beside its request, so that the second call knows.
        """
        if not self._known:
            await asyncio.shield(self._learn())

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """Answer one request; see `ChatModel.stream`."""
        if not self._known:
            self._learn()
        for left in reversed(range(TRIES)):
            begun = False
            try:
                async with aclosing(self._reply(request)) as deltas:
                    async for delta in deltas:
                        begun = True
                        yield delta
                return
            except faults.ServerHiccup:
                if begun or not left:
                    raise
            await asyncio.sleep(self._pause_s())

    async def check(self) -> ServerReport:
        """Ask the server about itself, then for one token; for `asterism doctor`."""
        return await inspect_server(self, self._connection, timeout_s=LISTING_TIMEOUT_S)

    async def aclose(self) -> None:
        """Give back connections."""
        if self._learning is not None:
            self._learning.cancel()
            await asyncio.gather(self._learning, return_exceptions=True)
        await self._connection.aclose()

    async def _reply(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        await self._connection.ready()
        patience = _Patience(self._options, self._connection.base_url)
        assembly = Assembly(request)
        stream = await self._open(body_of(request, self.name), patience)
        try:
            if "event-stream" not in stream.response.headers.get("content-type", ""):
                whole = await patience.wait(read_whole(stream.response, self._connection.base_url))
                _, text = assembly.take(whole)
                if text:
                    yield TextDelta(text)
            else:
                chunks = aiter(stream)
                while (chunk := await self._next(chunks, patience, assembly)) is not None:
                    news, text = assembly.take(chunk)
                    if news:
                        patience.renew(done=assembly.complete)
                    if text:
                        yield TextDelta(text)
            if not assembly.complete:
                raise faults.broken_off(self._connection.base_url)
            for delta in assembly.finish():
                yield delta
        finally:
            # Closing the response is what tells the server to stop generating.
            await stream.close()

    async def _open(self, body: Json, patience: "_Patience") -> "AsyncStream[object]":
        import openai

        for name in self._refused:
            body.pop(name, None)
        try:
            return await patience.wait(self._connection.open_stream(body))
        except openai.APIStatusError as error:
            words = faults.server_words(error.body)
            field = next((f for f in OPTIONAL_FIELDS if f in words and f in body), None)
            if field is None or error.status_code not in (400, 422):
                raise await self._refusal(error.status_code, words) from error
            self._refused.add(field)
        except faults.sdk_errors() as error:
            raise faults.of_sdk(error, self._connection.base_url) from error
        return await self._open(body, patience)

    async def _refusal(self, status: int, words: str) -> ModelError:
        if not faults.is_unknown_model(status, words):
            return faults.of_status(status, words, self._connection.base_url)
        try:
            served = await self._connection.models(timeout_s=LISTING_TIMEOUT_S)
        except ModelError:
            served = ()
        return faults.unknown_model(self.name, tuple(model.id for model in served), self._connection.base_url)

    async def _next(self, chunks: AsyncIterator[object], patience: "_Patience", assembly: Assembly) -> object | None:
        """The next chunk; None at the end."""
        try:
            return await patience.wait(anext(chunks, None))
        except ModelTimeout:
            if assembly.complete:
                return None
            raise
        except faults.sdk_errors() as error:
            if assembly.complete:
                return None
            raise faults.of_sdk(error, self._connection.base_url) from error

    def _learn(self) -> asyncio.Task[None]:
        """The one task that asks the server for its models; after a failure the next call asks again."""
        if self._learning is None or self._learning.done():
            self._learning = asyncio.create_task(self._ask_for_models(), name="model server listing")
        return self._learning

    async def _ask_for_models(self) -> None:
        try:
            served = await self._connection.models(timeout_s=LISTING_TIMEOUT_S)
        except ModelError:
            return
        self._note(served)

    def _note(self, served: tuple[ServedModel, ...]) -> None:
        self._known = True
        mine = next((model for model in served if model.id == self.name), None)
        if mine is None:
            return
        self._served_tokens = mine.context_tokens
        if self._options.profile == "auto" and self._profile.id == DEFAULT_ID and mine.root:
            self._profile = pick_profile(mine.root)


class _Patience:
    """How long the next piece may take: longer for the first token than for those that follow."""

    def __init__(self, options: ModelOptions, base_url: str) -> None:
        self._base_url = base_url
        self._next_s = options.next_token_timeout_s
        self._allowed_s = options.first_token_timeout_s
        self._first = True
        self._ends_at = time.monotonic() + self._allowed_s

    def renew(self, *, done: bool) -> None:
        """A piece has come; empty keep-alives do not count as one."""
        self._first = False
        self._allowed_s = TAIL_TIMEOUT_S if done else self._next_s
        self._ends_at = time.monotonic() + self._allowed_s

    async def wait(self, coming: Awaitable[_T]) -> _T:
        """Await within what is allowed.

        Raises:
            ModelTimeout: when it does not come.
        """
        try:
            async with asyncio.timeout(self._ends_at - time.monotonic()):
                return await coming
        except TimeoutError as error:
            raise faults.too_slow(self._base_url, waited_s=self._allowed_s, first=self._first) from error
