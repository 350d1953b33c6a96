"""Lines of a cleaned text -> blocks, by how they look: heading, paragraph, list, definitions, table, code."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tools.text.words import STOP_WORDS

BlockKind = Literal["heading", "paragraph", "items", "definitions", "rows", "code"]

MAX_HEADING_CHARS = 90
"""A longer line without a full stop is a paragraph that lost it."""
MAX_TERM_CHARS = 160
"""The cleaner joins a definition to its term up to this length."""
PROSE_WORDS, PROSE_SHARE = 10, 0.2
"""Of so many words in prose at least this share only join others; in commands and statements none do."""
MAX_HEADER_CELL_CHARS = 40
"""Longer cells are content."""

_ITEM = re.compile(r"^\s*(?:[-•*·]|\d{1,2}[.)])\s+")
_ENDS = re.compile(r"[.!?。！？；;:：…,，][\"'”’」』）)\]]*$")
_PROMPT = re.compile(r"^\s*(?:[$#>%]|sqlite>|mysql>|>>>|[A-Z]:\\>)\s*\S")
_CODE = re.compile(
    r"""^\s{2,}\S | ^\s*[\[{}<(] | [;{}\\]\s*$ | \s--?[a-z] | ^\s*[\w.\-/]+\s*=\s*\S
    | ^\s*(?:\./|/[\w.-]+/|[\w-]+\((?!\d\w?\)))
    | ^\s*(?:SELECT|INSERT|CREATE|UPDATE|DELETE|PRAGMA|ALTER|DROP|BEGIN|COMMIT|ATTACH|EXPLAIN)\b | \$[\w({] """,
    re.VERBOSE,
)
_COMMAND = re.compile(r"^\s*(?:sudo\s+)?[a-z][a-z0-9_.+-]*(?:\s+\S+){0,6}\s*$")
"""A few words that begin with a lower-case program name."""
_PROSE = re.compile(r"[a-z,]\s+[a-z]+\s+[a-z]+\s+[a-z]+\s")
_TERM_LIKE = re.compile(r"^(?:-{1,2}\w|[\w.$/<>*-]*[_.$/<>*-][\w.$/<>*-]*|[A-Z_]{3,}|\w+\([^)]*\))")
_DEFINITION = re.compile(r"^(?P<term>[^\n]{1,160}?)[:：] ?(?=\S)")


_UNTITLED = re.compile(
    r"^\W*(?i:you|we|i|it|this|that|if|when|note)\b|^[*]|^[a-z][\w.+-]*(?:\(\d\w?\))?\s[-–—]\s\S+(?:\s\S+){2}"
)
"""How a sentence begins that lost its full stop, or a manual that tells what its command does: no headings."""
_LABELS = "note|tip|caution|warning|important|hint|注意|提示|警告|小心|重要"
_CALLOUT = re.compile(rf"^\s*\|\s+(?=\S)(?:(?:{_LABELS})\s*[:：|]\s*)?", re.IGNORECASE)
"""A box beside the text that was laid out as a table: its frame and label say nothing."""
_LABEL = re.compile(rf"^\s*\|\s+(?:{_LABELS})[ \t]*\n", re.IGNORECASE)
"""The label on a line of its own."""
_SECTION_NUMBER = re.compile(r"(?<![\w.])(?:\d{1,2}|[A-Z])(?:\.\d{1,2}){1,3}\.\s")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together."""

    kind: BlockKind
    lines: tuple[str, ...]


def blocks_of(text: str) -> list[Block]:
    """The blocks of a text in order; a line that stands alone and ends no sentence is taken for a heading."""
    groups = [
        (_LABEL.match(group) is not None, [line for line in _unframed(group) if line.strip() and not is_contents(line)])
        for group in re.split(r"\n\s*\n", text)
    ]
    blocks: list[Block] = []
    led_in = False
    for index, (boxed, group) in enumerate(one for one in groups if one[1]):
        block_list = _classified(group, led_in=led_in, first=index == 0)
        # What stands in a box below its label says something, though it ends without a full stop.
        blocks += [Block("paragraph", one.lines) if boxed and one.kind == "heading" else one for one in block_list]
        led_in = block_list[-1].lines[-1].rstrip().endswith((":", "：")) and block_list[-1].kind != "code"
    return blocks


def _unframed(group: str) -> list[str]:
    return [_CALLOUT.sub("", line) for line in _LABEL.sub("", group).split("\n")]


def _classified(group: Sequence[str], *, led_in: bool, first: bool) -> list[Block]:
    lines = tuple(group)
    if all(" | " in line for line in lines):
        return [Block("rows", lines)]
    if all(_ITEM.match(line) for line in lines):
        return [Block("items", tuple(lines))]
    if len(lines) == 1:
        return [_single(lines[0], led_in=led_in)]
    code = sum(looks_like_code(line) or _COMMAND.match(line) is not None for line in lines)
    if code * 2 >= len(lines) and not all(split_definition(line)[1] for line in lines):
        return [Block("code", lines)]
    return _runs(lines)


def _single(line: str, *, led_in: bool) -> Block:
    if looks_like_code(line) or (led_in and _COMMAND.match(line) and len(line) <= MAX_HEADING_CHARS):
        return Block("code", (line,))
    term, definition = split_definition(line)
    if definition and _TERM_LIKE.match(term):
        return Block("definitions", (line,))
    if is_title(line):
        return Block("heading", (line.strip(),))
    return Block("paragraph", (line.strip(),))


def _runs(lines: Sequence[str]) -> list[Block]:
    """Mixed lines (a cut passage, or plain text): neighbours of a kind together."""
    blocks: list[Block] = []
    term = ""
    for line in lines:
        kind = _line_kind(line)
        if kind == "paragraph" and term:
            blocks.append(Block("definitions", (f"{term}: {line.strip()}",)))
            term = ""
            continue
        if term:
            blocks.append(Block("heading", (term,)))
            term = ""
        if kind == "heading":
            term = line.strip()
        elif blocks and blocks[-1].kind == kind and kind != "paragraph":
            blocks[-1] = Block(kind, (*blocks[-1].lines, line))
        else:
            blocks.append(Block(kind, (line.strip() if kind == "paragraph" else line,)))
    if term:
        blocks.append(Block("heading", (term,)))
    return blocks


def _line_kind(line: str) -> BlockKind:
    if " | " in line:
        return "rows"
    if _ITEM.match(line):
        return "items"
    if split_definition(line)[1]:
        return "definitions"
    if looks_like_code(line):
        return "code"
    if is_title(line):
        return "heading"
    return "paragraph"


def is_title(line: str) -> bool:
    """Whether a line is short and ends no sentence."""
    return len(line) <= MAX_HEADING_CHARS and not _ENDS.search(line) and not _UNTITLED.match(line)


def looks_like_code(line: str) -> bool:
    """Whether a line is a command, a statement or output rather than prose."""
    if _PROMPT.match(line):
        return True
    if _PROSE.search(line) and _ENDS.search(line) and not line.rstrip().endswith(";"):
        return False
    if _reads_as_prose(line):
        return False
    return bool(_CODE.search(line)) and not re.search(r"[。！？，]|[.!?]\s*$", line)


def _reads_as_prose(line: str) -> bool:
    """Whether so many of its words only join others that it is a sentence, though it breaks off."""
    words = line.split()
    return len(words) >= PROSE_WORDS and sum(word in STOP_WORDS for word in words) >= PROSE_SHARE * len(words)


def _is_open(term: str) -> bool:
    """Whether the colon after it stands within quotes or brackets (`If "Pin-Priority: 1" is …`)."""
    return term.count('"') % 2 == 1 or any(term.count(left) > term.count(right) for left, right in ("()", "“”", "（）"))


def split_definition(line: str) -> tuple[str, str]:
    """`term: definition` -> both; (line, "") when the line is none."""
    match = _DEFINITION.match(line)
    if not match:
        return line.strip(), ""
    term = match["term"].strip()
    # A term has few words; before a colon in prose there are many, or a full stop.
    if (
        len(term) > MAX_TERM_CHARS
        or (len(term.split()) > 8 and not _TERM_LIKE.match(term))
        or re.search("[。！？，]", term.rstrip("？"))
        or _is_open(term)
    ):
        return line.strip(), ""
    if (
        re.search(r"[.!?]\s", term)
        or term.lower().endswith(("http", "https", "ftp"))
        or line[match.end() :].startswith("//")
    ):
        return line.strip(), ""
    return term, line[match.end() :].strip()


def is_contents(line: str) -> bool:
    """Whether a line is a run of section numbers: a table of contents that the cleaner joined."""
    return len(_SECTION_NUMBER.findall(line)) >= 3


def item_text(line: str) -> str:
    """A list line without its bullet."""
    return _ITEM.sub("", line).strip()


def is_header(row: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: short, wordy cells, unlike those below."""
    if any(len(cell) > MAX_HEADER_CELL_CHARS for cell in row) or not any(row):
        return False
    if any(re.search(r"[\d$<>=/_]|--", cell) for cell in row):
        return False
    below = [cell for other in rest for cell in other if cell]
    longer = sum(len(cell) for cell in below) / max(1, len(below)) > sum(map(len, row)) / max(1, len(row))
    return longer or any(re.search(r"[\d$<>=/_]|--", cell) for cell in below)
