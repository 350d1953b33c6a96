"""Our types as the chat-completions API writes them, and its chunks as our types. No I/O."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from model_backend.chat import ChatRequest, Finished, TextDelta, ToolCall, ToolCalled, ToolSpec, Usage
from model_backend.dialects import CallParser, Read, dialect_of, json_parser, json_schema, native_parser
from model_backend.dialects.calls import NONE
from model_backend.errors import MalformedReply
from model_backend.profiles import ModelProfile, Rung
from model_backend.tokens import estimate_tokens
from model_backend.visible import VisibleText

Json = dict[str, object]

MESSAGE_TOKENS = 8
"""What chat templates put around a message (role and turn markers), for the estimate."""


def body_of(request: ChatRequest, messages: list[Json], *, model: str, profile: ModelProfile, rung: Rung) -> Json:
    """The request body; the same request gives the same bytes, so that a server's prefix cache hits."""
    body: Json = {
        "model": model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
    }
    if request.tools and rung == "native":
        body["tools"] = [_tool(tool) for tool in request.tools]
    if request.tools and rung == "json_schema":
        forced = {"name": "decision", "strict": True, "schema": json_schema(request.tools)}
        body["response_format"] = {"type": "json_schema", "json_schema": forced}
    return body | _of_profile(profile)


def _of_profile(profile: ModelProfile) -> Json:
    """What this model needs beside the request. Servers that know a field by another name ignore or refuse it."""
    body: Json = {}
    if profile.stop:
        body["stop"] = list(profile.stop)
    if profile.stop_token_ids:
        body["stop_token_ids"] = list(profile.stop_token_ids)
    if profile.keeps_special_tokens:
        body["skip_special_tokens"] = False
    if profile.sampling.top_p is not None:
        body["top_p"] = profile.sampling.top_p
    if profile.sampling.repetition_penalty is not None:
        body["repetition_penalty"] = profile.sampling.repetition_penalty
    return body


def parser_of(request: ChatRequest, profile: ModelProfile, rung: Rung) -> CallParser | None:
    """Who reads calls out of the text; None where the text holds none (an answer of a model without a dialect)."""
    if request.tools and rung == "native":
        return native_parser(request.tools)
    if request.tools and rung in ("json_schema", "json_words"):
        return json_parser(request.tools)
    return dialect_of(profile.dialect).parser(request.tools) if profile.dialect else None


def _tool(tool: ToolSpec) -> Json:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}


def estimate_prompt(request: ChatRequest) -> int:
    """Tokens of the whole prompt, when the server does not count them."""
    messages = sum(MESSAGE_TOKENS + estimate_tokens(message.content) for message in request.messages)
    tools = sum(estimate_tokens(json.dumps(_tool(tool), ensure_ascii=False)) for tool in request.tools)
    return messages + tools


@dataclass
class _Call:
    """A tool call while its pieces arrive."""

    id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list)
    whole: Mapping[str, object] | None = None
    """Arguments of a server that sends an object instead of its JSON text."""


