"""The dialects: what each model must be told about the functions on offer, and who reads its answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from model_backend.chat import ToolCall, ToolSpec
from model_backend.dialects.bare import AskedForJson, WholeMessage
from model_backend.dialects.calls import NONE, CallParser, Read
from model_backend.dialects.marked import MarkedParser, Marks
from model_backend.dialects.python_call import read_between, read_python

MEGREZ_MARKS = ("<|function_start|>", "<|function_end|>")
HERMES_MARKS = ("<tool_call>", "</tool_call>")
MINICPM3_MARKS = ("<|tool_call_start|>", "<|tool_call_end|>")
MINICPM3_THOUGHT = ("<|thought_start|>", "<|thought_end|>")

MEGREZ_PERSONA = "你是Megrez-3B-Instruct, 将针对用户的问题给出详细的、积极的回答."
"""As Megrez was trained for function calls: with ASCII comma and full stop, unlike in its template."""
MEGREZ_OFFER = "You have access to the following functions. Use them if required -"
MEGREZ_NAMES: Mapping[str, tuple[str, str, str]] = {
    "search_web": (
        "googleWebSearch",
        "A Google Search Engine. Useful when you need to search information you don't know such as weather, "
        "exchange rate, current events.Never ever use this tool when user want to translate",
        "Content that users want to search for, such as 'weather', 'current events', etc."
        "If special characters such as '\n' appear in the search, these special characters must be ignored.",
    )
}
"""The one function of its published training prompt: name, description, and description of the query, word for word."""


class Dialect(Protocol):
    """How one family of models calls functions."""

    @property
    def result_role(self) -> str:
        """Role of the message that carries a function's result."""

    def offer(self, system: str, tools: Sequence[ToolSpec], now: datetime) -> str:
        """The system text that offers the functions."""

    def name_of(self, tool: str) -> str:
        """What the model knows a function as."""

    def written(self, calls: Sequence[ToolCall]) -> str:
        """Earlier calls as the model would have written them."""

    def parser(self, tools: Sequence[ToolSpec]) -> CallParser:
        """A reader of one reply."""


