"""Structure back into what a cascade chose: its text says which blocks are content, the page itself says what they are.

Article cleaners drop headings and flatten code; the walk over the whole page keeps both, furniture too. Together:
the walk's blocks whose words the cleaner kept, and the headings above them.
"""

import re
from collections import Counter

from tools.clean.blocks import Block, Kind

MIN_COVERAGE = 0.9
"""Share of the cleaner's text that must be found again; below it the cleaner's own blocks stand."""
MIN_INNER_CHARS = 24
"""A shorter block must be a line of the cleaner's text, or stand there right after the block before it: as part of
any other line `Home` would be found in many."""
MAX_REPEATS = 3
MAX_SEARCHED_CHARS = 400_000_000
"""Characters gone through by substring search in all (0.1 s)."""
MAX_GAP_BLOCKS = 12
"""6, 12 and 40 were tried on WCXB dev: 12 is best by a hair (+0.003 F1 over none)."""

_GAP_KINDS: frozenset[Kind] = frozenset(["item", "row", "definition", "code"])
_NOT_WORD = re.compile(r"[\W_]+")


def align(chosen: list[Block], walked: list[Block]) -> list[Block]:
    """The walked blocks that say what the chosen ones say, in page order; `chosen` itself when too few match.

    Args:
        chosen: What the cleaner took for content.
        walked: All blocks of the page.
    """
    lines = Counter(_squeezed(block.text) for block in chosen)
    flat = "".join(_squeezed(block.text) for block in chosen)
    kept = _matches(walked, lines, flat)
    covered = sum(len(_squeezed(block.text)) for block, keep in zip(walked, kept, strict=True) if keep)
    if not flat or covered < MIN_COVERAGE * len(flat):
        return chosen
    _fill_gaps(walked, kept)
    _keep_headings(walked, kept)
    return [block for block, keep in zip(walked, kept, strict=True) if keep]


def _matches(walked: list[Block], lines: Counter[str], flat: str) -> list[bool]:
    """Which blocks say something the cleaner kept and no block before them has said."""
    kept: list[bool] = []
    said = bytearray(len(flat))
    budget = MAX_SEARCHED_CHARS
    reached = 0
    """Where in the text the last block found ended."""
    for block in walked:
        words = _squeezed(block.text)
        found = follows = reached > 0 and words != "" and flat.startswith(words, reached)
        if lines[words] > 0:
            lines[words] -= 1
            found = True
        elif not follows and (len(words) < MIN_INNER_CHARS or words in lines or budget <= 0):
            kept.append(False)
            continue
        if not follows:
            budget -= len(flat)
        start = reached if follows else _unsaid(words, flat, said)
        if start >= 0:
            reached = start + len(words)
            said[start:reached] = b"\1" * len(words)
        kept.append(found or start >= 0)
    return kept


def _unsaid(words: str, flat: str, said: bytearray) -> int:
    """Where the words stand in `flat` and are mostly not taken yet, -1 when nowhere."""
    start = flat.find(words)
    for _ in range(MAX_REPEATS):
        if start < 0 or said.count(1, start, start + len(words)) * 2 <= len(words):
            return start
        start = flat.find(words, start + 1)
    return -1


def _fill_gaps(walked: list[Block], kept: list[bool]) -> None:
    """Keep short lists, tables and code that stand between two kept blocks: cleaners drop them for their links."""
    last = -1
    for index, keep in enumerate(kept.copy()):
        if not keep:
            continue
        gap = range(last + 1, index)
        if last >= 0 and len(gap) <= MAX_GAP_BLOCKS and all(walked[inner].kind in _GAP_KINDS for inner in gap):
            for inner in gap:
                kept[inner] = True
        last = index


def _keep_headings(walked: list[Block], kept: list[bool]) -> None:
    """Keep the headings above kept text: the nearest one, then only higher ones, as an outline has them.

    A heading that is a link, or the second of its level with nothing below it, is a teaser for another page.
    """
    above = 0
    """Headings of a level below this one still belong to the text underneath; 0 when that text is not kept."""
    for index in range(len(walked) - 1, -1, -1):
        block = walked[index]
        if block.kind != "heading":
            above = 7 if kept[index] else 0
        elif kept[index]:
            above = block.level
        elif block.level < above and not block.is_link:
            kept[index] = True
            above = block.level


def _squeezed(text: str) -> str:
    return _NOT_WORD.sub("", text)
