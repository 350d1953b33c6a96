"""JSON as models write it: fenced, in single quotes, with trailing commas, full-width punctuation, no end."""

import ast
import json
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from model_backend.chat import ToolSpec
from model_backend.dialects.calls import MOST_CALLS, NONE, Read, arranged, resolve

MAX_CALL_CHARS = 8000
"""A call longer than this is no call: a query has at most a few hundred characters."""
_STARTS = tuple("{[｛［\"'＂“”„‟")
"""What an object, a list or a quoted text begins with."""
FENCE = re.compile(r"^\s*`{3,}[ \t]*[A-Za-z0-9_+-]*[ \t]*\n?|\n?\s*`{3,}\s*$")
END_TOKENS = re.compile(r"(?:\s*(?:<[|｜][^\s<>|｜]{1,40}[|｜]>|</s>))+\s*$")
"""What servers leave at the end of a reply when they hide no special tokens."""
_FULL_WIDTH = str.maketrans("｛｝［］（）＝：，＂“”„‟", '{}[]()=:,"""""')
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_WORDS = re.compile(r"\b(true|false|null)\b")
_PYTHON = {"true": "True", "false": "False", "null": "None"}
_DECODER = json.JSONDecoder(strict=False)
_UNREADABLE = (ValueError, SyntaxError, RecursionError, MemoryError, TypeError)


def unfenced(text: str) -> str:
    """The text without a code fence around it and without what ends a turn."""
    text = END_TOKENS.sub("", text).strip()
    return FENCE.sub("", text).strip() if text.startswith("```") else text


def read_value(text: str) -> tuple[Any, int, bool] | None:
    """The object, list or quoted text that a text begins with.

    Returns:
        The value, where it ends in the text, and whether an end had to be supplied; None when it cannot be read.
    """
    # Prose is told by its first character: every attempt at 500 tokens of it would take 2 ms.
    if len(text) > MAX_CALL_CHARS or not text.lstrip().startswith(_STARTS):
        return None
    for attempt in _ATTEMPTS:
        try:
            value, end, mended = attempt(text)
        except _UNREADABLE:
            continue
        return value, end, mended
    return None


def _plainly(text: str) -> tuple[Any, int, bool]:
    value, end = _DECODER.raw_decode(text)
    return value, end, False


def _tidied(text: str) -> tuple[Any, int, bool]:
    """Full-width punctuation and trailing commas; a comma is replaced, so that places stay what they are."""
    value, end = _DECODER.raw_decode(_TRAILING_COMMA.sub(" ", half_width(text)))
    return value, end, False


def _pythonic(text: str) -> tuple[Any, int, bool]:
    """Single quotes: a Python literal, with JSON's words for its own."""
    body = text[: text.rfind("}") + 1] or text
    with warnings.catch_warnings():
        # An unknown escape such as \d warns; what it means to the model is plain.
        warnings.simplefilter("ignore")
        return ast.literal_eval(_WORDS.sub(lambda m: _PYTHON[m[0]], body.replace("\n", " "))), len(body), False


def _completed(text: str) -> tuple[Any, int, bool]:
    """The end is missing: close what is open."""
    text = half_width(text)
    closers: list[str] = []
    quoted = escaped = False
    for char in text:
        if quoted:
            quoted = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            quoted = True
        elif char in "{[":
            closers.append("}" if char == "{" else "]")
        elif char in "}]" and closers:
            closers.pop()
    if not closers:
        raise ValueError("nothing is open")
    whole = text + ('"' if quoted else "") + "".join(reversed(closers))
    return _DECODER.raw_decode(_TRAILING_COMMA.sub("", whole))[0], len(text), True


_ATTEMPTS: Sequence[Callable[[str], tuple[Any, int, bool]]] = (_plainly, _tidied, _pythonic, _completed)


def half_width(text: str) -> str:
    """Full-width punctuation made plain, but not inside strings that are quoted plainly."""
    if text.isascii():
        return text
    parts = re.split(r'("(?:[^"\\]|\\.)*")', text)
    return "".join(part if place % 2 else part.translate(_FULL_WIDTH) for place, part in enumerate(parts))


def read_call(value: object, tools: Sequence[ToolSpec]) -> Read | None:
    """The call a JSON value describes; None when it describes none of the functions on offer."""
    if not isinstance(value, dict):
        return None
    inner = value.get("function")
    if isinstance(inner, dict):
        value = inner
    name = value.get("name") or inner or value.get("tool") or value.get("tool_name")
    if not isinstance(name, str):
        return None
    if name.lower() == NONE:
        return Read(NONE, {})
    tool = resolve(name, tools)
    if tool is None:
        return None
    written = next((value[key] for key in ("arguments", "parameters", "args", "input") if key in value), None)
    if isinstance(written, str) and written.lstrip()[:1] in ("{", "｛"):
        found = read_value(written.strip())
        written = found[0] if found else written
    arguments = arranged(tool, written)
    return None if arguments is None else Read(tool.name, arguments)


def read_calls(text: str, tools: Sequence[ToolSpec]) -> tuple[list[Read], str]:
    """All calls of a text that is nothing but calls.

    Returns:
        The calls, and the text behind them (both empty when it cannot be read).
    """
    text = unfenced(text)
    calls: list[Read] = []
    at = 0
    while at < len(text) and len(calls) < MOST_CALLS:
        found = read_value(text[at:])
        if found is None:
            break
        value, end, _ = found
        many = value if isinstance(value, list) else [value]
        read = [call for call in (read_call(one, tools) for one in many) if call]
        if not read or len(read) < len(many):
            break
        calls += read
        at += end
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
        if at < len(text) and text[at] not in "{[｛":
            break
    return calls, text[at:] if calls else ""
