"""One request to one server, and its reply as deltas: fitted into the window, guarded, and counted."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from model_backend.budget import Count, fit, window_in
from model_backend.chat import ChatRequest, Delta, Finished, Noted, TextDelta
from model_backend.errors import ContextTooLong, ModelError, ModelTimeout
from model_backend.openai_compatible import faults
from model_backend.openai_compatible.compose import Json, compose
from model_backend.openai_compatible.connection import read_whole
from model_backend.openai_compatible.patience import Patience
from model_backend.openai_compatible.runaway import PAST_THE_LIMIT, Runaway
from model_backend.openai_compatible.server import LISTING_TIMEOUT_S, Server
from model_backend.openai_compatible.wire import MESSAGE_TOKENS, Assembly, body_of, parser_of
from model_backend.profiles import ModelProfile, Rung
from model_backend.tokens import estimate_tokens

if TYPE_CHECKING:
    from openai import AsyncStream

OPTIONAL_FIELDS = (
    *("stream_options", "temperature", "top_p", "repetition_penalty"),
    *("stop_token_ids", "skip_special_tokens", "continue_final_message", "add_generation_prompt"),
)
"""What is left out from then on when a server refuses it by name (older servers, hosted APIs, reasoning models)."""
NEARLY_FULL = 0.7
"""Share of the window from which the server is asked to count: below, no estimate is that wrong."""
OVERFLOW_SHARE = 0.75
"""Of the window that is aimed at after the server found a request too long in spite of all counting."""
FRAME_TOKENS = 16
"""What a template puts before the first and after the last message (a default system turn, the assistant's opening)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How requests are made of one model."""

    name: str
    profile: ModelProfile
    window: int
    """Tokens of prompt and reply together."""
    first_s: float
    next_s: float
    now: datetime


class Exchange:
    """One call; a second one is made only when the server found the first too long."""

    def __init__(self, server: Server, manner: Manner, rung: Rung, extra: Mapping[str, object] | None = None) -> None:
        self._server = server
        self._manner = manner
        self._rung = rung
        self._extra = dict(extra or {})
        self.assembly: Assembly | None = None

    @property
    def broken(self) -> str:
        """Why a call in the text could not be read; empty when there was none."""
        return self.assembly.broken if self.assembly else ""

    @property
    def declined(self) -> bool:
        """Whether the model said in the form asked for that it wants no function."""
        return bool(self.assembly and self.assembly.declined)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """The reply.

        Raises:
            ModelError: as `ChatModel.stream` says.
        """
        try:
            async with aclosing(self._without_refused(await self._fitted(request, self._manner.window))) as deltas:
                async for delta in deltas:
                    yield delta
            return
        except ContextTooLong as error:
            if self._shown:
                raise
            told = window_in(str(error))
            window = min(self._manner.window, told or self._manner.window)
            if told:
                self._server.window = told
        shorter = fit(request, round(window * OVERFLOW_SHARE), self._estimate)
        async with aclosing(self._without_refused(shorter)) as deltas:
            async for delta in deltas:
                yield delta

    @property
    def _shown(self) -> bool:
        return self.assembly is not None and self.assembly.shown

    async def _without_refused(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """The reply; a field that the server refuses inside its stream (vLLM checks some there) is left out."""
        for _ in OPTIONAL_FIELDS:
            try:
                async with aclosing(self._once(request)) as deltas:
                    async for delta in deltas:
                        yield delta
                return
            except faults.RequestRefused as error:
                sent = set(self._body(request)) - self._server.refused
                field = next((name for name in OPTIONAL_FIELDS if name in sent and name in str(error)), None)
                if field is None or self._shown:
                    raise
                self._server.refused.add(field)

    async def _fitted(self, request: ChatRequest, window: int) -> ChatRequest:
        """The request as far as it fits, by the server's own count where the estimate says that it is close."""
        fitted = fit(request, window, self._estimate)
        if self._estimate(fitted) + fitted.max_tokens <= window * NEARLY_FULL:
            return fitted
        counted = await self._server.count(self._body(fitted))
        if counted is None:
            return fitted
        plain = self._plain_estimate(fitted)
        self._server.calibration.learn(_text_of(fitted), estimated=plain, counted=counted)
        # What is fewer tokens than it seemed may keep what was taken out.
        ratio = counted / max(1, plain)
        return fit(request, window - FRAME_TOKENS, lambda one: round(self._plain_estimate(one) * ratio) + FRAME_TOKENS)

    async def _once(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        server, manner = self._server, self._manner
        await server.connection.ready()
        patience = Patience(first_s=manner.first_s, next_s=manner.next_s, base_url=server.base_url)
        parser = parser_of(request, manner.profile, self._rung)
        assembly = Assembly(request, parser, thinks_first=server.thinks_first)
        self.assembly = assembly
        guard = Runaway(request.max_tokens)
        stream = await self._open(self._body(request), patience)
        cut = ""
        try:
            if "event-stream" not in stream.response.headers.get("content-type", ""):
                whole = await patience.wait(read_whole(stream.response, server.base_url))
                _, text = assembly.take(whole)
                if text:
                    yield TextDelta(guard.within(text))
                    cut = PAST_THE_LIMIT if guard.is_too_long(len(text)) else ""
            else:
                chunks = aiter(stream)
                while not cut and (chunk := await self._next(chunks, patience, assembly)) is not None:
                    news, text = assembly.take(chunk)
                    if news:
                        patience.renew(done=assembly.complete)
                    if text:
                        yield TextDelta(guard.within(text))
                        cut = guard.stop(text)
                    if guard.is_too_long(assembly.received):
                        cut = cut or PAST_THE_LIMIT
        finally:
            # Closing the response is what tells the server to stop generating.
            await stream.close()
        if cut:
            yield Noted(cut)
        elif not assembly.complete:
            raise faults.broken_off(server.base_url)
        end = list(assembly.finish())
        # Learned both ways: a page or a question can make a model write the tag once.
        if assembly.thinks_first or (assembly.is_whole_text and not cut):
            server.thinks_first = assembly.thinks_first
        for delta in end:
            if isinstance(delta, Finished) and delta.usage.input_tokens and not cut:
                server.calibration.learn(
                    _text_of(request), estimated=self._plain_estimate(request), counted=delta.usage.input_tokens
                )
            yield delta

    async def _open(self, body: Json, patience: Patience) -> "AsyncStream[object]":
        import openai

        server = self._server
        for name in server.refused:
            body.pop(name, None)
        try:
            return await patience.wait(server.connection.open_stream(body))
        except openai.APIStatusError as error:
            words = faults.server_words(error.body)
            field = next((f for f in OPTIONAL_FIELDS if f in words and f in body), None)
            if field is None or error.status_code not in (400, 422):
                raise await self._refusal(error.status_code, words) from error
            server.refused.add(field)
        except faults.sdk_errors() as error:
            raise faults.of_sdk(error, server.base_url) from error
        return await self._open(body, patience)

    async def _refusal(self, status: int, words: str) -> ModelError:
        connection = self._server.connection
        if not faults.is_unknown_model(status, words):
            return faults.of_status(status, words, connection.base_url)
        try:
            served = await connection.models(timeout_s=LISTING_TIMEOUT_S)
        except ModelError:
            served = ()
        return faults.unknown_model(self._manner.name, tuple(model.id for model in served), connection.base_url)

    async def _next(self, chunks: AsyncIterator[object], patience: Patience, assembly: Assembly) -> object | None:
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
            raise faults.of_sdk(error, self._server.base_url) from error

    def _body(self, request: ChatRequest) -> Json:
        manner = self._manner
        messages = self._messages(request)
        body = body_of(request, messages, model=manner.name, profile=manner.profile, rung=self._rung)
        return body | self._extra

    def _messages(self, request: ChatRequest) -> list[Json]:
        return compose(request, self._manner.profile, self._rung, self._server.kind, self._manner.now)

    def _estimate(self, request: ChatRequest) -> int:
        """Tokens of the composed prompt, by what this server taught us."""
        return self._count(request, self._server.calibration.count)

    def _plain_estimate(self, request: ChatRequest) -> int:
        return self._count(request, estimate_tokens)

    def _count(self, request: ChatRequest, count: Count) -> int:
        limits = self._manner.profile.attachments
        tokens = FRAME_TOKENS
        words = tuple(replace(message, attachments=()) for message in request.messages)
        for written in self._messages(replace(request, messages=words)):
            tokens += MESSAGE_TOKENS + count(str(written["content"])) + count(str(written.get("tool_calls", "")))
        if self._rung == "native":
            tokens += sum(count(f"{tool.name}{tool.description}{tool.parameters}") for tool in request.tools)
        for message in request.messages:
            for attachment in message.attachments:
                tokens += limits.image_tokens if attachment.kind == "image" else limits.audio_tokens
        return tokens


def _text_of(request: ChatRequest) -> str:
    """What most of the prompt is made of."""
    return max((message.content for message in request.messages), key=len, default="")
