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
"""A shorter block must be a line of the cleaner's text, not only part of one: `Home` is part of many."""
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
    kept: list[bool] = []
    budget = MAX_SEARCHED_CHARS
    for block in walked:
        words = _squeezed(block.text)
        if lines[words] > 0:
            lines[words] -= 1
            kept.append(True)
        elif len(words) >= MIN_INNER_CHARS and words not in lines and budget > 0:
            budget -= len(flat)
            kept.append(words in flat)
        else:
            kept.append(False)
    return kept


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
    """Keep the headings that stand right above kept text."""
    below = False
    for index in range(len(walked) - 1, -1, -1):
        if walked[index].kind == "heading":
            kept[index] = kept[index] or below
        else:
            below = kept[index]


def _squeezed(text: str) -> str:
    return _NOT_WORD.sub("", text)
