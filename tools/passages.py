"""Page to passages: contiguous spans, cut along the page's own structure, with exact offsets. Pure, linear time.

Counts on the shape of cleaned text: a paragraph, list item, heading, term, definition, table row or code line is one
line, and a blank line stands between blocks. It knows nothing of questions.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil

from tools.pages import Page, Passage
from tools.text.sentences import last_sentence_end
from tools.text.words import CJK, is_chinese

TARGET_CHARS = 400
"""Length a passage grows to, in English characters (about 100 tokens)."""
CHINESE_SHARE = 0.45
"""A Chinese character says as much as 2.2 English ones, so Chinese passages are shorter by this factor."""
MIN_TARGET_CHARS = 40
"""Below this every line would be cut up."""
OVERLONG = 2.0
"""A block (paragraph, list, table, code) of up to this many targets stays whole: that costs less than a cut."""
MAX_PASSAGES = 4_000
"""A page is cut into no more; enough for 1 MB of prose."""
MAX_LINES = 40_000
"""Lines looked at in one page: a page of next to empty lines takes no longer than a long one."""
MAX_HEAD_ROW_CHARS = 200
"""A table's head row is told again with its later parts when it is no longer than this."""

_LINE = re.compile(r"\S[^\n]*")
_FENCE = ("```", "~~~")
_LIST_ITEM = re.compile(r"(?:[-*+•‣◦▪·]|\(?\d{1,3}[.)、]|[（(][一二三四五六七八九十\d]{1,3}[)）])\s*\S")
_LEADS_IN = re.compile(
    r"[:：]$|\b(?:as follows|the following(?: \w+){0,2})\.$|(?:如下|下面|以下)[\w ]{0,20}。$", re.IGNORECASE
)
"""`You do it by the following.` announces as much as a colon does."""
_MAX_LEAD_IN_CHARS = 60
"""The end of a line, which is enough to tell."""
_SENTENCE_ENDS = tuple(".!?。！？；;…\"”’')）]】|,，")
_MAX_TERM_CHARS = 80
_SPACED = re.compile(rf"[^\W{CJK}]")
"""What words and numbers with spaces around them are made of."""
_IN_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")
"""The point or comma of `1,024.5`."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A span that is not cut: a block, or a line or sentence of a long block."""

    start: int
    end: int
    opens_section: bool = False
    holds_next: bool = False
    """What follows would be hard to read without it: a heading, a lead-in, a term, a table's head."""
    headings: str = ""


def split_passages(
    page: Page, *, target_chars: int | None = None, spans: Sequence[tuple[int, int]] | None = None
) -> list[Passage]:
    """The page's passages in text order; `page.text[p.start:p.end] == p.text` for each, and none overlap.

    A section's heading stands at the head of its first passage, and no passage runs on into the next section. A list
    keeps the line that leads into it, a term its definition. The later parts of a table that had to be cut carry its
    head row at the end of their `headings`.

    Args:
        page: The page to cut.
        target_chars: Length to aim at, in characters of the page; unset takes `TARGET_CHARS`, less for Chinese.
        spans: Only these parts of the page, ordered and disjoint; unset is all of it.

    Returns:
        At most `MAX_PASSAGES` of at most about `OVERLONG` targets each; what comes after is left out.
    """
    target = max(target_chars or default_target_chars(page), MIN_TARGET_CHARS)
    passages: list[Passage] = []
    for start, end in [(0, len(page.text))] if spans is None else spans:
        for span in _packed(_atoms(_units(page, start, end, target), target), target):
            text = page.text[span.start : span.end]
            passages.append(Passage(url=page.url, start=span.start, end=span.end, text=text, headings=span.headings))
            if len(passages) == MAX_PASSAGES:
                return passages
    return passages


def default_target_chars(page: Page) -> int:
    """`TARGET_CHARS`, scaled to the page's language."""
    chinese = page.language == "zh" or (page.language != "en" and is_chinese(page.text[:2_000]))
    return int(TARGET_CHARS * CHINESE_SHARE) if chinese else TARGET_CHARS


def is_list_item(line: str) -> bool:
    """Whether the line is a bulleted or numbered item."""
    return _LIST_ITEM.match(line.lstrip()) is not None


def leads_in(line: str) -> bool:
    """Whether the line announces what follows it (`Options:`)."""
    return _LEADS_IN.search(line.rstrip()[-_MAX_LEAD_IN_CHARS:]) is not None


def looks_like_term(line: str) -> bool:
    """Whether the line is short and does not end as a sentence does: a heading, or a term before its definition."""
    line = line.strip()
    return 0 < len(line) <= _MAX_TERM_CHARS and not line.endswith(_SENTENCE_ENDS) and not is_list_item(line)


def _packed(atoms: Iterator[_Unit], target: int) -> Iterator[_Unit]:
    """Neighbouring atoms put together up to the target; an atom that opens a section starts anew."""
    whole: _Unit | None = None
    for atom in atoms:
        if whole and (atom.opens_section or atom.end - whole.start > target):
            yield whole
            whole = None
        whole = _Unit(whole.start, atom.end, headings=whole.headings) if whole else atom
    if whole:
        yield whole


