"""Calls without markers: a reply that is JSON from its first to its last character, or ends with it when asked to."""

from collections.abc import Sequence

from model_backend.chat import ToolSpec
from model_backend.dialects.calls import NONE, CallParser, Piece, Read
from model_backend.dialects.reading import MAX_CALL_CHARS, read_call, read_calls, read_value, unfenced

_OPENERS = ("{", "[", "｛")
MOST_OPENERS = 8
"""Braces tried in a reply that was to be JSON and is not: each costs a reading of the rest."""
FENCE_TICKS = 3


class WholeMessage:
    """Wraps another parser: when the whole reply is a call of a function on offer, it is taken as one.

    Servers that hide special tokens leave such a reply. An example of JSON inside an answer is none.
    """

    def __init__(self, inner: CallParser, tools: Sequence[ToolSpec]) -> None:
        self._inner = inner
        self._tools = tools
        self._held = ""
        self._decided = not tools
        self._broken = ""

    @property
    def broken(self) -> str:
        """Why a call that was begun could not be read."""
        return self._broken or self._inner.broken

    def feed(self, text: str) -> list[Piece]:
        """What is decided so far; a reply that begins like JSON is held to its end."""
        if self._decided:
            return self._inner.feed(text)
        self._held += text
        head = self._held.lstrip()
        if len(self._held) > MAX_CALL_CHARS or (head and not _may_become_json(head)):
            return self._release()
        return []

    def finish(self) -> list[Piece]:
        """The rest."""
        if self._decided:
            return self._inner.finish()
        calls, rest = read_calls(self._held, self._tools)
        if calls and not rest.strip():
            self._decided = True
            return list(calls)
        return [*self._release(), *self._inner.finish()]

    def _release(self) -> list[Piece]:
        self._decided = True
        text, self._held = self._held, ""
        return self._inner.feed(text)


class AskedForJson:
    """A reply that was to be one line of JSON: held to its end, since nothing of it is meant for the reader's eye."""

    def __init__(self, tools: Sequence[ToolSpec]) -> None:
        self.broken = ""
        self._tools = tools
        self._text: list[str] = []

    def feed(self, text: str) -> list[Piece]:
        """Nothing yet."""
        self._text.append(text)
        return []

    def finish(self) -> list[Piece]:
        """The calls; prose without JSON comes out as the text it is."""
        text = "".join(self._text)
        calls = _calls_at_the_end(text, self._tools) or _first_call(text, self._tools)
        if calls:
            return list(calls)
        plain = unfenced(text).strip(" .。!\"'`").lower()
        if plain != NONE:
            self.broken = "no JSON, although it was asked for"
        return [text] if text else []


def _calls_at_the_end(text: str, tools: Sequence[ToolSpec]) -> list[Read]:
    """The calls of a reply that is JSON, or whose last part is; JSON that prose follows is an example of something."""
    calls, rest = read_calls(text, tools)
    if calls and not rest.strip():
        return calls
    whole = unfenced(text)
    at = max(whole.rfind("\n{"), whole.rfind("\n```"))
    if at < 0:
        return []
    calls, rest = read_calls(whole[at + 1 :], tools)
    return calls if not rest.strip() else []


def _first_call(text: str, tools: Sequence[ToolSpec]) -> list[Read]:
    """The first call of a function on offer, with words around it: small models explain themselves unasked."""
    whole = unfenced(text)
    places = [at for at, char in enumerate(whole) if char in "{｛"][:MOST_OPENERS]
    for at in places:
        found = read_value(whole[at:])
        call = read_call(found[0], tools) if found else None
        if call is not None:
            return [call]
    return []


def _may_become_json(head: str) -> bool:
    """Whether a text that begins so may turn out to be JSON, perhaps in a fence."""
    if head[0] != "`":
        return head[0] in _OPENERS
    fence = len(head) - len(head.lstrip("`"))
    if fence < len(head) and fence < FENCE_TICKS:
        return False
    language, newline, body = head[fence:].partition("\n")
    if not newline:
        return "json".startswith(language.strip().lower()) or language.lstrip()[0] in _OPENERS
    return not body.strip() or body.lstrip()[0] in _OPENERS
