"""Citation marks: understood in every form models write them, normalised to `[n]`, dropped when they name no source.

Knows text and numbers only; which words of a page a claim rests on is found in `agent/ground.py`.
"""

import re
from dataclasses import dataclass, field

MARK = re.compile(r"\[(\d{1,3})\]")
"""A normalised mark."""

_GAP = r"[^\S\n]*"
"""A mark ends with its line."""
_NUMBER = rf"(?:\^|#)?(?:(?:citation|source|ref|来源|引用){_GAP}[:：]?{_GAP})?\d{{1,3}}"
_LOOSE_MARK = re.compile(
    rf"(?:\[\[?|【){_GAP}({_NUMBER}(?:{_GAP}[,，、;；&]{_GAP}{_NUMBER})*){_GAP}(?:†[^\]】\n]{{0,40}})?(?:\]\]?|】)(\([^()\s]*\))?",
    re.IGNORECASE,
)
"""`[1]`, `[1, 2]`, `[[1]]`, `[^1]`, `[citation:3]`, `【1】`, `【1†source】`, and `[1](url)`, whose URL is dropped."""

_OPENERS = "[【"
LONGEST_MARK = 120
"""Characters held back while something may become a mark; a longer bracket is text."""

_PLAIN = re.compile(r"[^`\[【 \t]+")
"""What is no part of a mark, of the space before one, or of code."""
_LINK_TAIL = re.compile(r"\([^()\s]*$")


@dataclass
class MarkFilter:
    """Normalises marks in a stream of deltas, however they are split.

    Feed deltas in order, then call `finish`. The texts returned, joined, are the answer. Code spans and blocks pass
    unchanged.
    """

    sources: frozenset[int]
    """Numbers that exist; other marks are dropped, never re-pointed."""
    orphans: list[int] = field(default_factory=list)
    """Offsets in the output at which a mark was dropped."""
    _held: str = ""
    _length: int = 0
    _code: int = 0
    """Backticks that opened the code we are in; 0 outside code."""

    def feed(self, delta: str) -> str:
        """Take a delta; give back what is certain."""
        self._held += delta
        return self._drain(final=False)

    def finish(self) -> str:
        """Give back what was held."""
        return self._drain(final=True)

    def _drain(self, *, final: bool) -> str:
        out: list[str] = []
        text = self._held
        at = 0
        while at < len(text):
            step = self._next(text, at, final=final)
            if step is None:
                break
            piece, at = step
            self._length += len(piece)
            out.append(piece)
        self._held = text[at:]
        return "".join(out)

    def _next(self, text: str, at: int, *, final: bool) -> tuple[str, int] | None:
        """The next certain piece and where to go on, or None to wait for more."""
        char = text[at]
        if char == "`":
            return self._backticks(text, at, final=final)
        if self._code:
            # A lone backtick that is never closed must not swallow the rest: inline code ends with its line.
            if char == "\n" and self._code < 3:
                self._code = 0
            return char, at + 1
        if plain := _PLAIN.match(text, at):
            return plain[0], plain.end()
        if char in _OPENERS:
            return self._bracket(text, at, final=final)
        if not final and text[at:].strip(" \t") == "":
            return None
        return self._space(text, at, final=final)

    def _backticks(self, text: str, at: int, *, final: bool) -> tuple[str, int] | None:
        end = at
        while end < len(text) and text[end] == "`":
            end += 1
        if end == len(text) and not final:
            return None
        run = end - at
        if not self._code:
            self._code = run
        elif run == self._code or (self._code >= 3 and run >= self._code):
            self._code = 0
        return text[at:end], end

    def _bracket(self, text: str, at: int, *, final: bool) -> tuple[str, int] | None:
        match = _LOOSE_MARK.match(text, at)
        if match is None:
            waiting = len(text) - at <= LONGEST_MARK and not re.search(r"[\]】\n]", text[at:])
            if not final and (waiting or text[at:] in ("[", "[[")):
                return None
            return text[at], at + 1
        if not final and self._may_grow(text, match):
            return None
        return self._marks(match.group(1)), match.end()

    def _may_grow(self, text: str, match: re.Match[str]) -> bool:
        """Whether more text could still belong to the mark: a second bracket, or a link's address."""
        rest = text[match.end() :]
        if rest == "":
            return len(text) - match.start() <= LONGEST_MARK
        return bool(_LINK_TAIL.fullmatch(rest)) and len(rest) <= 20 * LONGEST_MARK

    def _space(self, text: str, at: int, *, final: bool) -> tuple[str, int] | None:
        """A space before a mark that will be dropped goes with it."""
        end = at
        while end < len(text) and text[end] in " \t":
            end += 1
        if end < len(text) and text[end] in _OPENERS:
            step = self._bracket(text, end, final=final)
            if step is None:
                return None
            piece, after = step
            return (text[at:end] + piece if piece else ""), after
        return text[at:end], end

    def _marks(self, inside: str) -> str:
        numbers = [int(n) for n in re.findall(r"\d+", inside)]
        known = list(dict.fromkeys(n for n in numbers if n in self.sources))
        if len(known) < len(set(numbers)):
            self.orphans.append(self._length)
        return "".join(f"[{n}]" for n in known)


def normalise_marks(text: str, sources: frozenset[int]) -> tuple[str, list[int]]:
    """The whole text at once: (text, orphan offsets)."""
    marks = MarkFilter(sources)
    return marks.feed(text) + marks.finish(), marks.orphans


def marks_in(text: str) -> list[int]:
    """Numbers of the marks in normalised text, in order, each once."""
    return list(dict.fromkeys(int(n) for n in MARK.findall(text)))


def without_marks(text: str) -> str:
    """Normalised text with its marks, and the spaces before them, taken out."""
    return re.sub(r"\s?\[\d{1,3}\]", "", text).strip()
