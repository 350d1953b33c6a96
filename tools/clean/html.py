"""HTML -> text by the measured cascade."""

from tools.clean.blocks import lay_out, one_line
from tools.clean.cleaned import Cleaned
from tools.clean.tree import parse
from tools.clean.walk import to_blocks
from tools.errors import CleanError

MAX_TEXT_CHARS = 200_000


def clean_html(html: str, url: str) -> Cleaned:
    """Read an HTML page."""
    tree = parse(html)
    for element in tree.xpath("//nav|//footer|//aside|//script|//style"):
        element.drop_tree()
    main = tree.find(".//main")
    body = main if main is not None else tree.find("body")
    text, headings = lay_out(to_blocks(body if body is not None else tree), MAX_TEXT_CHARS)
    if not text:
        raise CleanError("The page has no readable text.")
    return Cleaned(title=one_line(tree.findtext(".//title") or ""), text=text, headings=headings)
