"""A tree of HTML elements -> blocks. Knows structure only; what is main content is decided before."""

import re

from tools.clean.blocks import BREAK, Block, one_line, paragraphs, squeeze
from tools.clean.bold import with_bold_headings
from tools.clean.tree import HtmlElement

HEADING_LEVELS = {f"h{level}": level for level in range(1, 7)}
LINK_SHARE = 0.9
"""Of a block's characters, from which it counts as nothing but links."""
BOLD_SHARE = 0.95
"""Of a paragraph's characters, from which all of it is bold."""
MAX_TERM_CHARS = 160
"""A longer definition term stands on a line of its own: nobody reads `term: definition` past that."""

_SKIPPED = frozenset(
    [
        *("script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "embed", "audio", "video"),
        *(
            "select",
            "option",
            "button",
            "input",
            "textarea",
            "head",
            "meta",
            "link",
            "title",
            "datalist",
            "map",
            "area",
        ),
        *("rp", "annotation", "img", "picture", "source"),
    ]
)
INLINE = frozenset(
    [
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *(
            "ins",
            "kbd",
            "label",
            "mark",
            "math",
            "mi",
            "mn",
            "mo",
            "mrow",
            "msub",
            "msup",
            "semantics",
            "meter",
            "nobr",
        ),
        *(
            "output",
            "progress",
            "q",
            "rb",
            "rt",
            "ruby",
            "s",
            "samp",
            "small",
            "span",
            "strike",
            "strong",
            "sub",
            "sup",
        ),
        *("time", "tt", "u", "var", "wbr", "hi", "ref"),
    ]
)
_MAY_BE_MARK = frozenset(["a", "sup", "td", "span", "div"])
_BOLD = frozenset(["b", "strong"])
_MARK_CLASSES = frozenset(
    ["headerlink", "linenos", "lineno", "linenodiv", "line-numbers", "line-number", "gutter", "blob-num"]
)
_MARKS = re.compile(r"^[\s¶#§\U0001f517]*$")


def to_blocks(root: HtmlElement) -> list[Block]:
    """Every readable block under `root`, in document order."""
    walker = _Walker()
    walker.walk(root)
    walker.flush()
    return with_bold_headings(walker.blocks)


class _Walker:
    """Collects inline text until a block ends it."""

    def __init__(self, *, depth: int = -1) -> None:
        self.blocks: list[Block] = []
        self._inline: list[str] = []
        self._linked_chars = 0
        self._bold_chars = 0
        self._bullet = False
        self._depth = depth

    def flush(self) -> None:
        """End the paragraph or item being collected."""
        if not self._inline:
            return
        collected = "".join(self._inline)
        text = "" if collected.isspace() else squeeze(collected)
        is_link = self._linked_chars >= LINK_SHARE * len(text)
        is_bold = self._bold_chars >= BOLD_SHARE * len(text)
        self._inline.clear()
        self._linked_chars = self._bold_chars = 0
        if not text:
            return
        for piece in paragraphs(text):
            if self._bullet:
                self._bullet = False
                self.blocks.append(Block("item", piece.replace("\n", " "), max(self._depth, 0), is_link, is_bold))
            else:
                self.blocks.append(Block("paragraph", piece, is_link=is_link, is_bold=is_bold))

    def walk(self, element: HtmlElement) -> None:
        """Take in one element; its tail belongs to the caller."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or _is_mark(element, tag):
            return
        if tag == "br":
            self._inline.append(BREAK)
            return
        handler = _HANDLERS.get(tag)
        if handler is not None:
            self.flush()
            handler(self, element)
        elif tag == "a":
            start = len(self._inline)
            self._children(element)
            self._linked_chars += sum(len(text.strip()) for text in self._inline[start:])
        elif tag in _BOLD:
            start = len(self._inline)
            self._children(element)
            self._bold_chars += sum(len(text) for text in self._inline[start:])
        elif tag in INLINE:
            self._children(element)
        else:
            self.flush()
            self._children(element)
            self.flush()

    def _children(self, element: HtmlElement) -> None:
        if element.text:
            self._inline.append(element.text)
        for child in element:
            self.walk(child)
            if child.tail:
                self._inline.append(child.tail)

    def heading(self, element: HtmlElement) -> None:
        text = one_line(inline_text(element))
        if text:
            linked = sum(len(inline_text(link).strip()) for link in element.iter("a") if not _is_mark(link, "a"))
            self.blocks.append(Block("heading", text, HEADING_LEVELS[element.tag], linked >= LINK_SHARE * len(text)))

    def code(self, element: HtmlElement) -> None:
        lines = [line.rstrip() for line in _raw_text(element).expandtabs(8).split("\n")]
        while lines and not lines[0]:
            lines.pop(0)
        while lines and not lines[-1]:
            lines.pop()
        if lines:
            self._bullet = False
            self.blocks.append(Block("code", "\n".join(lines)))

    def listing(self, element: HtmlElement) -> None:
        self._depth += 1
        bullet, self._bullet = self._bullet, False
        self._children(element)
        self.flush()
        self._depth -= 1
        self._bullet = bullet and False

    def item(self, element: HtmlElement) -> None:
        self._bullet = True
        self._children(element)
        self.flush()
        self._bullet = False

    def definitions(self, element: HtmlElement) -> None:
        terms: list[str] = []
        for child in _definition_parts(element):
            if child.tag == "dt":
                text = one_line(inline_text(child))
                if text:
                    terms.append(text)
            else:
                self._definition(terms, child)
                terms = []
        if terms:
            self.blocks.append(Block("definition", ", ".join(terms)))

    def _definition(self, terms: list[str], element: HtmlElement) -> None:
        inner = _Walker(depth=self._depth)
        inner._children(element)
        inner.flush()
        term = ", ".join(terms)
        first = inner.blocks[0] if inner.blocks else None
        if not term:
            self.blocks += inner.blocks
        elif first is not None and first.kind == "paragraph" and len(term) <= MAX_TERM_CHARS:
            joint = " " if term.endswith((":", "：")) else ": "
            self.blocks.append(Block("definition", term + joint + first.text.replace("\n", " ")))
            self.blocks += inner.blocks[1:]
        else:
            self.blocks.append(Block("definition", term))
            self.blocks += inner.blocks

    def table(self, element: HtmlElement) -> None:
        if is_layout(element):
            self._children(element)
            self.flush()
            return
        for caption in element.iterfind("caption"):
            text = one_line(inline_text(caption))
            if text:
                self.blocks.append(Block("paragraph", text))
        opens = 1
        for row in element.iter("tr"):
            cells = [one_line(inline_text(cell)) for cell in row if cell.tag in ("td", "th")]
            if any(cells):
                self.blocks.append(Block("row", " | ".join(cells) if len(cells) > 1 else cells[0], opens))
                opens = 0


_HANDLERS = {
    **dict.fromkeys(HEADING_LEVELS, _Walker.heading),
    **dict.fromkeys(("pre", "listing", "xmp"), _Walker.code),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), _Walker.listing),
    "li": _Walker.item,
    "dl": _Walker.definitions,
    "table": _Walker.table,
}


def is_layout(table: HtmlElement) -> bool:
    """Tell a table that only places things on the page from one that holds data."""
    return any(True for _ in table.iter("h1", "h2", "h3", "h4", "pre")) or table.find(".//table") is not None


def inline_text(element: HtmlElement) -> str:
    """All readable text under an element, block ends turned into spaces (white space not yet squeezed)."""
    parts: list[str] = []
    _gather(element, parts)
    return "".join(parts)


def _gather(element: HtmlElement, parts: list[str]) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _SKIPPED or _is_mark(element, tag):
        return
    block = tag not in INLINE
    if block:
        parts.append(" ")
    if element.text:
        parts.append(element.text)
    for child in element:
        _gather(child, parts)
        if child.tail:
            parts.append(child.tail)
    if block:
        parts.append(" ")


def _raw_text(element: HtmlElement) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == "br":
            parts.append("\n")
        elif isinstance(child.tag, str) and not _is_mark(child, child.tag):
            parts.append(_raw_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _definition_parts(element: HtmlElement) -> list[HtmlElement]:
    parts: list[HtmlElement] = []
    for child in element:
        if child.tag == "div":
            parts += _definition_parts(child)
        elif isinstance(child.tag, str):
            parts.append(child)
    return parts


def _is_mark(element: HtmlElement, tag: str) -> bool:
    """Permalink signs (¶, #), line numbers beside code, and footnote marks such as [3], which would read as ours."""
    if tag not in _MAY_BE_MARK:
        return False
    names = (element.get("class") or "").split()
    if tag == "a" and len(element) == 0 and element.text and _MARKS.match(element.text):
        return True
    return (tag == "sup" and "reference" in names) or any(name in _MARK_CLASSES for name in names)