@dataclass(frozen=True, slots=True)
class Megrez:
    """`<|function_start|>{json}<|function_end|>`; results come as `observation`."""

    result_role: str = "observation"

    def offer(self, system: str, tools: Sequence[ToolSpec], now: datetime) -> str:
        """Persona, time, our rules, functions: the order and the words of the published prompt."""
        # Whole hours, so that a server's prefix cache serves every question of the hour.
        told = f"The current time is {now:%Y-%m-%d %H}:00:00, {_WEEKDAYS[now.weekday()]}."
        blocks = "\n\n".join(json.dumps(self._function(tool), ensure_ascii=False, indent=4) for tool in tools)
        return "\n".join([MEGREZ_PERSONA, told, *([system] if system else []), f"{MEGREZ_OFFER}\n{blocks}"])

    def name_of(self, tool: str) -> str:
        """`googleWebSearch` for the search: the name it was trained with."""
        return MEGREZ_NAMES[tool][0] if tool in MEGREZ_NAMES else tool

    def written(self, calls: Sequence[ToolCall]) -> str:
        """The call between its markers."""
        start, end = MEGREZ_MARKS
        return "".join(
            f'{start}{{"name": {_json(self.name_of(call.name))}, "arguments": {_json(dict(call.arguments))}}}{end}'
            for call in calls
        )

    def parser(self, tools: Sequence[ToolSpec]) -> CallParser:
        """Marked calls, or a message that is nothing but a call."""
        return WholeMessage(MarkedParser([megrez_marks(tools)]), tools)

    def _function(self, tool: ToolSpec) -> dict[str, object]:
        known = MEGREZ_NAMES.get(tool.name)
        if known is None:
            return {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
        name, description, query = known
        properties = {"query": {"type": "string", "description": query}}
        parameters = {"type": "object", "properties": properties, "required": ["query"]}
        return {"name": name, "description": description, "parameters": parameters}


@dataclass(frozen=True, slots=True)
class MiniCPM3:
    """Lines of Python between markers, after a thought that is not shown; results come as `tool`."""

    result_role: str = "tool"

    def offer(self, system: str, tools: Sequence[ToolSpec], now: datetime) -> str:
        """Our rules, the functions as Python signatures, and how to call them."""
        del now
        stubs = "\n\n".join(_stub(tool) for tool in tools)
        start, end = MINICPM3_MARKS
        think, thought = MINICPM3_THOUGHT
        return "\n".join(
            [
                *([system, ""] if system else []),
                "# Functions",
                "Here is a list of functions that you can invoke:",
                "```python",
                "from typing import List, Dict, Optional",
                "from pydantic import Field",
                "",
                stubs,
                "```",
                "",
                "# Function Call Rule and Output Format",
                "- Call a function only when the request needs it; otherwise answer without any call.",
                "- To call, write exactly this, one call a line, with keyword arguments that are literals:",
                think,
                "why the call is needed",
                thought,
                start,
                "```python",
                'function_name(argument="value")',
                "```",
                end,
            ]
        )

    def name_of(self, tool: str) -> str:
        """Unchanged."""
        return tool

    def written(self, calls: Sequence[ToolCall]) -> str:
        """The calls as lines of Python."""
        lines = [
            f"{call.name}({', '.join(f'{name}={value!r}' for name, value in call.arguments.items())})" for call in calls
        ]
        start, end = MINICPM3_MARKS
        return "\n".join([start, "```python", *lines, "```", end]) if lines else ""

    def parser(self, tools: Sequence[ToolSpec]) -> CallParser:
        """Marked calls, or a message that is nothing but a call."""
        return WholeMessage(MarkedParser([_minicpm3_marks(tools)], hidden=MINICPM3_THOUGHT), tools)


def dialect_of(name: str) -> Dialect:
    """One dialect by its id."""
    dialects: dict[str, Dialect] = {"megrez": Megrez(), "minicpm3": MiniCPM3()}
    return dialects[name]


def native_parser(tools: Sequence[ToolSpec]) -> CallParser:
    """For a server that is to parse calls itself: known markers that it leaves in the text are read all the same."""
    hermes = Marks(*HERMES_MARKS, lambda body: read_between(body, tools))
    marks = [megrez_marks(tools), hermes, _minicpm3_marks(tools)]
    return WholeMessage(MarkedParser(marks, hidden=MINICPM3_THOUGHT), tools)


def megrez_marks(tools: Sequence[ToolSpec]) -> Marks:
    """Megrez's markers around JSON."""
    return Marks(*MEGREZ_MARKS, lambda body: read_between(body, tools))


def _minicpm3_marks(tools: Sequence[ToolSpec]) -> Marks:
    return Marks(*MINICPM3_MARKS, lambda body: read_python(body, tools))


def json_in_words(tools: Sequence[ToolSpec], language: str) -> str:
    """What is added to the question so that the model answers with one line of JSON."""
    none = json.dumps({"name": NONE, "arguments": {}})
    if language == "zh":
        lines = [f"- {_example(tool, '简短的搜索词')}  ({tool.description})" for tool in tools]
        return "\n".join(
            ["只回复一行 JSON，不要写任何其他内容。可选：", *lines, f"- {none}  (不需要搜索，可以直接回答时)"]
        )
    lines = [f"- {_example(tool, 'short query')}  ({tool.description})" for tool in tools]
    return "\n".join(
        [
            "Reply with exactly one line of JSON and nothing else. Choose one:",
            *lines,
            f"- {none}  (no search is needed)",
        ]
    )


def json_schema(tools: Sequence[ToolSpec]) -> dict[str, object]:
    """The schema of such a line, for servers that force it."""
    properties: dict[str, object] = {}
    for tool in tools:
        own = tool.parameters.get("properties")
        properties |= own if isinstance(own, dict) else {}
    return {
        "type": "object",
        "properties": {
            "name": {"type": "string", "enum": [*(tool.name for tool in tools), NONE]},
            "arguments": {"type": "object", "properties": properties, "additionalProperties": False},
        },
        "required": ["name", "arguments"],
        "additionalProperties": False,
    }


def json_parser(tools: Sequence[ToolSpec]) -> CallParser:
    """A reader of such a line; calls in markers are taken too."""
    return AskedForJson(tools)


def _example(tool: ToolSpec, value: str) -> str:
    properties = tool.parameters.get("properties")
    names = list(properties) if isinstance(properties, Mapping) else []
    return _json({"name": tool.name, "arguments": dict.fromkeys(names[:1], value)})


def _stub(tool: ToolSpec) -> str:
    properties = tool.parameters.get("properties")
    fields = properties if isinstance(properties, Mapping) else {}
    required = tool.parameters.get("required")
    needed = set(required) if isinstance(required, Sequence) else set()
    ordered = sorted(fields, key=lambda name: name not in needed)
    signature = ", ".join(name if name in needed else f"{name}=None" for name in ordered)
    lines = [f"def {tool.name}({signature}):", f'    """{tool.description}', "", "    Args:"]
    for name in ordered:
        field = fields[name] if isinstance(fields[name], Mapping) else {}
        kind = _PYTHON_TYPES.get(str(field.get("type")), "str")
        told = _json(str(field.get("description", "")))
        lines.append(f"        {name}: {kind} = Field(..., description={told})")
    return "\n".join([*lines, '    """'])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""Written out: the names of `strftime` follow the machine's locale."""
_PYTHON_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "array": "List"}

__all__ = ["Dialect", "Read", "dialect_of", "json_in_words", "json_parser", "json_schema", "native_parser"]
