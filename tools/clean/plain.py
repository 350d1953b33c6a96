"""Plain text: hard-wrapped paragraphs joined, indented blocks kept."""

from tools.clean.blocks import Block, lay_out, squeeze
from tools.clean.cleaned import MAX_TEXT_CHARS, Cleaned
from tools.errors import CleanError


def clean_plain(text: str, url: str) -> Cleaned:
    """Read plain text."""
    blocks = []
    for chunk in text.replace("\r\n", "\n").split("\n\n"):
        lines = chunk.strip("\n").split("\n")
        if all(line.startswith((" ", "\t")) for line in lines):
            blocks.append(Block("code", "\n".join(line.rstrip() for line in lines)))
        else:
            blocks.append(Block("paragraph", squeeze(chunk)))
    out, headings = lay_out(blocks, MAX_TEXT_CHARS)
    if not out:
        raise CleanError("The page is empty.")
    return Cleaned(title="", text=out, headings=headings)
