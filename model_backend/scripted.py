"""A model that says what a test scripted, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from model_backend.chat import ChatRequest, Delta, Finished, TextDelta, ToolCall, ToolCalled, Usage
from model_backend.errors import ModelError

Reply = str | ToolCall | ModelError | Sequence["str | ToolCall | Delta | ModelError"]
"""A text, a call, an error to raise, or several of these in order (an error after some text is a cut stream)."""
Script = Sequence[Reply] | Callable[[ChatRequest], Reply]
"""Replies in order, or a function of the request."""

WORDS_PER_DELTA = 3
"""A text is streamed in pieces of this many words, so that marks and sentences are split as servers split them."""


@dataclass(kw_only=True)
class ScriptedModel:
    """Plays a script; safe for concurrent calls (each takes the next reply)."""

    script: Script
    name: str = "scripted"
    profile: str = "scripted"
    context_tokens: int = 32_768
    first_delta_s: float = 0.0
    """Wait before the first delta, in seconds."""
    per_delta_s: float = 0.0
    """Wait before each further delta, in seconds."""
    requests: list[ChatRequest] = field(default_factory=list)
    """What was asked, in order."""
    closed: bool = False
    """Whether `aclose` was called."""
    unfinished: int = 0
    """Streams that the caller closed before their end."""
    _next: int = 0

    def count_tokens(self, text: str) -> int:
        """One token per four characters, at least one."""
        return max(1, len(text) // 4)

    async def stream(self, request: ChatRequest) -> AsyncIterator[Delta]:
        """Play the next reply.

        Raises:
            ModelError: where the script says so.
            IndexError: when the script has no reply left.
        """
        self.requests.append(request)
        reply = self._reply(request)
        parts: Sequence[str | ToolCall | Delta | ModelError]
        parts = [reply] if isinstance(reply, str | ToolCall | ModelError) else reply
        finished = False
        try:
            await asyncio.sleep(self.first_delta_s)
            async for delta in self._deltas(parts, request):
                yield delta
            finished = True
        except ModelError:
            finished = True
            raise
        finally:
            self.unfinished += not finished

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def _reply(self, request: ChatRequest) -> Reply:
        if callable(self.script):
            return self.script(request)
        at = self._next
        self._next += 1
        if at >= len(self.script):
            raise IndexError(f"The script has {len(self.script)} replies, and this is call {at + 1}.")
        return self.script[at]

    async def _deltas(
        self, parts: Sequence[str | ToolCall | Delta | ModelError], request: ChatRequest
    ) -> AsyncIterator[Delta]:
        said, called, ended = 0, False, False
        for part in parts:
            if isinstance(part, ModelError):
                raise part
            if isinstance(part, str):
                for piece in _pieces(part):
                    await asyncio.sleep(self.per_delta_s)
                    said += self.count_tokens(piece)
                    yield TextDelta(piece)
            elif isinstance(part, ToolCall):
                called = True
                yield ToolCalled(part)
            else:
                called = called or isinstance(part, ToolCalled)
                ended = isinstance(part, Finished)
                yield part
        if not ended:
            asked = sum(self.count_tokens(message.content) for message in request.messages)
            usage = Usage(input_tokens=asked, output_tokens=said)
            yield Finished(reason="tool_calls" if called else "stop", usage=usage)


def _pieces(text: str) -> list[str]:
    words = text.split(" ")
    spaced = [word + " " for word in words[:-1]] + words[-1:]
    return ["".join(spaced[at : at + WORDS_PER_DELTA]) for at in range(0, len(spaced), WORDS_PER_DELTA)]


def search_for(query: str, *, name: str = "search_web", call_id: str = "call_1") -> ToolCall:
    """A call of the search tool, as a test's reply."""
    return ToolCall(id=call_id, name=name, arguments={"query": query})