def _atoms(units: Iterator[_Unit], target: int) -> Iterator[_Unit]:
    """Units joined with those they hold; no longer than the target and one unit."""
    atom: _Unit | None = None
    in_heading = False
    for unit in units:
        if atom and atom.holds_next and (in_heading or not unit.opens_section) and atom.end - atom.start < target:
            path = unit.headings if in_heading else atom.headings
            atom = _Unit(atom.start, unit.end, atom.opens_section, unit.holds_next, path)
        else:
            if atom:
                yield atom
            atom = unit
        in_heading = unit.opens_section
    if atom:
        yield atom


def _units(page: Page, start: int, end: int, target: int) -> Iterator[_Unit]:
    trail = _HeadingTrail(page.headings)
    for lines, heading in _blocks(page, start, end, target):
        first, last = lines[0][0], lines[-1][1]
        path = trail.at(first if not heading else last)
        if heading:
            yield _Unit(first, last, opens_section=True, holds_next=True, headings=path)
        elif last - first <= target * OVERLONG:
            closing = page.text[lines[-1][0] : last]
            yield _Unit(first, last, holds_next=leads_in(closing) or looks_like_term(closing), headings=path)
        elif len(lines) == 1:
            yield from _pieces(page.text, first, last, target, path)
        else:
            yield from _lines_of(page.text, lines, target, path)


def _lines_of(text: str, lines: list[tuple[int, int]], target: int, path: str) -> Iterator[_Unit]:
    """The lines of a block too long to stay whole."""
    head = text[slice(*lines[0])]
    told_again = path
    if head.startswith("|") and len(head) <= MAX_HEAD_ROW_CHARS:
        told_again = f"{path} > {head}" if path else head
    for number, (start, end) in enumerate(lines):
        line = text[start:end]
        headings = told_again if number else path
        if end - start > target * OVERLONG:
            yield from _pieces(text, start, end, target, headings)
        elif line.startswith("|"):
            yield _Unit(start, end, holds_next=number == 0 or (number == 1 and "---" in line), headings=headings)
        else:
            yield _Unit(start, end, holds_next=leads_in(line) or looks_like_term(line), headings=headings)


def _pieces(text: str, start: int, end: int, target: int, path: str) -> Iterator[_Unit]:
    """A long line in pieces of like length, cut at a sentence end, else at a space or comma, else between words."""
    size = ceil((end - start) / ceil((end - start) / target))
    while end - start > size * OVERLONG:
        cut = last_sentence_end(text, start + size // 2, start + size + size // 4)
        if cut is None:
            cut = _break_before(text, start + size - min(size // 2, _MAX_TERM_CHARS), start + size)
        yield _Unit(start, _trimmed_end(text, start, cut), headings=path)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield _Unit(start, end, headings=path)


def _break_before(text: str, start: int, end: int) -> int:
    """The last place to cut after `start`: behind a space or comma, else between two words, else the end itself."""
    between = [place for place in range(end, start, -1) if not _is_within(text, place)]
    behind = (place for place in between if text[place - 1].isspace() or text[place - 1] in ",，、")
    return next(behind, next(iter(between), end))


def _is_within(text: str, place: int) -> bool:
    """Whether a place stands within a word or a number."""
    if _IN_NUMBER.match(text, place - 1) or _IN_NUMBER.match(text, place):
        return True
    return _SPACED.match(text, place - 1) is not None and _SPACED.match(text, place) is not None


def _trimmed_end(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return end


def _blocks(page: Page, start: int, end: int, target: int) -> Iterator[tuple[list[tuple[int, int]], bool]]:
    """Blocks as lists of line spans (white space around each left out), and whether the block is a heading."""
    text = page.text
    marks = [offset for offset, _, _ in page.headings]
    next_mark = bisect_left(marks, start)
    lines: list[tuple[int, int]] = []
    fence_end = -1
    for match in islice(_LINE.finditer(text, start, end), MAX_LINES):
        first, last = match.start(), _trimmed_end(text, *match.span())
        is_heading = False
        while next_mark < len(marks) and marks[next_mark] < match.end():
            is_heading = True
            next_mark += 1
        if lines and (is_heading or (first > fence_end and text.count("\n", lines[-1][1], first) > 1)):
            yield lines, False
            lines = []
        if is_heading:
            yield [(first, last)], True
            continue
        if first > fence_end and text.startswith(_FENCE, first):
            fence_end = _fence_end(text, first, target)
        lines.append((first, last))
    if lines:
        yield lines, False


def _fence_end(text: str, start: int, target: int) -> int:
    """Where a fenced block closes, if that is near enough to keep it whole."""
    closing = text.find("\n" + text[start : start + 3], start, start + int(target * OVERLONG))
    return closing + 1 if closing >= 0 else -1


class _HeadingTrail:
    """The path of headings above a place; asked for rising offsets only."""

    def __init__(self, headings: Sequence[tuple[int, int, str]]) -> None:
        self._headings = headings
        self._next = 0
        self._stack: list[tuple[int, str]] = []
        self._path = ""

    def at(self, offset: int) -> str:
        moved = False
        while self._next < len(self._headings) and self._headings[self._next][0] <= offset:
            _, level, words = self._headings[self._next]
            while self._stack and self._stack[-1][0] >= level:
                self._stack.pop()
            self._stack.append((level, words))
            self._next += 1
            moved = True
        if moved:
            self._path = " > ".join(words for _, words in self._stack)
        return self._path
