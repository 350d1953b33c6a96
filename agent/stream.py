"""Streaming an answer out of a model: marks put right on the way, and another model when the first one fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from agent.events import AnswerDelta, Tell
from agent.outgoing import outgoing
from model_backend import ChatModel, ChatRequest, Delta, Finished, Noted, TextDelta, Usage
from model_backend.errors import MalformedReply, ModelError, ModelTimeout

FALLBACK_TIMEOUT_S = 5.0
"""The embedded model needs about 30 ms; this bound only guards against a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An answer as it was streamed."""

    text: str
    """The deltas, joined."""
    model: str
    """Who wrote it."""
    profile: str
    orphan_marks: tuple[int, ...] = ()
    """Offsets at which a mark without a source was dropped."""
    usage: Usage = field(default_factory=Usage)
    warnings: tuple[str, ...] = ()

    @staticmethod
    def said(text: str, model: ChatModel, tell: Tell) -> "Written":
        """A fixed text, told as one delta."""
        tell(AnswerDelta(text=text))
        return Written(text=text, model=model.name, profile=model.profile)


async def write_with_fallback(
    request: ChatRequest,
    model: ChatModel,
    fallback: ChatModel | None,
    sources: frozenset[int],
    tell: Tell,
    *,
    timeout_s: float,
) -> Written:
    """Write with the model; when it says nothing at all, with the fallback, and say so.

    Raises:
        ModelError: when the model fails before its first word and there is no fallback.
    """
    try:
        return await write(request, model, sources, tell, timeout_s=timeout_s)
    except ModelError as error:
        if fallback is None:
            raise
        warning = (
            f"The model {model.name} did not answer ({error}). The {fallback.name} model looked in the pages instead."
        )
        if error.remedy:
            warning += f" {error.remedy}"
        # The fallback works in milliseconds and asks nobody, so it gets its turn even when the time is up.
        written = await write(request, fallback, sources, tell, timeout_s=FALLBACK_TIMEOUT_S)
        return Written(
            text=written.text,
            model=written.model,
            profile=written.profile,
            orphan_marks=written.orphan_marks,
            usage=written.usage,
            warnings=(warning, *written.warnings),
        )


async def write(
    request: ChatRequest, model: ChatModel, sources: frozenset[int], tell: Tell, *, timeout_s: float
) -> Written:
    """Stream one answer. What came before a failure is kept, with a warning.

    Raises:
        ModelError: when it fails before its first word.
    """
    way = outgoing(request, sources)
    parts: list[str] = []
    begun = False
    usage = Usage()
    warnings: list[str] = []

    def say(text: str) -> None:
        if text:
            parts.append(text)
            tell(AnswerDelta(text=text))

    try:
        async with within(model.stream(request), timeout_s) as deltas:
            async for delta in deltas:
                if isinstance(delta, TextDelta):
                    # White space before the first word is no answer; what is held back has begun all the same.
                    words = delta.text if begun else delta.text.lstrip()
                    begun = begun or bool(words)
                    say(way.feed(words))
                elif isinstance(delta, Noted):
                    warnings.append(delta.text)
                elif isinstance(delta, Finished):
                    usage = delta.usage
                    if delta.reason == "length":
                        warnings.append("The answer was cut at its longest length.")
    except ModelError as error:
        if not parts:
            raise
        warnings.append(f"The answer breaks off: {error}")
    say(way.finish())
    text = "".join(parts)
    if not text.strip():
        raise MalformedReply("The model ended without a word.", remedy="Try another model or profile.")
    return Written(
        text=text,
        model=model.name,
        profile=model.profile,
        orphan_marks=tuple(way.marks.orphans),
        usage=usage,
        warnings=(*warnings, *way.warnings),
    )


@asynccontextmanager
async def within(stream: AsyncIterator[Delta], timeout_s: float) -> AsyncIterator[AsyncIterator[Delta]]:
    """A stream to be read within `timeout_s`; it is closed in any case.

    Raises:
        ModelTimeout: when time is up before its end.
    """
    try:
        async with asyncio.timeout(timeout_s):
            yield stream
    except TimeoutError as error:
        raise ModelTimeout("The time for this run was used up.", remedy="Raise ASTERISM_RUN__DEADLINE_S.") from error
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()
