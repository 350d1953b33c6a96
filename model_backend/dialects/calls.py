"""What a parser gives back, and which function a written name means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from model_backend.chat import ToolSpec

ALIASES: Mapping[str, frozenset[str]] = {
    # `googleWebSearch` is the name Megrez was trained with; models invent the others.
    "search_web": frozenset(
        {"googlewebsearch", "websearch", "search", "googlesearch", "searchtheweb", "google", "internetsearch"}
    )
}
"""Other names that models give to a function, compared without case, spaces, dots and underscores."""
NONE = "none"
"""The function of a reply in JSON that wants none."""
MOST_CALLS = 8
"""Calls read of one reply; more is a model that runs in circles."""
LONGEST_VALUE = 2000
"""Characters of one argument that are kept."""


@dataclass(frozen=True, slots=True)
class Read:
    """One call that was read."""

    name: str
    """As the function on offer is called; `none` when the model said that it wants none."""
    arguments: Mapping[str, object]


Piece = str | Read
"""A piece of text, or a call, in the order they were written."""


class CallParser(Protocol):
    """Reads one reply. Feed it every piece in order, then finish."""

    @property
    def broken(self) -> str:
        """Why a call that was begun could not be read; empty when there was none."""

    def feed(self, text: str) -> list[Piece]:
        """What is decided so far."""

    def finish(self) -> list[Piece]:
        """What was held back, at the end of the reply."""


def resolve(name: str, tools: Sequence[ToolSpec]) -> ToolSpec | None:
    """The function on offer that a written name means."""
    plain = _plain(name)
    for tool in tools:
        if plain == _plain(tool.name) or plain in ALIASES.get(tool.name, frozenset()):
            return tool
    return None


def arranged(tool: ToolSpec, written: object) -> dict[str, object] | None:
    """Arguments as the function wants them: a lone string is its single parameter, white space is tidied.

    A missing or empty text stays empty here: the caller knows the user's question and puts it in.
    """
    properties = tool.parameters.get("properties")
    names = list(properties) if isinstance(properties, Mapping) else []
    if isinstance(written, str) and names:
        required = tool.parameters.get("required")
        first = required[0] if isinstance(required, Sequence) and required else names[0]
        return {str(first): _tidy(written)}
    if written is None:
        return {}
    if not isinstance(written, Mapping):
        return None
    return {str(key): _tidy(value) if isinstance(value, str) else value for key, value in written.items()}


def _tidy(text: str) -> str:
    return " ".join(text.split())[:LONGEST_VALUE]


def _plain(name: str) -> str:
    return "".join(char for char in name.lower() if char not in "_- .").removeprefix("functions")
