"""What cleaning gives back: the text of a page and what the page says about itself. Plain values."""

from dataclasses import dataclass

MAX_TEXT_CHARS = 200_000
"""Cleaned text of one page: no model reads more, and rankers stay fast."""
Headings = tuple[tuple[int, int, str], ...]
"""(offset in the text, level 1-6, text) of each heading, in text order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """The readable part of one body. Offsets count code points of `text`.

    `text` keeps one rule that readers, rankers and sentence pickers rely on: each paragraph, list item, heading,
    definition, table row and code line is one line; blocks are parted by a blank line, rows and items of the same
    table or list follow each other. Table rows read `cell | cell`, list items `- item`, definitions
    `term: definition`; code keeps its line breaks and indentation.
    """

    title: str
    """The page's own title, or empty when it names none."""
    text: str
    """The cleaned text, never empty."""
    headings: Headings = ()
    """(offset, level 1-6, text) of each heading: `text[offset:].startswith(heading)`."""
    language: str = ""
    """`en`, `zh`, or empty when unknown."""
    published: str | None = None
    """ISO date (`YYYY-MM-DD`): the later of published and modified, if the page gives one."""
    author: str = ""
    """Who wrote it, as the page says."""
    site_name: str = ""
    """The site's own name for itself."""
    canonical_url: str = ""
    """The address the page calls its own (http or https only), if any."""
    note: str = ""
    """What a reader should know: cut short, encrypted pages skipped, hidden text removed."""
