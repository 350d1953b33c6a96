"""Lines that never leave in an answer: those of the system prompt, and the boundary around the pages.

They hold no secret, but a model that recites its orders at the wish of a page recites the rest of its prompt as well.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

SHORTEST_CHARS = 24
"""A shorter line may stand in an honest answer."""


@dataclass
class WithheldFilter:
    """Takes given phrases out of a stream of deltas, however they are split; case does not matter."""

    phrases: tuple[str, ...]
    removed: int = 0
    """Phrases taken out so far."""
    _held: str = ""
    _folded: tuple[str, ...] = field(init=False)
    _starts: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        self._folded = tuple(sorted((phrase.lower() for phrase in self.phrases), key=len, reverse=True))
        first = "".join(re.escape(phrase[0]) for phrase in self._folded if phrase)
        # Only words begin a phrase: within one there is nothing to look for.
        self._starts = re.compile(rf"(?<!\w)[{first}]" if first else r"(?!)", re.IGNORECASE)

    def feed(self, delta: str) -> str:
        """Take a delta; give back what is certain."""
        text = self._held + delta
        out: list[str] = []
        at = 0
        while at < len(text):
            start = self._starts.search(text, at)
            if start is None or start.start() > at:
                end = start.start() if start else len(text)
                out.append(text[at:end])
                at = end
                continue
            rest = text[at:].lower()
            whole = next((phrase for phrase in self._folded if rest.startswith(phrase)), "")
            if whole:
                self.removed += 1
                at += len(whole)
            elif any(phrase.startswith(rest) for phrase in self._folded):
                break
            else:
                out.append(text[at])
                at += 1
        self._held = text[at:]
        return "".join(out)

    def finish(self) -> str:
        """Give back what was held."""
        held, self._held = self._held, ""
        return held


def lines_of(prompt: str, *more: str) -> Iterable[str]:
    """The lines of a system prompt that are long enough to be recognised, without their numbers."""
    lines = (line.strip().lstrip("0123456789.-) ") for line in [*prompt.splitlines(), *more])
    return dict.fromkeys(line for line in lines if len(line) >= SHORTEST_CHARS)
