"""Blocks of a cleaned page, and the one place that decides how they are laid out as text."""

import re
from dataclasses import dataclass
from typing import Literal

from tools.clean.cleaned import Headings
from tools.clean.invisible import visible

Kind = Literal["heading", "paragraph", "item", "definition", "row", "code"]

_DENSE: frozenset[Kind] = frozenset(["item", "definition", "row"])
"""Kinds whose neighbours follow on the next line without a blank one."""

BREAK = "\x0b"
"""Marks a line break the author asked for (`<br>`) inside collected inline text."""
GAP = "\x0c"
"""Two or more of them: a paragraph ends here."""

_WIDE = "\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_WRAP_BETWEEN_WIDE = re.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{_WIDE}])")
_SPACE = re.compile(r"[^\S\x0b\x0c]+")
_AROUND_BREAKS = re.compile(r" *\x0b[ \x0b]*\x0b *")
_AROUND_BREAK = re.compile(r" *\x0b *")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: a line, or several lines for code and for paragraphs with breaks of their own."""

    kind: Kind
    text: str
    level: int = 0
    """Heading level 1-6, nesting depth of a list item from 0, or 1 for the first row of a table."""
    is_link: bool = False
    """The whole of it is links: a way to elsewhere rather than something said here."""
    is_bold: bool = False
    """The whole of it is bold: a heading, if it reads and stands as one."""


def squeeze(text: str) -> str:
    """Join wrapped source lines (between Chinese characters without a space) and collapse white space.

    `BREAK` marks survive with no space beside them; several in a row become one `GAP`.
    """
    text = _SPACE.sub(" ", _WRAP_BETWEEN_WIDE.sub("", text.replace(GAP, " ")))
    if BREAK in text:
        text = _AROUND_BREAK.sub(BREAK, _AROUND_BREAKS.sub(GAP, text))
    return text.strip(" " + BREAK + GAP)


def one_line(text: str) -> str:
    """Squeeze, with the author's breaks turned into spaces too."""
    return squeeze(text.replace(BREAK, " "))


def paragraphs(text: str) -> list[str]:
    """Squeezed text -> its paragraphs, each with a line feed where the author broke the line."""
    return [piece.replace(BREAK, "\n") for piece in text.split(GAP) if piece]


def lay_out(blocks: list[Block], max_chars: int) -> tuple[str, Headings]:
    """Blocks -> text and heading offsets; stops before the block that would pass `max_chars`.

    A single block longer than `max_chars` is cut.
    """
    parts: list[str] = []
    headings: list[tuple[int, int, str]] = []
    length = 0
    previous: Block | None = None
    for block in blocks:
        line = _line(block)
        if not line.strip():
            continue
        gap = "" if previous is None else "\n" if _follows_on(previous, block) else "\n\n"
        if length + len(gap) + len(line) > max_chars:
            if previous is None:
                parts.append(line[:max_chars])
            break
        if block.kind == "heading":
            headings.append((length + len(gap), block.level, line))
        parts += [gap, line]
        length += len(gap) + len(line)
        previous = block
    return "".join(parts), tuple(headings)


def _follows_on(previous: Block, block: Block) -> bool:
    opens_table = block.kind == "row" and block.level > 0
    return previous.kind == block.kind and block.kind in _DENSE and not opens_table


def _line(block: Block) -> str:
    # The last door of every cleaner: nothing invisible and no odd line end gets past it.
    text = visible(block.text)
    if block.kind == "code":
        return text
    if block.kind == "paragraph":
        return "\n".join(line for line in map(squeeze, text.split("\n")) if line)
    text = squeeze(text)
    return "  " * block.level + "- " + text if block.kind == "item" and text else text
