"""Plain text and its light markups (Markdown, AsciiDoc, reStructuredText) -> blocks.

Hard-wrapped lines of a paragraph are joined; headings, list items, definitions, tables and code are told apart by the
marks people make in plain text.
"""

import re

from tools.clean.blocks import BREAK, Block, squeeze
from tools.clean.powers import mark_powers_in_markup

WRAP_SHARE = 0.8
"""A line ends because the next word did not fit when both together pass this share of the text's width."""
MIN_WIDTH, MAX_WIDTH = 30, 100
CODE_INDENT = 4
MIN_PROSE_WORDS = 5
"""Words a line, on average, from which an indented block of plain text reads as prose (manual pages, RFCs)."""
MAX_HEADING_CHARS = 120
CODE_SHARE = 0.5

_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_DELIMITER = re.compile(r"^(-{4,}|\.{4,}|\+{4,}|={4,}|_{4,}|\*{4,}|/{4,})\s*$")
_UNDERLINE = re.compile(r"^([=\-~^*+#\"'`:.])\1{2,}\s*$")
_UNDERLINE_LEVELS = {"=": 1, "-": 2, "~": 3, "^": 4, "+": 5, "#": 1, "*": 2, '"': 4}
_MARKED = re.compile(r"^(#{1,6}|={1,6})[ \t]+(\S.*?)[ \t]*[#=]*$")
_ITEM = re.compile(r"^(\s*)(?:[-*+•‣·]|[*.]{1,5}|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+(?=\S)")
_TERM = re.compile(r"^(\s*)(\S.{0,200}?)(::|;;)$")
_TERM_LINE = re.compile(r"^(\s*)(\S.{0,120}?)::[ \t]+(\S.*)$")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE_ROW = re.compile(r"^[\s|:+=-]+$")
_SKIP = re.compile(
    r"^(?://(?!/)|\[[\w\[,.=\"' %#-]*\]+\s*$|(?:ifdef|ifndef|ifeval|endif|include)::|:[\w-]+:|\+\s*$|<!--.*-->\s*$"
    r"|-{3,}\s*$|\*{3,}\s*$|_{3,}\s*$|\.\. [\w-]+::)"
)
_COLUMNS = re.compile(r"\S(?: {3,}|\t)\S")
_CODE_LINE = re.compile(
    r"[{};\\]\s*$|^\s*(?:[$>%#] |def |class |import |from \w+ import|#include|return\b|[\w.]+\(.*\)\s*$)|\) \{|=> "
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def text_blocks(text: str, *, markup: bool) -> list[Block]:
    """Blocks of a plain text, in order.

    Args:
        text: The text, any line endings.
        markup: It says that it is Markdown or the like: lines are joined and indented code taken at their word.
    """
    lines = [line.expandtabs(8).rstrip() for line in re.split(r"\r\n?|[\n\f]", text)]
    return _Reader(lines, markup).read()


class _Reader:
    def __init__(self, lines: list[str], markup: bool) -> None:
        self.lines = lines
        self.markup = markup
        self.blocks: list[Block] = []
        lengths = sorted(len(line) for line in lines if line.strip())
        typical = lengths[int(len(lengths) * 0.9)] if lengths else 0
        self.width = min(max(typical, MIN_WIDTH), MAX_WIDTH)

    def read(self) -> list[Block]:
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            if not line.strip():
                index += 1
            elif fence := _FENCE.match(line):
                index = self._fenced(index, fence[1])
            elif _DELIMITER.match(line) and (end := self._delimited_end(index)):
                self._code(self.lines[index + 1 : end])
                index = end + 1
            elif self._heading(index):
                index += 1 if _MARKED.match(line) else 2
            elif _SKIP.match(line) and not _ITEM.match(line):
                index += 1
            else:
                end = self._chunk_end(index)
                self._chunk(self.lines[index:end])
                index = end
        return self.blocks

    def _fenced(self, index: int, fence: str) -> int:
        end = index + 1
        while end < len(self.lines) and not self.lines[end].lstrip().startswith(fence):
            end += 1
        self._code(self.lines[index + 1 : end])
        return end + 1

    def _delimited_end(self, index: int) -> int:
        """The closing twin of an AsciiDoc delimiter, 0 when there is none or the block is no literal one."""
        if self.lines[index][0] not in "-.+":
            return 0
        try:
            return self.lines.index(self.lines[index], index + 1, index + 500)
        except ValueError:
            return 0

    def _heading(self, index: int) -> bool:
        line = self.lines[index]
        marked = _MARKED.match(line)
        if marked:
            self.blocks.append(Block("heading", _inline(marked[2], self.markup), len(marked[1])))
            return True
        below = self.lines[index + 1] if index + 1 < len(self.lines) else ""
        underline = _UNDERLINE.match(below)
        if underline is None or line.startswith((" ", "|")) or len(line) > MAX_HEADING_CHARS:
            return False
        # AsciiDoc and reStructuredText ask for a line as long as the title; Chinese titles are drawn twice as wide.
        if abs(len(below) - len(line)) > 3 and not len(line) < len(below) <= 2 * len(line) + 2 and not self.markup:
            return False
        self.blocks.append(Block("heading", _inline(line, self.markup), _UNDERLINE_LEVELS.get(underline[1], 3)))
        return True

    def _chunk_end(self, index: int) -> int:
        end = index + 1
        while end < len(self.lines) and self.lines[end].strip():
            below = self.lines[end]
            if _FENCE.match(below) or _MARKED.match(below) or (_DELIMITER.match(below) and self._delimited_end(end)):
                break
            if end + 1 < len(self.lines) and _UNDERLINE.match(self.lines[end + 1]) and self._is_title(end):
                break
            end += 1
        return end

    def _is_title(self, index: int) -> bool:
        line, below = self.lines[index], self.lines[index + 1]
        return not line.startswith(" ") and abs(len(line) - len(below)) <= 1

    def _chunk(self, lines: list[str]) -> None:
        """Lines without a blank one between them."""
        if _ROW.match(lines[0]):
            self._rows(lines)
        elif self._is_code(lines):
            self._code(lines)
        else:
            self._prose(lines)

    def _is_code(self, lines: list[str]) -> bool:
        if _ITEM.match(lines[0]) or _TERM.match(lines[0]):
            return False
        indents = [len(line) - len(line.lstrip()) for line in lines]
        inside_list = bool(self.blocks) and self.blocks[-1].kind in ("item", "definition")
        if self.markup:
            return min(indents) >= (8 if inside_list else CODE_INDENT)
        columns = sum(_COLUMNS.search(line.strip()) is not None for line in lines)
        coded = sum(_CODE_LINE.search(line) is not None for line in lines)
        if columns >= max(2, len(lines) * CODE_SHARE) or (len(lines) > 1 and coded > CODE_SHARE * len(lines)):
            return True
        if min(indents) == 0:
            return False
        words = sum(len(_WORD.findall(line)) for line in lines) / len(lines)
        wide = any(ord(char) > 0x2E80 for char in lines[0])
        regular = len(set(indents[1:])) <= 1
        return not (regular and (words >= MIN_PROSE_WORDS or wide or inside_list)) or coded > 0

    def _code(self, lines: list[str]) -> None:
        while lines and not lines[0].strip():
            lines = lines[1:]
        while lines and not lines[-1].strip():
            lines = lines[:-1]
        if lines:
            # Neighbouring blocks of code with a blank line between them are one listing.
            self.blocks.append(Block("code", "\n".join(lines)))

    def _rows(self, lines: list[str]) -> None:
        for line in lines:
            if not _RULE_ROW.match(line):
                cells = [_inline(cell.strip(), self.markup) for cell in line.strip().strip("|").split("|")]
                self.blocks.append(Block("row", " | ".join(cells)))

    def _prose(self, lines: list[str]) -> None:
        """Paragraphs, items and definitions, each joined to one line."""
        terms: list[str] = []
        run: list[str] = []
        for line in lines:
            term = _TERM.match(line)
            if term:
                self._flush(run, [])
                run = []
                terms.append(_inline(term[2], self.markup))
            elif _TERM_LINE.match(line) and not run:
                self._flush([_TERM_LINE.sub(r"\3", line)], [_inline(_TERM_LINE.sub(r"\2", line), self.markup)])
            elif _ITEM.match(line) and not terms:
                self._flush(run, [])
                run = [line]
            elif _SKIP.match(line) and not _ITEM.match(line):
                self._flush(run, terms)
                run, terms = [], []
            else:
                run.append(line)
        self._flush(run, terms)

    def _flush(self, run: list[str], terms: list[str]) -> None:
        item = _ITEM.match(run[0]) if run else None
        if item:
            run = [run[0][item.end() :], *run[1:]]
        text = _inline(self._joined(run), self.markup)
        if terms:
            text = text.replace(BREAK, " ")
            self.blocks.append(Block("definition", ", ".join(terms) + (f": {text}" if text else "")))
        elif item:
            self.blocks.append(Block("item", text.replace(BREAK, " "), min(len(item[1]) // 2, 5)))
        elif text and self._completes_term():
            term = self.blocks.pop().text
            self.blocks.append(Block("definition", f"{term}: {text.replace(BREAK, ' ')}"))
        elif text:
            self.blocks.append(Block("paragraph", text.replace(BREAK, "\n")))

    def _completes_term(self) -> bool:
        """The last block is a term whose definition stands after a blank line."""
        return bool(self.blocks) and self.blocks[-1].kind == "definition" and ": " not in self.blocks[-1].text

    def _joined(self, run: list[str]) -> str:
        """Wrapped lines joined, lines that end for a reason of their own kept apart by `BREAK`."""
        parts: list[str] = []
        for index, line in enumerate(run):
            parts.append(line.strip())
            if index + 1 < len(run):
                parts.append("\n" if self._is_wrapped(line, run[index + 1].strip()) else BREAK)
        return squeeze("".join(parts))

    def _is_wrapped(self, line: str, below: str) -> bool:
        if self.markup or below[:1].islower():
            return True
        first_word = below.split(" ", 1)[0] if below.isascii() else below[:1]
        return len(line) + 1 + len(first_word) > WRAP_SHARE * self.width


_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}(?:\s+\"[^\"]{0,300}\")?\)")
_REFERENCE = re.compile(r"\[([^\[\]]{1,300})\]\[[^\[\]]{0,100}\]")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1")
_CODE = re.compile(r"(`{1,3})([^`]{1,500})\1")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|<!--.{0,2000}?-->")
_MANUAL = re.compile(r"linkgit:([\w.-]{1,80})\[(\d)\]")
_CROSS = re.compile(r"<<[\w-]{1,100},\s*([^<>]{1,200})>>")


def _inline(text: str, markup: bool) -> str:
    """Inline marks of Markdown and AsciiDoc out, their words kept."""
    text = _CROSS.sub(r"\1", _MANUAL.sub(r"\1(\2)", text))
    if not markup:
        return text.strip()
    text = _LINK.sub(lambda match: "" if match[0].startswith("!") else match[1], text)
    text = _REFERENCE.sub(r"\1", text)
    text = _CODE.sub(r"\2", _STRONG.sub(r"\2", _TAG.sub("", mark_powers_in_markup(text))))
    return text.strip()
