"""Documents -> units: the smallest pieces that can stand as an answer, each with what surrounds it.

Cleaned text has one line a paragraph, item, definition, row or code line, and a blank line between blocks. A picker
of plain sentences loses the sense of everything that is not prose: here a term stays with its definition, a lead-in
with its items or its code, a row with its header.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from model_backend.chat import Document
from model_backend.embedded.cut import cut_at
from model_backend.embedded.lines import (
    Block,
    blocks_of,
    is_header,
    is_title,
    item_text,
    split_definition,
)
from tools.text.sentences import sentences

UnitKind = Literal["sentence", "definition", "row", "item", "code", "group"]

MAX_CELL_CHARS = 200
"""A cell with more text than this is no data."""
MAX_SENTENCE_CHARS = 2_000
"""A longer run without a full stop is cut: the patterns that look into it take time by its length."""
MAX_TERM_CHARS = 60
"""A code line up to this long may be the term that the paragraph below it defines."""
MAX_GROUP_ITEMS = 10
"""Items shown with their lead-in, while they are short; a longer list is cut there."""
MAX_CODE_LINES = 8
"""Lines of a code block shown as an answer."""
MAX_WHOLE_CHARS = 350
"""A definition up to this long is shown whole: its default often stands in the last of its sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One piece that can be quoted."""

    number: int
    """The document's number."""
    kind: UnitKind
    text: str
    """What is quoted, in the words of the document."""
    display: str = ""
    """How it is shown, where that is not `text` (a row with the names of its columns)."""
    lead: str = ""
    """What must stand before it to be understood (lead-in, term, header cells); matched nearly like `text`."""
    heading: str = ""
    """The heading above it."""
    title: str = ""
    """The document's title."""
    before: str = ""
    """The sentence before it in the same block."""
    after: str = ""
    """The sentence after it in the same block."""
    lines: tuple[str, ...] = ()
    """Code lines or items that follow `text`."""
    whole: tuple[str, ...] = ()
    """The sentences of a short definition, of which `text` is one; shown together."""
    position: int = 0
    """Place within the document, from 0; passages come best first."""
    document: int = 0
    """Place of the document among the documents, from 0."""
    published: str = ""
    """ISO date of the document, or empty."""
    url: str = ""
    """Address of the document."""

    @property
    def words(self) -> str:
        """Everything quoted, as one string."""
        return " ".join([self.text, *self.lines])

    @property
    def all_words(self) -> str:
        """With what stands above it: title, heading, lead."""
        return " ".join((self.title, self.heading, self.lead, self.words))


