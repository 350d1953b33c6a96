"""What the index and a search compare: terms, whole identifiers, and sketches for telling copies apart. Pure."""

import re
import zlib
from collections.abc import Sequence
from heapq import nsmallest

from tools.text.words import fold, terms

ANALYSIS_VERSION = "1"
"""Raise it whenever the same text would give other terms or sections: stored pages are then indexed anew."""

SKETCH_SIZE = 64
"""Hashes kept of a page: the share of two pages' shingles is then known to about ±0.06 at the threshold of 0.8."""

_MAX_COMPOUND_CHARS = 60
_COMPOUND = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[_\-./:@+]{1,2}[A-Za-z0-9]+){1,5}")
_PART = re.compile(r"[a-z0-9]+")
_WORD = 0xFFFFFFFF


def compounds(text: str) -> list[str]:
    """Identifiers, options, file names as one term each: `sqlite3_open_v2`, `/etc/fstab` (as `etc_fstab`).

    Their parts are ordinary terms as well; the whole is what tells `git-rebase` from a page with both words.
    """
    found = []
    for match in _COMPOUND.finditer(text):
        whole = match.group()
        if len(whole) <= _MAX_COMPOUND_CHARS and not whole.replace(".", "").replace("-", "").isdigit():
            found.append(joined(_PART.findall(whole.lower())))
    return found


def joined(parts: Sequence[str]) -> str:
    """The term that stands for several words written as one."""
    return "_".join(parts)


def index_terms(text: str) -> list[str]:
    """Every term of a text in order, then its compounds; no term holds a space."""
    return terms(text, unigrams=False) + compounds(text)


def english_words(text: str) -> list[str]:
    """Folded ASCII words in order, stop words kept: neighbours of them may be written as one word elsewhere."""
    return _PART.findall(fold(text))


def sketch(found: Sequence[str]) -> bytes:
    """The smallest hashes of all runs of three terms, 4 bytes each, ascending: a page's fingerprint."""
    hashes = {term: zlib.crc32(term.encode()) for term in set(found)}
    row = [hashes[term] for term in found]
    triples = zip(row, row[1:], row[2:], strict=False)
    mixed = {(a * 0x9E3779B1 ^ b * 0x85EBCA6B ^ c * 0xC2B2AE35) & _WORD for a, b, c in triples}
    return b"".join(value.to_bytes(4, "big") for value in nsmallest(SKETCH_SIZE, mixed))


def likeness(one: bytes, other: bytes) -> float:
    """Estimated share (0 to 1) of the shingles of two pages that both have; 0 where either has none."""
    first, second = _hashes(one), _hashes(other)
    smallest = nsmallest(SKETCH_SIZE, first | second)
    if not smallest or not first or not second:
        return 0.0
    return sum(value in first and value in second for value in smallest) / len(smallest)


def _hashes(sketched: bytes) -> set[bytes]:
    return {sketched[at : at + 4] for at in range(0, len(sketched), 4)}
