"""Bold lines that stand as headings: many pages have no other."""

from dataclasses import replace

from tools.clean.blocks import Block

MAX_HEADING_CHARS = 90
"""A longer bold line is a paragraph that shouts."""
_SAYS_SOMETHING = (".", "。", "!", "！", ";", "；", ",", "，", ":", "：")
"""How a sentence, or the beginning of one, ends; a heading may ask."""
_STANDS_BELOW = frozenset(["paragraph", "code", "definition", "row"])
LOWEST_LEVEL = 6


def with_bold_headings(blocks: list[Block]) -> list[Block]:
    """The blocks, with each bold line that has text below it as a heading one level below the last real one.

    A bold item of a list is a heading only where text follows it: a list of bold words stays a list.
    """
    found: list[Block] = []
    level = 0
    for index, block in enumerate(blocks):
        below = blocks[index + 1] if index + 1 < len(blocks) else None
        if block.kind == "heading":
            level = block.level
        elif below and _is_heading(block, below):
            block = replace(block, kind="heading", level=min(level + 1, LOWEST_LEVEL))
        found.append(block)
    return found


def _is_heading(block: Block, below: Block) -> bool:
    return (
        block.is_bold
        and not block.is_link
        and block.kind in ("paragraph", "item")
        and len(block.text) <= MAX_HEADING_CHARS
        and "\n" not in block.text
        and not block.text.endswith(_SAYS_SOMETHING)
        and not below.is_bold
        and (below.kind in _STANDS_BELOW or (below.kind == "item" and block.kind == "paragraph"))
    )
