"""Page and Passage: what was read, and the spans of it that matter. Plain values, no I/O."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched and cleaned document. Offsets everywhere count code points of `text`."""

    url: str
    """The address as it stood in the search result; the page's identity within a run."""
    final_url: str
    """The address after redirects."""
    title: str
    """The page's title, or its site when it names none."""
    text: str
    """The cleaned text: paragraphs, lists and code as lines, one table row a line, headings as lines of their own."""
    site: str
    """Host name without `www.`."""
    fetched_at: datetime
    """When the body arrived (aware, UTC)."""
    language: str = ""
    """`en`, `zh`, or empty when unknown."""
    published: str | None = None
    """ISO date the page gives for itself (the later of published and modified), if any."""
    headings: tuple[tuple[int, int, str], ...] = ()
    """(offset, level 1-6, text) of each heading, in text order."""
    size_bytes: int = 0
    """Length of the body as received and decoded."""
    ms: int = 0
    """Wall time from request to cleaned text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A contiguous span of a page: `page.text[start:end] == text`."""

    url: str
    """`Page.url` of the page it belongs to."""
    start: int
    """First code point, 0-based."""
    end: int
    """One past the last code point."""
    text: str
    """The words themselves, unchanged."""
    headings: str = ""
    """The headings above it, outermost first, joined by ` > `; context for ranking, not part of `text`."""