def units_of(documents: Sequence[Document]) -> list[Unit]:
    """Every unit of every document, in order; repeated ones (overlapping passages) once per document."""
    found: list[Unit] = []
    for place, document in enumerate(documents):
        seen: set[str] = set()
        position = 0
        for unit in _units(document, place):
            key = unit.lead + "\n" + unit.words
            if key in seen or not unit.words.strip():
                continue
            seen.add(key)
            found.append(replace(unit, position=position))
            position += 1
    return found


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the units of one document; knows what they have in common."""

    document: Document
    place: int

    def unit(
        self,
        kind: UnitKind,
        text: str,
        *,
        display: str = "",
        lead: str = "",
        heading: str = "",
        before: str = "",
        after: str = "",
        lines: tuple[str, ...] = (),
        whole: tuple[str, ...] = (),
    ) -> Unit:
        return Unit(
            number=self.document.number,
            kind=kind,
            text=text,
            display=display,
            lead=lead,
            heading=heading,
            title=self.document.title,
            before=before,
            after=after,
            lines=lines,
            whole=whole,
            document=self.place,
            published=self.document.published or "",
            url=self.document.url,
        )

    def prose(
        self, kind: UnitKind, text: str, *, lead: str = "", heading: str = "", before: str = ""
    ) -> Iterator[Unit]:
        """One unit a sentence, each knowing its neighbours."""
        parts = [piece for part in sentences(text) for piece in _pieces(part)]
        whole = tuple(parts) if kind == "definition" and lead and len(text) <= MAX_WHOLE_CHARS else ()
        for index, part in enumerate(parts):
            yield self.unit(
                kind,
                part,
                lead=lead,
                heading=heading,
                before=parts[index - 1] if index else before,
                after=parts[index + 1] if index + 1 < len(parts) else "",
                whole=whole,
            )


def _pieces(sentence: str) -> list[str]:
    """A sentence, or the parts of a text that never ends one."""
    parts = []
    while sentence:
        end = cut_at(sentence, MAX_SENTENCE_CHARS)
        parts.append(sentence[:end])
        sentence = sentence[end:].lstrip()
    return parts


def _units(document: Document, place: int) -> Iterator[Unit]:
    maker = _Maker(document, place)
    heading = ""
    lead = term = ""
    blocks = blocks_of(document.text)
    for index, block in enumerate(blocks):
        if block.kind == "heading" or _heads(block, blocks[index + 1 : index + 2]):
            heading, lead = item_text(block.lines[0]), ""
            if index + 1 == len(blocks) or blocks[index + 1].kind == "heading":
                yield maker.unit("sentence", block.lines[0])
            continue
        if _names_next(block, blocks[index + 1 : index + 2], lead):
            term, lead = block.lines[0].strip(), ""
            continue
        introduces = index + 1 < len(blocks) and blocks[index + 1].kind in ("code", "items")
        for unit in _block_units(maker, block, heading, lead, term):
            # A lead-in is nothing without what it leads in, and is shown with it.
            if not (introduces and _LEADS_IN.search(unit.text) and not unit.lines):
                yield unit
        lead, term = _lead_of(block), ""


def _heads(block: Block, following: Sequence[Block]) -> bool:
    """Whether a list of one short item is the numbered heading of what follows."""
    line = block.lines[0]
    return (
        block.kind == "items"
        and len(block.lines) == 1
        and is_title(item_text(line))
        and any(after.kind in ("paragraph", "code") for after in following)
    )


def _names_next(block: Block, following: Sequence[Block], lead: str) -> bool:
    """Whether a line that looks like code is the term that the next paragraph defines (`(11) SQLITE_CORRUPT`)."""
    return (
        block.kind == "code"
        and len(block.lines) == 1
        and len(block.lines[0]) <= MAX_TERM_CHARS
        and not _LEADS_IN.search(lead)
        # A statement behind a sentence does what that one says, and is no term of the next, as a declaration is.
        and not (lead and _STATEMENT.match(block.lines[0]))
        and any(after.kind == "paragraph" for after in following)
    )


def _lead_of(block: Block) -> str:
    """The last sentence of a block, as the lead-in of the next."""
    if block.kind in ("code", "rows"):
        return ""
    last = item_text(block.lines[-1])
    parts = sentences(last)
    return parts[-1] if parts and not _SINCE.match(parts[-1]) else ""


def _block_units(maker: _Maker, block: Block, heading: str, lead: str, named: str) -> Iterator[Unit]:
    if block.kind == "code":
        lines = block.lines[:MAX_CODE_LINES]
        if lead:
            yield maker.unit("code", lead, heading=heading, lines=lines)
        else:
            yield maker.unit("code", "", lead=heading, heading=heading, lines=lines)
    elif block.kind == "rows":
        yield from _row_units(maker, block, heading, lead)
    elif block.kind == "items":
        yield from _item_units(maker, block, heading, lead)
    elif block.kind == "definitions":
        for line in block.lines:
            term, definition = split_definition(line)
            told = definition and not _SERIAL.fullmatch(term)
            yield from maker.prose("definition", definition or term, lead=term if told else "", heading=heading)
    else:
        kind: UnitKind = "definition" if named else "sentence"
        yield from maker.prose(kind, block.lines[0], lead=named, heading=heading, before=lead)


def _row_units(maker: _Maker, block: Block, heading: str, lead: str) -> Iterator[Unit]:
    rows = [tuple(cell.strip() for cell in line.split(" | ")) for line in block.lines]
    header = rows[0] if len(rows) > 1 and is_header(rows[0], rows[1:]) else ()
    for row in rows[1:] if header else rows:
        if any(len(cell) > MAX_CELL_CHARS for cell in row):
            # A table that only lays out the page: its cells are paragraphs.
            for cell in row:
                yield from maker.prose("sentence", cell, heading=heading, before=lead)
            continue
        text = "; ".join(cell for cell in row if cell)
        yield maker.unit(
            "row", text, display=_row_text(row, header), lead=" ".join(header), heading=heading, before=lead
        )


def _row_text(row: tuple[str, ...], header: tuple[str, ...]) -> str:
    if len(row) == 2 or not header or len(row) != len(header):
        cells = [cell for cell in row if cell]
        if len(cells) > 1 and _ROW_NUMBER.fullmatch(cells[0]):
            cells = cells[1:]
        joint = " " if cells and cells[0].endswith((".", "!", "?", "。", "！", "？")) else ": "
        return cells[0] + (joint + "; ".join(cells[1:]) if len(cells) > 1 else "") if cells else ""
    named = [(name, cell) for name, cell in zip(header, row, strict=True) if cell]
    # `Default` in the middle of what is said would read as a name.
    labels = [name.lower() if at and _CAPITALISED.fullmatch(name) else name for at, (name, _) in enumerate(named)]
    return "; ".join(f"{label}: {cell}" if label else cell for label, (_, cell) in zip(labels, named, strict=True))


_ROW_NUMBER = re.compile(r"\d{1,3}[.)]")
"""`5.` before what a row says numbers the row, and names nothing."""
_CAPITALISED = re.compile(r"[A-Z][a-z]+")


_SERIAL = re.compile(r"[A-Za-z]{0,3}[-_]?[0-9A-Fa-f][0-9A-Fa-f-]{14,}")
"""`R-01750-40559-52065-…`: a number of the writer's own, which names nothing."""
_SINCE = re.compile(
    r"(?:new|changed|added|deprecated|removed)\s+(?:in|since)\s+version\b|自?\S{0,4}版本\S{0,4}(?:新增|更改|弃用)",
    re.IGNORECASE,
)
"""`New in version 3.4.` leads in to nothing."""
_LEADS_IN = re.compile(r"[:：]\s*$")
_STATEMENT = re.compile(
    r"\s*(?:SELECT|INSERT|CREATE|UPDATE|DELETE|PRAGMA|ALTER|DROP|BEGIN|COMMIT|ATTACH|EXPLAIN|VACUUM|WITH)\b"
)


