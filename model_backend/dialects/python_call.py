"""Calls written as lines of Python, as MiniCPM3 does: parsed as a tree, never run."""

import ast
import warnings
from collections.abc import Sequence

from model_backend.chat import ToolSpec
from model_backend.dialects.calls import MOST_CALLS, Read, arranged, resolve
from model_backend.dialects.reading import MAX_CALL_CHARS, read_calls, unfenced


def read_python(text: str, tools: Sequence[ToolSpec]) -> tuple[list[Read], str]:
    """The calls of `name(parameter="value")` lines; JSON is taken as well. Anything but literals is refused."""
    source = unfenced(text)
    if len(source) > MAX_CALL_CHARS:
        return [], ""
    calls = [call for tree in _trees(source) for call in _calls(tree, tools)]
    return (calls[:MOST_CALLS], "") if calls else read_calls(text, tools)


def _trees(source: str) -> list[ast.Module]:
    """The whole text as a program; where that fails, each line that is one by itself."""
    whole = _parsed(source)
    if whole is not None:
        return [whole]
    return [tree for line in source.splitlines() if (tree := _parsed(line.strip())) is not None]


def _parsed(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            # Unknown escapes warn; they say nothing about whether the call can be read.
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _calls(tree: ast.Module, tools: Sequence[ToolSpec]) -> list[Read]:
    found: list[Read] = []
    for statement in tree.body:
        value = getattr(statement, "value", None)
        if isinstance(value, ast.Call) and (call := _read(value, tools)) is not None:
            found.append(call)
    return found


def _read(node: ast.Call, tools: Sequence[ToolSpec]) -> Read | None:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    tool = resolve(name, tools)
    if tool is None:
        return None
    properties = tool.parameters.get("properties")
    names = list(properties) if isinstance(properties, dict) else []
    try:
        written = {
            name: ast.literal_eval(value)
            for name, value in [
                *zip(names, node.args, strict=False),
                *((keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg),
            ]
        }
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    arguments = arranged(tool, written)
    return None if arguments is None else Read(tool.name, arguments)
