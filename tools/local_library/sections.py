"""A page's text -> the sections that are indexed: along its headings, none too long to be about one thing. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.text.words import is_chinese

MAX_CHARS = 2_200
"""About 350 English words; longer sections answer many questions a little and none well."""
MIN_CHARS = 900
"""About 150 English words; shorter neighbours are put together."""
CHINESE_SHARE = 0.35
"""A Chinese text says as much in about a third of the characters."""

Heading = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Section:
    """`text[start:end]` of a page, with the headings that stand above it and in it."""

    start: int
    end: int
    headings: tuple[str, ...]
    """Outermost first, without repeats."""


def split_sections(text: str, headings: Sequence[Heading]) -> list[Section]:
    """Cut a text into sections that follow each other without gap or overlap and cover all of it."""
    scale = CHINESE_SHARE if is_chinese(text) else 1.0
    longest, shortest = int(MAX_CHARS * scale), int(MIN_CHARS * scale)
    sections: list[Section] = []
    for block in _blocks(text, headings):
        last = sections[-1] if sections else None
        if last and last.end - last.start < shortest and block.end - last.start <= longest:
            sections[-1] = Section(last.start, block.end, _union(last.headings, block.headings))
        else:
            sections.extend(_pieces(text, block, longest))
    return sections


def _blocks(text: str, headings: Sequence[Heading]) -> Iterator[Section]:
    """What stands under each heading, with the trail of headings above it."""
    trail: list[tuple[int, str]] = []
    start = 0
    for offset, level, words in headings:
        if offset > start:
            yield Section(start, offset, tuple(name for _, name in trail))
            start = offset
        trail = [(above, name) for above, name in trail if above < level] + [(level, words)]
    if start < len(text):
        yield Section(start, len(text), tuple(name for _, name in trail))


def _pieces(text: str, block: Section, longest: int) -> Iterator[Section]:
    start = block.start
    while block.end - start > longest:
        # A line is a paragraph, an item or a row: cut behind one, in the second half so that pieces stay even.
        cut = text.rfind("\n", start + longest // 2, start + longest) + 1
        if cut <= start:
            cut = text.rfind(" ", start + longest // 2, start + longest) + 1
        if cut <= start:
            cut = start + longest
        yield Section(start, cut, block.headings)
        start = cut
    yield Section(start, block.end, block.headings)


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(first + second))
