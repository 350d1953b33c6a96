"""The main content of articles, forums, shops and listings: trafilatura, or Resiliparse where it finds too little.

Measured on WCXB (2,008 pages of seven types): same F1 as trafilatura's own fallbacks, more recall, less time.
"""

import copy
import logging

from resiliparse.extract.html2text import extract_plain_text
from trafilatura import bare_extraction
from trafilatura.settings import Document

from tools.clean.blocks import Block, one_line
from tools.clean.prepass import Bounded
from tools.clean.tree import HtmlElement, new_element, parse, to_html
from tools.clean.walk import inline_text, is_layout, to_blocks

TOO_LITTLE = 0.40
"""Resiliparse's text is taken when trafilatura found less than this share of it (0.25 to 0.60 differ by noise)."""
MAX_TRAFILATURA_TAGS = 20_000
"""trafilatura is quadratic in siblings: 200,000 `<div>` cost it 18 s, 20,000 tags 0.6 s; real pages have fewer."""
MAX_TRAFILATURA_LEVELS = 1_500_000
"""It walks up from every paragraph: 1 s for a million levels. Real pages: 5,000 tags 20 levels deep, 0.1 million."""

# It warns about every page it finds nothing in; for us that is an outcome like others.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_RENAMED = {
    "list": "ul",
    "item": "li",
    "lb": "br",
    "row": "tr",
    "cell": "td",
    "hi": "span",
    "ref": "span",
    "del": "span",
}


def is_for_trafilatura(page: Bounded) -> bool:
    """Whether it would be done with the page in about a second."""
    return page.tags <= MAX_TRAFILATURA_TAGS and page.levels <= MAX_TRAFILATURA_LEVELS


def main_blocks(tree: HtmlElement, html: str, page: Bounded, *, comments: bool) -> list[Block]:
    """Blocks of the main content, in order; empty when there is none.

    Args:
        tree: The parsed page, hidden text out; left as it is.
        html: The same page as text.
        page: What the pre-pass says about its size.
        comments: Whether readers' comments are content, as on a thread; elsewhere they are noise (and a way in).
    """
    found = _by_trafilatura(tree, comments) if is_for_trafilatura(page) else []
    other = extract_plain_text(html, main_content=True)
    if _length(found) >= TOO_LITTLE * len(other):
        return found
    return _by_resiliparse(tree) or found


def _length(blocks: list[Block]) -> int:
    return sum(len(block.text) + 1 for block in blocks)


def _by_trafilatura(tree: HtmlElement, comments: bool) -> list[Block]:
    document = bare_extraction(tree, fast=True, include_comments=comments)  # It works on a copy of its own.
    if not isinstance(document, Document):
        return []
    blocks: list[Block] = []
    for body in (document.body, document.commentsbody):
        if body is not None:
            _rename(body)
            blocks += to_blocks(body)
    return blocks


def _rename(body: HtmlElement) -> None:
    """Trafilatura's own element names -> HTML's, in place."""
    for element in body.iter():
        tag, rend = element.tag, element.get("rend") or ""
        if tag == "head":
            element.tag = rend if rend in ("h1", "h2", "h3", "h4", "h5", "h6") else "h3"
        elif tag == "list" and rend == "dl":
            element.tag = "dl"
        elif tag == "item" and rend.startswith(("dt", "dd")):
            element.tag = rend[:2]
        elif tag == "quote":
            element.tag = "pre" if "\n" in (element.text or "") and element.find("p") is None else "blockquote"
        elif tag == "code" and "\n" in "".join(element.itertext()):
            element.tag = "pre"
        elif tag in _RENAMED:
            element.tag = _RENAMED[tag]


def _by_resiliparse(tree: HtmlElement) -> list[Block]:
    tree = copy.deepcopy(tree)
    _rows_to_lines(tree)
    html = extract_plain_text(to_html(tree), main_content=True, preserve_formatting="minimal_html", alt_texts=False)
    if not html.strip():
        return []
    return to_blocks(parse(f"<div>{html}</div>"))


def _rows_to_lines(tree: HtmlElement) -> None:
    """Data tables -> one paragraph a row: Resiliparse would put each cell on a line of its own."""
    for table in [table for table in tree.iter("table") if not is_layout(table)]:
        for row in list(table.iter("tr")):
            cells = [one_line(inline_text(cell)) for cell in row if cell.tag in ("td", "th")]
            for child in list(row):
                row.remove(child)
            row.append(new_element("td"))
            row[0].text = " | ".join(cells)
