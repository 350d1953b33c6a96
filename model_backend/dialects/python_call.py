"""Calls written as lines of Python, as MiniCPM3 does: parsed as a tree, never run."""

import ast
import warnings
from collections.abc import Iterator, Sequence

from model_backend.chat import ToolSpec
from model_backend.dialects.calls import MOST_CALLS, Read, arranged, resolve
from model_backend.dialects.reading import MAX_CALL_CHARS, half_width, read_calls, read_value, unfenced


def read_python(text: str, tools: Sequence[ToolSpec]) -> tuple[list[Read], str]:
    """The calls of `name(parameter="value")` lines; JSON is taken as well. Anything but literals is refused."""
    source = unfenced(text)
    if len(source) > MAX_CALL_CHARS:
        return [], ""
    for attempt in _attempts(source):
        calls = [call for tree in _trees(attempt) for call in _calls(tree, tools)]
        if calls:
            return calls[:MOST_CALLS], ""
    return read_calls(text, tools)


def read_between(text: str, tools: Sequence[ToolSpec]) -> tuple[list[Read], str]:
    """What stands between markers that are only ever put around calls: JSON, Python, or arguments without a name.

    Arguments alone are those of the function on offer, as long as there is but one.
    """
    calls, rest = read_python(text, tools)
    if calls or len(tools) != 1:
        return calls, rest
    found = read_value(unfenced(text))
    value = found[0] if found else None
    properties = tools[0].parameters.get("properties")
    named = isinstance(value, dict) and value and isinstance(properties, dict) and set(value) <= set(properties)
    if not named and not (isinstance(value, str) and value.strip()):
        return [], ""
    arguments = arranged(tools[0], value)
    return ([Read(tools[0].name, arguments)] if arguments else []), ""


def _attempts(source: str) -> Iterator[str]:
    """As it stands; with full-width signs made plain; and with the end that a limit cut off."""
    yield source
    plain = half_width(source)
    if plain != source:
        yield plain
    if "(" in plain and plain.count('"') + plain.count("'"):
        yield from (plain.rstrip() + end for end in (")", '")', "')"))


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
    lone = next(iter(written.values()), None) if len(node.args) == 1 and not node.keywords else None
    arguments = arranged(tool, lone if isinstance(lone, dict) else written)
    return None if arguments is None else Read(tool.name, arguments)
