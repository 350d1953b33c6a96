"""One page made ready for the index, in a worker process: read, cleaned, cut into sections, turned into terms, packed.

Knows nothing of the database; everything here is picklable.
"""

import hashlib
import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from tools.clean import Cleaned
from tools.errors import CleanError
from tools.local_library.analysis import index_terms, sketch
from tools.local_library.sections import CHINESE_SHARE, Heading, Section, split_sections
from tools.text.words import is_chinese

DIGEST_BYTES = 16
"""Enough that no two of a billion pages share a digest by chance."""
MAX_SECTIONS = 4_096
"""Sections of one page that are indexed; a page of 200,000 characters has about 120."""

LEAD_CHARS = 400
"""Opening of a page that is indexed as a section of its own, the first: title and one paragraph."""

_FRONT_PAGES = frozenset(["index", "default", "readme"])


class Clean(Protocol):
    """A cleaner: bytes of a page in, its text out; raises CleanError. A function of a module, so that it can travel."""

    def __call__(self, body: bytes, *, content_type: str | None, url: str) -> Cleaned:
        """Clean one body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One page to prepare: a file to read, or a body that was fetched."""

    url: str
    path: str = ""
    """File to read; empty when `body` is given."""
    body: bytes = b""
    content_type: str | None = None
    known_digest: bytes = b""
    """Digest of the body that the index already holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """What the index stores to find a page again, packed."""

    terms: bytes
    """Compressed lines: the title's terms, then for each section its headings' terms and its body's."""
    spans: bytes
    """(start, end) of each section in the text, as little-endian 32-bit numbers."""
    sketch: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A page ready to be stored."""

    digest: bytes
    """Of the body as read."""
    size_bytes: int
    title: str
    language: str
    published: str | None
    text: bytes
    """Compressed cleaned text."""
    text_digest: bytes
    """Of the words of the text: equal for copies that differ in white space only."""
    headings: bytes
    """Compressed JSON of `Cleaned.headings`."""
    indexed: Indexed


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The body is the one the index already holds."""


@dataclass(frozen=True, slots=True)
class Failed:
    """No text could be had; `reason` is for the reader."""

    reason: str


Outcome = Prepared | Unchanged | Failed


def prepare(job: Job, clean: Clean) -> Outcome:
    """Make one page ready for the index; never raises for a bad page."""
    try:
        body = Path(job.path).read_bytes() if job.path else job.body
        digest = hashlib.sha256(body).digest()[:DIGEST_BYTES]
        if digest == job.known_digest:
            return Unchanged()
        cleaned = clean(body, content_type=job.content_type, url=job.url)
    except CleanError as error:
        return Failed(str(error))
    except OSError as error:
        return Failed(error.strerror or "The file cannot be read.")
    title = cleaned.title or _first_words(cleaned)
    return Prepared(
        digest=digest,
        size_bytes=len(body),
        title=title,
        language=cleaned.language or ("zh" if is_chinese(cleaned.text) else "en"),
        published=cleaned.published,
        text=pack(cleaned.text),
        text_digest=hashlib.sha256(" ".join(cleaned.text.split()).encode("utf-8", "replace")).digest()[:DIGEST_BYTES],
        headings=pack(json.dumps(cleaned.headings, ensure_ascii=False)),
        indexed=index_text(cleaned.text, cleaned.headings, title=title, url=job.url),
    )


def index_text(text: str, headings: Sequence[Heading], *, title: str, url: str) -> Indexed:
    """Turn a cleaned page into what the index stores of it."""
    sections = split_sections(text, headings)[: MAX_SECTIONS - 1]
    lines = [" ".join(dict.fromkeys(index_terms(title) + index_terms(name_of(url))))]
    everything: list[str] = []
    lead = Section(0, lead_end(text), ())
    for section in (lead, *sections):
        body = index_terms(text[section.start : section.end])
        lines.append(" ".join(dict.fromkeys(index_terms(" \n ".join(section.headings)))))
        lines.append(" ".join(body))
        everything.extend(body)
    bounds = [bound for section in (lead, *sections) for bound in (section.start, section.end)]
    return Indexed(
        terms=pack("\n".join(lines)), spans=struct.pack(f"<{len(bounds)}I", *bounds), sketch=sketch(everything)
    )


def lead_end(text: str) -> int:
    """Where the opening of a text ends: what a page is about is said there, or nowhere."""
    limit = int(LEAD_CHARS * (CHINESE_SHARE if is_chinese(text) else 1.0))
    if len(text) <= limit:
        return len(text)
    return max(text.rfind("\n", limit // 2, limit), text.rfind(" ", limit // 2, limit), 0) + 1 or limit


def name_of(url: str) -> str:
    """The words an address calls its page by: `lang_altertable` of `…/lang_altertable.html`."""
    segments = [segment for segment in unquote(urlsplit(url).path).split("/") if segment]
    if not segments:
        return ""
    name = segments[-1].rsplit(".", 1)[0]
    return segments[-2] if name.lower() in _FRONT_PAGES and len(segments) > 1 else name


def pack(text: str) -> bytes:
    """Compressed UTF-8; a third of the size of English, a half of Chinese."""
    return zlib.compress(text.encode("utf-8", "replace"), 6)


def unpack(packed: bytes) -> str:
    """The text again."""
    return zlib.decompress(packed).decode("utf-8")


def _first_words(cleaned: Cleaned) -> str:
    """A title for a page that names none: its first heading, else the first words of its text."""
    if cleaned.headings:
        return cleaned.headings[0][2]
    return cleaned.text.lstrip().split("\n", 1)[0][:80].strip()