class Assembly:
    """Turns the chunks of one reply into deltas."""

    def __init__(self, request: ChatRequest, parser: CallParser | None = None, *, thinks_first: bool = False) -> None:
        self._request = request
        self._parser = parser
        self._visible = VisibleText(thinks_first=thinks_first)
        self._read: list[Read] = []
        self._calls: list[_Call] = []
        self._places: dict[object, _Call] = {}
        self._usage: Usage | None = None
        self._reason = ""
        self._chars: list[str] = []
        self.received = 0
        """Characters that came, shown or not."""
        self.shown = False
        """Whether visible text was let out."""
        self.declined = False
        """Whether the model said, in the form asked for, that it wants no function."""

    @property
    def broken(self) -> str:
        """Why a call in the text could not be read; empty when there was none."""
        return self._parser.broken if self._parser else ""

    @property
    def thinks_first(self) -> bool:
        """Whether the reply turned out to have begun inside of reasoning."""
        return self._visible.began_inside

    @property
    def is_whole_text(self) -> bool:
        """Whether the model ended it of itself, with words for the reader in it."""
        return self.shown and self._reason == "stop"

    @property
    def complete(self) -> bool:
        """Whether the server said how the reply ended."""
        return bool(self._reason)

    @property
    def settled(self) -> bool:
        """Whether nothing more is to come: ended and counted."""
        return bool(self._reason) and self._usage is not None

    def take(self, chunk: object) -> tuple[bool, str]:
        """Take one chunk (or a whole completion).

        Returns:
            Whether it held anything new of the reply, and the visible text it adds.

        Raises:
            MalformedReply: when it is no chunk.
        """
        if not isinstance(chunk, dict):
            raise _not_the_protocol("something that is not a completion chunk")
        self._take_usage(chunk.get("usage"))
        choices = chunk.get("choices")
        if not isinstance(choices, list) or not choices:
            return False, ""
        choice = choices[0]
        if not isinstance(choice, dict):
            raise _not_the_protocol("a choice that is not an object")
        part = choice.get("delta") or choice.get("message") or {}
        if not isinstance(part, dict):
            raise _not_the_protocol("a delta that is not an object")
        reason = choice.get("finish_reason")
        self._reason = reason if isinstance(reason, str) and reason else self._reason
        text = _text_in(part.get("content"))
        calls = part.get("tool_calls")
        thought = part.get("reasoning_content") or part.get("reasoning")
        self.received += sum(len(one) for one in (text, thought) if isinstance(one, str))
        shown = ""
        if isinstance(text, str) and text:
            self._chars.append(text)
            shown = self._show(self._parser.feed(text)) if self._parser else self._visible.feed(text)
            self.shown = self.shown or bool(shown)
        if isinstance(calls, list):
            for call in calls:
                self._take_call(call)
        return bool(text or calls or thought or reason), shown

    def finish(self) -> Iterator[TextDelta | ToolCalled | Finished]:
        """What remains: held-back text, the calls, and the end.

        Raises:
            MalformedReply: when calls were made but none can be read, or none was on offer and nothing was said.
        """
        rest = (self._show(self._parser.finish()) if self._parser else "") + self._visible.flush()
        if rest:
            self.shown = self.shown or not rest.isspace()
            yield TextDelta(rest)
        called = [*self._read_calls(), *self._calls_of_text()] if self._request.tools else []
        if (self._calls or self._read or self.broken) and not called and not self.shown and not self.declined:
            what = "a call that cannot be read" if self._request.tools else "a function call where none was on offer"
            raise MalformedReply(
                f"The model sent {what} and nothing else.",
                remedy="Ask again; if it stays so, choose a model with function calling.",
            )
        yield from (ToolCalled(call) for call in called)
        yield Finished(reason=self._finish_reason(bool(called)), usage=self._usage or self._estimate())

    def _show(self, pieces: Sequence[str | Read]) -> str:
        shown = ""
        for piece in pieces:
            if isinstance(piece, str):
                shown += self._visible.feed(piece)
            elif piece.name == NONE:
                self.declined = True
            else:
                self._read.append(piece)
        return shown

    def _calls_of_text(self) -> Iterator[ToolCall]:
        """Calls that the model wrote into its text; one without a query asks for the user's own words."""
        for number, read in enumerate(self._read, 1):
            spec = next(tool for tool in self._request.tools if tool.name == read.name)
            yield ToolCall(id=f"text-{number}", name=read.name, arguments=self._filled(spec, read.arguments))

    def _filled(self, tool: ToolSpec, arguments: Mapping[str, object]) -> Json:
        required = tool.parameters.get("required")
        blank = [name for name in required if not arguments.get(name)] if isinstance(required, list) else []
        return {**arguments, **dict.fromkeys(blank, " ".join(self._request.brief.question.split()))}

    def _finish_reason(self, called: bool) -> Literal["stop", "length", "tool_calls"]:
        # vLLM says "stop" after a call that was forced by name.
        if called:
            return "tool_calls"
        return "length" if self._reason == "length" else "stop"

    def _take_usage(self, usage: object) -> None:
        if isinstance(usage, dict):
            prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
            if isinstance(prompt, int) and isinstance(completion, int):
                self._usage = Usage(input_tokens=prompt, output_tokens=completion)

    def _estimate(self) -> Usage:
        written = "".join(self._chars) + "".join("".join(call.pieces) for call in self._calls)
        return Usage(input_tokens=estimate_prompt(self._request), output_tokens=estimate_tokens(written))

    def _take_call(self, piece: object) -> None:
        if not isinstance(piece, dict):
            raise _not_the_protocol("a tool call that is not an object")
        function = piece.get("function")
        function = function if isinstance(function, dict) else {}
        id_, name, arguments = piece.get("id"), function.get("name"), function.get("arguments")
        call = self._place(piece.get("index"), id_ if isinstance(id_, str) else "", bool(name))
        if isinstance(name, str) and name:
            call.name = name
        if isinstance(arguments, str):
            self.received += len(arguments)
            call.pieces.append(arguments)
        elif isinstance(arguments, dict):
            call.whole = arguments

    def _place(self, index: object, id_: str, named: bool) -> _Call:
        """The call a piece belongs to: by index, but a new id with a new name starts a new call.

        Some servers send every call with index 0, or without an index.
        """
        key = index if index is not None else (len(self._calls) - 1 if self._calls and not named else len(self._calls))
        call = self._places.get(key)
        if call is None or (named and call.name and id_ and call.id and id_ != call.id):
            call = _Call()
            self._calls.append(call)
            self._places[key] = call
        call.id = call.id or id_
        return call

    def _read_calls(self) -> Iterator[ToolCall]:
        """Every call that can be read, in order; the others are left out."""
        for number, call in enumerate(self._calls, 1):
            arguments = call.whole if call.whole is not None else parse_arguments("".join(call.pieces))
            if call.name and arguments is not None:
                spec = next((tool for tool in self._request.tools if tool.name == call.name), None)
                filled = self._filled(spec, arguments) if spec else arguments
                yield ToolCall(id=call.id or f"call-{number}", name=call.name, arguments=filled)


def _text_in(content: object) -> object:
    """The content itself, or the text of its parts: some servers stream a list of them."""
    if not isinstance(content, list):
        return content
    parts = (part.get("text") for part in content if isinstance(part, dict))
    return "".join(text for text in parts if isinstance(text, str))


def _not_the_protocol(what: str) -> MalformedReply:
    return MalformedReply(
        f"The model server sent {what}.",
        remedy="Check that ASTERISM_MODEL__BASE_URL names an OpenAI-compatible server.",
    )


def parse_arguments(text: str) -> Json | None:
    """The arguments of a call, or None when they cannot be read.

    Taken as well: no text at all (a call without arguments), raw line breaks inside strings, JSON written twice (a
    string that holds the object), and text after the object.
    """
    text = text.strip()
    if not text:
        return {}
    decoder = json.JSONDecoder(strict=False)
    try:
        value, _ = decoder.raw_decode(text)
        if isinstance(value, str):
            value, _ = decoder.raw_decode(value.strip())
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
