"""Tool parser of vLLM for Megrez: `--tool-parser-plugin /ABSOLUTE/megrez_tool_parser.py --tool-call-parser megrez`.

Reads `<|function_start|>{"name": …, "arguments": {…}}<|function_end|>`, streamed or whole. A call is handed on as soon
as its JSON is complete, so that a missing end marker loses nothing. Imports nothing but vLLM and the standard library.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

try:
    # vLLM 0.32 and about.
    from vllm.entrypoints.generate.base.protocol import (
        DeltaFunctionCall,
        DeltaMessage,
        DeltaToolCall,
        ExtractedToolCallInformation,
        FunctionCall,
        ToolCall,
    )
except ImportError:
    try:
        # From about 0.15 on.
        from vllm.entrypoints.openai.engine.protocol import (
            DeltaFunctionCall,
            DeltaMessage,
            DeltaToolCall,
            ExtractedToolCallInformation,
            FunctionCall,
            ToolCall,
        )
    except ImportError:
        from vllm.entrypoints.openai.protocol import (
            DeltaFunctionCall,
            DeltaMessage,
            DeltaToolCall,
            ExtractedToolCallInformation,
            FunctionCall,
            ToolCall,
        )
try:
    from vllm.tool_parsers.abstract_tool_parser import ToolParser, ToolParserManager
except ImportError:
    # Up to about 0.12.
    from vllm.entrypoints.openai.tool_parsers.abstract_tool_parser import ToolParser, ToolParserManager

START, END = "<|function_start|>", "<|function_end|>"
TURN_END = re.compile(r"(?:<\|(?:turn_end|eos)\|>)+")
_DECODER = json.JSONDecoder(strict=False)

Call = tuple[str, str]
"""Name, and arguments as JSON."""


class Reader:
    """Text in, text and calls out. State: what is held back, and whether a call has been begun."""

    def __init__(self) -> None:
        self._held = ""
        self._in_call = False

    def feed(self, text: str) -> list[str | Call]:
        """What is decided so far."""
        self._held += text
        out: list[str | Call] = []
        while (piece := self._next()) is not None:
            if piece:
                out.append(piece)
        return out

    def finish(self) -> list[str | Call]:
        """What was held back; a call that cannot be read is text, so that the client may try."""
        rest, self._held = self._held, ""
        text = (START if self._in_call else "") + rest
        self._in_call = False
        return [text] if text else []

    def _next(self) -> str | Call | None:
        return self._next_of_call() if self._in_call else self._next_of_text()

    def _next_of_text(self) -> str | None:
        at = self._held.find(START)
        if at >= 0:
            text, self._held = self._held[:at], self._held[at + len(START) :]
            self._in_call = True
            return text
        markers = (START, END)
        keep = max(
            next((n for n in range(min(len(self._held), len(m) - 1), 0, -1) if m.startswith(self._held[-n:])), 0)
            for m in markers
        )
        text, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        # The end marker of a call that was handed on before it came.
        text = text.replace(END, "")
        return text or None

    def _next_of_call(self) -> str | Call | None:
        body = self._held.lstrip()
        try:
            value, end = _DECODER.raw_decode(body)
        except (ValueError, RecursionError):
            value, end = None, 0
        if not isinstance(value, dict) or not isinstance(value.get("name"), str):
            closed = self._held.find(END)
            if closed < 0:
                return None
            # A call that is over and cannot be read: the client may manage it, so it gets it as it is.
            text, self._held = START + self._held[:closed] + END, self._held[closed + len(END) :]
            self._in_call = False
            return text
        self._held = body[end:]
        self._in_call = False
        arguments: Any = next((value[key] for key in ("arguments", "parameters") if key in value), {})
        return value["name"], arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)


@ToolParserManager.register_module("megrez")  # type: ignore[untyped-decorator, unused-ignore]
class MegrezToolParser(ToolParser):  # type: ignore[misc, unused-ignore]
    """Megrez's calls."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().__init__(*args, **kwargs)
        except TypeError:
            # Older versions take the tokenizer alone.
            super().__init__(args[0] if args else kwargs["tokenizer"])
        self._reader = Reader()
        self._streamed = 0

    def adjust_request(self, request: Any) -> Any:
        """Keep the markers in the text: they are special tokens, and hidden by default."""
        request = super().adjust_request(request)
        if request.tools and request.tool_choice != "none":
            request.skip_special_tokens = False
        return request

    def extract_tool_calls(self, model_output: str, request: Any) -> Any:
        """Calls of a whole reply."""
        del request
        reader = Reader()
        pieces = [*reader.feed(model_output), *reader.finish()]
        calls = [piece for piece in pieces if isinstance(piece, tuple)]
        text = TURN_END.sub("", "".join(piece for piece in pieces if isinstance(piece, str)))
        return ExtractedToolCallInformation(
            tools_called=bool(calls),
            tool_calls=[ToolCall(function=FunctionCall(name=name, arguments=written)) for name, written in calls],
            content=text or None,
        )

    def extract_tool_calls_streaming(
        self,
        previous_text: str,
        current_text: str,
        delta_text: str,
        previous_token_ids: Sequence[int],
        current_token_ids: Sequence[int],
        delta_token_ids: Sequence[int],
        request: Any,
    ) -> Any:
        """Calls of a piece of a reply."""
        del current_text, previous_token_ids, current_token_ids, delta_token_ids, request
        if not previous_text:
            self._reader, self._streamed = Reader(), 0
        pieces = self._reader.feed(delta_text)
        calls = [self._delta(piece) for piece in pieces if isinstance(piece, tuple)]
        text = TURN_END.sub("", "".join(piece for piece in pieces if isinstance(piece, str)))
        if not calls and not text:
            return None
        message = DeltaMessage(content=text or None)
        if calls:
            message.tool_calls = calls
        return message

    def _delta(self, call: Call) -> Any:
        name, arguments = call
        index = self._streamed
        self._streamed += 1
        # What the server reads to tell how the reply ended, and whether arguments are left to be sent.
        self.prev_tool_call_arr.append({"name": name, "arguments": arguments})
        self.streamed_args_for_tool.append(arguments)
        self.current_tool_id = index
        self.current_tool_name_sent = True
        made = ToolCall(function=FunctionCall(name=name, arguments=arguments))
        function = DeltaFunctionCall(name=name, arguments=arguments)
        return DeltaToolCall(index=index, id=made.id, type="function", function=function)