def _item_units(maker: _Maker, block: Block, heading: str, lead: str) -> Iterator[Unit]:
    items = tuple(item_text(line) for line in block.lines)
    introduced = lead if _LEADS_IN.search(lead) else ""
    if introduced:
        yield maker.unit("group", introduced, heading=heading, lines=items[:MAX_GROUP_ITEMS])
    outside: list[tuple[int, str]] = []
    for index, item in enumerate(items):
        margin = _margin(block.lines[index])
        while outside and outside[-1][0] >= margin:
            outside.pop()
        outer = next((above for _, above in reversed(outside) if _LEADS_IN.search(above)), introduced)
        outside.append((margin, item))
        if _LEADS_IN.search(item) and (below := _below(block.lines, index)):
            *said, announces = sentences(item)
            yield from maker.prose("item", " ".join(said), lead=outer, heading=heading, before=lead)
            yield maker.unit("group", announces, lead=outer, heading=heading, lines=below)
        else:
            yield from maker.prose("item", item, lead=outer, heading=heading, before=lead)


def _below(lines: Sequence[str], index: int) -> tuple[str, ...]:
    """The first items of the list within an item: those behind it that stand further in."""
    margin, behind = _margin(lines[index]), lines[index + 1 : index + 1 + MAX_GROUP_ITEMS]
    return tuple(item_text(line) for line in takewhile(lambda line: _margin(line) > margin, behind))


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())
