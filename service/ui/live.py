"""An answer being written, as HTML blocks: only what changed is told, and only the blocks still open are rendered."""

import re
from dataclasses import dataclass, field

from service.ui.markdown import blocks
from service.ui.outline import NOTHING_ABOVE, Outline

OPEN_BLOCKS = 2
"""The last block may still join the one before it (`2` becomes `2.`, an item of the list); earlier ones are settled."""
_BOLD = re.compile(r"\*\*")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")
"""As Markdown counts lines: `str.splitlines` also cuts at form feeds and other signs."""


@dataclass(frozen=True, slots=True)
class Change:
    """One block that is new or different, or how many blocks are left."""

    block: int
    """Its place, from 0."""
    keep: int
    """How much of its HTML stays, in UTF-16 units (as JavaScript counts)."""
    html: str
    """What follows."""

    def line(self) -> str:
        """As it is sent: `block keep html`, or `=count`."""
        return f"{self.block} {self.keep} {self.html}" if self.keep >= 0 else f"={self.block}"


@dataclass
class LiveBlocks:
    """Takes the text as it comes; `changes` tells what is to be done to a page that followed so far."""

    _text: str = ""
    _settled: list[str] = field(default_factory=list)
    _settled_to: int = 0
    """Where in the text the open blocks begin."""
    _outline: Outline = NOTHING_ABOVE
    """The headings before them."""
    _shown: list[str] = field(default_factory=list)

    def feed(self, text: str) -> None:
        """More of the answer."""
        self._text += text

    def reset(self, text: str = "") -> None:
        """Another answer in place of this one."""
        self._text, self._settled, self._settled_to, self._outline = text, [], 0, NOTHING_ABOVE

    def changes(self) -> list[Change]:
        """What became different since the last call; the page has it all after this."""
        now = self._blocks()
        told = [
            Change(place, *_difference(before, html))
            for place, html in enumerate(now)
            if (before := self._shown[place] if place < len(self._shown) else "") != html
        ]
        if len(now) < len(self._shown):
            told.append(Change(len(now), -1, ""))
        self._shown = now
        return told

    def _blocks(self) -> list[str]:
        rest = self._text[self._settled_to :]
        found = blocks(closed(rest), outline=self._outline)
        if len(found) > OPEN_BLOCKS:
            lines = _LINE.findall(rest)
            settled = len(found) - OPEN_BLOCKS
            self._settled += [block.html for block in found[:settled]]
            self._settled_to += sum(map(len, lines[: found[settled].line]))
            self._outline = self._outline.after(level for block in found[:settled] for level in block.headings)
            found = found[settled:]
        return [*self._settled, *(block.html for block in found)]


def closed(text: str) -> str:
    """The text with bold words and code that are still being written closed, so that no signs flicker."""
    at = text.rfind("\n") + 1
    head, line = text[:at], text[at:]
    if head.count("```") % 2:
        return text
    if line.count("`") % 2 and not line.startswith("```"):
        return text + "`"
    if len(_BOLD.findall(line)) % 2:
        # Nothing is bold yet behind opening signs, and a space before closing ones would keep them signs.
        return head + (line[:-2] if line.endswith("**") else line.rstrip(" *") + "**")
    return text


def _difference(before: str, after: str) -> tuple[int, str]:
    same = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    # Half of a pair of surrogates cannot be kept, and is never: Python counts whole characters.
    return len(before[:same].encode("utf-16-le")) // 2, after[same:]
