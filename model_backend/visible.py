"""What a reader may see of a model's text: leaked control tokens and reasoning are taken out while it streams."""

import re

_CONTROL = re.compile(r"<[|｜][^\s<>|｜]{1,40}[|｜]>")
"""A control token of a chat template, such as `<|turn_end|>`: no spaces inside, so `a <| b |> c` of a program stays."""
_CONTROL_BEGUN = re.compile(r"<(?:[|｜](?:[^\s<>|｜]{1,40}[|｜]?)?)?$")
"""The beginning of one at the end of a piece: held back until it is decided."""
_OPEN, _CLOSE = "<think>", "</think>"


class VisibleText:
    """Filters one reply. Feed it every piece in order, then flush; what comes out, joined, is what is visible."""

    def __init__(self, *, thinks_first: bool = False) -> None:
        """`thinks_first`: the template opens the reasoning itself, so that a reply begins in the middle of it."""
        self._held = ""
        self._thinking = thinks_first
        self._unopened = thinks_first
        self._thinks_first = thinks_first
        self.closed_unopened = False
        """Whether reasoning ended that had not begun in the reply: what was let out before it was reasoning."""
        self._thought = ""
        self._shown = ""
        """The last character let out: tells a tag quoted as code from a real one."""
        self._anything = False
        self._after_thought = False
        """Whether white space that only parts reasoning from the answer is still to be left out."""

    @property
    def began_inside(self) -> bool:
        """Whether the reply, once it has ended, turned out to have begun inside of reasoning."""
        return self.closed_unopened or (self._thinks_first and not self._unopened)

    def feed(self, piece: str) -> str:
        """The visible part of what is decided so far."""
        self._held += piece
        if not self._thinking and "<" not in self._held:
            text, self._held = self._held, ""
            return self._show(text)
        return self._advance()

    def flush(self) -> str:
        """What was held back, at the end of the reply.

        A reasoning block that never ended is dropped when the reply began with it (the answer was not reached), and
        given back otherwise: then it was text that only looked like one.
        """
        text = self._advance()
        rest, self._held = self._held, ""
        if not self._thinking:
            return text + self._show(rest)
        self._thinking = False
        if self._unopened:
            return text + self._show(self._thought + rest)
        return text + self._show(_OPEN + self._thought + rest) if self._anything else text

    def _advance(self) -> str:
        out = ""
        while True:
            before = (self._held, self._thinking)
            out += self._leave_thought() if self._thinking else self._read_on()
            if before == (self._held, self._thinking):
                return out

    def _leave_thought(self) -> str:
        end = self._held.find(_CLOSE)
        if end >= 0:
            self._held = self._held[end + len(_CLOSE) :]
            self._thinking, self._unopened, self._thought = False, False, ""
            self._after_thought = True
            return ""
        keep = _overlap(self._held, _CLOSE)
        self._thought += self._held[: len(self._held) - keep]
        self._held = self._held[len(self._held) - keep :]
        return ""

    def _read_on(self) -> str:
        """Let out everything up to the first thing that is, or may become, a tag."""
        at = self._held.find("<")
        if at < 0:
            text, self._held = self._held, ""
            return self._show(text)
        out = self._show(self._held[:at])
        self._held = self._held[at:]
        quoted = self._shown == "`"
        control = _CONTROL.match(self._held)
        if control and not quoted:
            self._held = self._held[control.end() :]
        elif self._held.startswith(_OPEN) and not quoted:
            self._held = self._held[len(_OPEN) :]
            self._thinking = True
        elif self._held.startswith(_CLOSE) and not quoted:
            self.closed_unopened = True
            self._held = self._held[len(_CLOSE) :]
        elif not quoted and self._may_become_a_tag():
            return out
        else:
            out += self._show("<")
            self._held = self._held[1:]
        return out

    def _may_become_a_tag(self) -> bool:
        return any(tag.startswith(self._held) for tag in (_OPEN, _CLOSE)) or bool(_CONTROL_BEGUN.fullmatch(self._held))

    def _show(self, text: str) -> str:
        if self._after_thought and not self._anything:
            text = text.lstrip()
        if text:
            self._shown = text[-1]
            self._anything = self._anything or not text.isspace()
        return text


def _overlap(text: str, tag: str) -> int:
    """Length of the longest end of `text` that begins `tag`."""
    return next((n for n in range(min(len(text), len(tag) - 1), 0, -1) if tag.startswith(text[-n:])), 0)


def visible(text: str) -> str:
    """The visible part of a whole reply."""
    filter_ = VisibleText()
    return filter_.feed(text) + filter_.flush()
