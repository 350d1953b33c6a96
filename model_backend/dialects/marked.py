"""Calls between markers, found while text streams: a state machine that holds back only what may become a marker."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from model_backend.dialects.calls import MOST_CALLS, Piece, Read
from model_backend.dialects.reading import END_TOKENS, MAX_CALL_CHARS

Reader = Callable[[str], tuple[list[Read], str]]
"""The calls of what stands between two markers, and text behind them; no calls when it cannot be read."""
_THINK, _THINK_END = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class Marks:
    """One way to mark calls."""

    start: str
    end: str
    read: Reader


class MarkedParser:
    """States: `text`, `thinking` (passed on unread: a call in it is none), `hidden` (dropped), and `call`."""

    def __init__(self, marks: Sequence[Marks], *, hidden: tuple[str, str] | None = None) -> None:
        """`hidden` are the markers of reasoning that the visible text must not show."""
        self.broken = ""
        self._marks = marks
        self._hidden = hidden
        self._starts = tuple(m.start for m in marks) + (_THINK,) + ((hidden[0],) if hidden else ())
        self._state = "text"
        self._held = ""
        self._call: Marks | None = None
        self._calls = 0

    def feed(self, text: str) -> list[Piece]:
        """What is decided so far."""
        if self._state == "text" and not self._held and "<" not in text:
            return [text] if text else []
        self._held += text
        return _joined(self._advance())

    def finish(self) -> list[Piece]:
        """The rest. A call whose end is missing counts when it can be read."""
        pieces = self._advance()
        held, self._held = self._held, ""
        if self._state == "call" and self._call is not None:
            pieces += self._read(self._call, held)
        elif self._state == "hidden":
            # Reasoning that never ended: the answer was not reached.
            self.broken = self.broken or "its reasoning never ended"
        elif held:
            pieces.append(held)
        self._state = "text"
        return _joined(pieces)

    def _advance(self) -> list[Piece]:
        pieces: list[Piece] = []
        while True:
            before = (len(self._held), self._state)
            pieces += {
                "text": self._in_text,
                "thinking": self._in_thought,
                "hidden": self._in_hidden,
                "call": self._in_call,
            }[self._state]()
            if before == (len(self._held), self._state):
                return pieces

    def _in_text(self) -> list[Piece]:
        at, start = min(((self._held.find(s), s) for s in self._starts if s in self._held), default=(-1, ""))
        if at < 0:
            keep = max(overlap(self._held, start) for start in self._starts)
            return self._let_out(len(self._held) - keep)
        pieces = self._let_out(at)
        if start == _THINK:
            self._state = "thinking"
            return [*pieces, *self._let_out(len(start))]
        self._held = self._held[len(start) :]
        self._call = next((marks for marks in self._marks if marks.start == start), None)
        self._state = "call" if self._call else "hidden"
        return pieces

    def _in_thought(self) -> list[Piece]:
        at = self._held.find(_THINK_END)
        if at < 0:
            return self._let_out(len(self._held) - overlap(self._held, _THINK_END))
        self._state = "text"
        return self._let_out(at + len(_THINK_END))

    def _in_hidden(self) -> list[Piece]:
        assert self._hidden is not None
        end = self._hidden[1]
        at = self._held.find(end)
        if at < 0:
            self._held = self._held[len(self._held) - overlap(self._held, end) :]
            return []
        self._held = self._held[at + len(end) :]
        self._state = "text"
        return []

    def _in_call(self) -> list[Piece]:
        assert self._call is not None
        marks = self._call
        end = self._held.find(marks.end)
        # A second start before the end: the first call was never closed.
        again = self._held.find(marks.start)
        if end < 0 and again < 0:
            return self._give_up() if len(self._held) > MAX_CALL_CHARS else []
        if end < 0 or 0 <= again < end:
            body, self._held = self._held[:again], self._held[again:]
        else:
            body, self._held = self._held[:end], self._held[end + len(marks.end) :]
        self._state = "text"
        return self._read(marks, body)

    def _give_up(self) -> list[Piece]:
        """No call is that long: what was held is text after all."""
        self.broken = "a call without an end"
        text, self._held, self._state = self._held, "", "text"
        return [text]

    def _read(self, marks: Marks, body: str) -> list[Piece]:
        calls, rest = marks.read(body)
        room = max(0, MOST_CALLS - self._calls)
        self._calls += len(calls)
        if not calls and body.strip():
            self.broken = self.broken or "a call that cannot be read"
        # Text behind a call whose end marker is missing was meant for the reader.
        return [*calls[:room], *([rest] if END_TOKENS.sub("", rest).strip() else [])]

    def _let_out(self, length: int) -> list[Piece]:
        text, self._held = self._held[:length], self._held[length:]
        return [text] if text else []


def overlap(text: str, marker: str) -> int:
    """Length of the longest end of `text` that begins `marker`."""
    return next((n for n in range(min(len(text), len(marker) - 1), 0, -1) if marker.startswith(text[-n:])), 0)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbouring texts as one."""
    out: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and out and isinstance(out[-1], str):
            out[-1] += piece
        elif piece:
            out.append(piece)
    return out
