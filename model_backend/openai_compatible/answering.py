"""An answering call: no functions on offer; a reply that was cut by its limit is continued once."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from model_backend.chat import ChatRequest, Delta, Finished, Message, TextDelta, Usage
from model_backend.errors import ModelError
from model_backend.openai_compatible.exchange import Exchange, Manner
from model_backend.openai_compatible.server import Server

WORTH_CONTINUING = 100
"""A limit below is a question for a word or two (a probe, a title): its end is wanted."""
CONTINUES_ITSELF = frozenset({"vllm", "sglang"})
"""Servers that go on with an assistant message they are given."""
REPEATED_CHARS = 200
"""Of what goes on a reply, so much is held back to see whether it is said again: two sentences."""
FEWEST_REPEATED = 12
"""Characters that must be the same; fewer are how sentences begin."""
GO_ON = {
    "en": "Go on exactly where you stopped. Repeat nothing.",
    "zh": "请从中断处继续，不要重复已写的内容。",
}


async def answer_on(server: Server, manner: Manner, request: ChatRequest) -> AsyncGenerator[Delta, None]:
    """Answer, and go on once where the limit cut the reply.

    Raises:
        ModelError: as `ChatModel.stream` says.
    """
    said: list[str] = []
    end = Finished()
    async with aclosing(Exchange(server, manner, "json_words").stream(request)) as deltas:
        async for delta in deltas:
            if isinstance(delta, Finished):
                end = delta
                break
            if isinstance(delta, TextDelta):
                said.append(delta.text)
            yield delta
    text = "".join(said)
    if end.reason != "length" or request.max_tokens < WORTH_CONTINUING or not text.strip():
        yield end
        return
    used = end.usage.input_tokens + end.usage.output_tokens
    if used + WORTH_CONTINUING > manner.window or end.usage.output_tokens < request.max_tokens // 2:
        # Cut by the window, not by the limit: there is no room to go on.
        yield end
        return
    itself = server.kind in CONTINUES_ITSELF and not server.refused & {"continue_final_message"}
    extra = {"continue_final_message": True, "add_generation_prompt": False} if itself else {}
    further = _further(request, text, asked=not itself)
    joint = Joint(text)
    try:
        async with aclosing(Exchange(server, manner, "json_words", extra).stream(further)) as deltas:
            async for delta in deltas:
                if isinstance(delta, TextDelta):
                    if words := joint.feed(delta.text):
                        yield TextDelta(words)
                    if joint.restarted:
                        # Nothing of it will be shown: leaving stops the server.
                        yield end
                        return
                elif isinstance(delta, Finished):
                    if words := joint.finish():
                        yield TextDelta(words)
                    reason = "length" if joint.restarted else delta.reason
                    yield replace(delta, reason=reason, usage=_sum(end.usage, delta.usage))
                else:
                    yield delta
    except ModelError:
        # Half an answer was read already: it ends here, and is told as cut.
        yield end


class Joint:
    """Where a reply goes on: words that it says again are left out, and a reply that only begins anew is none."""

    def __init__(self, said: str) -> None:
        self._said = said.rstrip()
        self._held = ""
        self._open = False
        self.restarted = False
        """Whether the reply began from its beginning instead of going on."""

    def feed(self, text: str) -> str:
        """What is new of it, as far as that is decided."""
        if self.restarted or self._open:
            return "" if self.restarted else text
        self._held += text
        return self.finish() if len(self._held) >= REPEATED_CHARS else ""

    def finish(self) -> str:
        """What was held back."""
        if self._open or self.restarted:
            return ""
        held, self._held = self._held, ""
        head = held.lstrip()
        self.restarted = len(head) >= FEWEST_REPEATED and self._said.startswith(head[:REPEATED_CHARS])
        if self.restarted:
            return ""
        self._open = True
        lengths = range(min(len(head), len(self._said)), FEWEST_REPEATED - 1, -1)
        again = next((n for n in lengths if self._said.endswith(head[:n])), 0)
        return head[again:] if again else held


def _further(request: ChatRequest, text: str, *, asked: bool) -> ChatRequest:
    messages = [*request.messages, Message(role="assistant", content=text)]
    if asked:
        messages.append(Message(role="user", content=GO_ON.get(request.brief.language, GO_ON["en"])))
    return replace(request, messages=tuple(messages))


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        input_tokens=one.input_tokens + other.input_tokens, output_tokens=one.output_tokens + other.output_tokens
    )
