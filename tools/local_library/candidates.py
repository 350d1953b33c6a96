"""The first look: which sections may fit, by FTS5's own BM25.

FTS5 visits every section that has any of the terms, and what bounds the time over a large index is how many those are.
So the rarest terms are looked up first, and the commonest are left to the scoring of what was found.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.local_library.prepare import MAX_SECTIONS
from tools.local_library.question import Reading

VISITED_SECTIONS = 8_000
"""Mentions of terms that FTS5 may look at for one reading, 1 to 2 µs each: the slowest of 60 searches over 100,000
pages then takes 23 ms of CPU (37 ms with 12,000)."""
VISITED_IN_SMALL = 12_000
"""The same for a small index, where common words are few enough to be worth it (1 of 110 trial questions)."""
SMALL_SECTIONS = 20_000
"""An index is small up to here: about 2,500 pages of documentation."""
CANDIDATE_SECTIONS = 200
"""Best sections taken from FTS5."""
SCORED_PAGES = 40
"""Pages scored anew: with 20 one more of 110 trial questions lost its page, with 80 none gained."""
BM25_WEIGHTS = (3.0, 2.0, 1.0)
"""Title, headings, body."""

_RANKED = f"AND rank MATCH 'bm25({', '.join(map(str, BM25_WEIGHTS))})' ORDER BY rank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which pages may be found."""

    sites: tuple[str, ...] = ()
    """Hosts without `www.`, lower case, and hosts below them; empty for all."""
    oldest: str = ""
    """ISO date; pages known to be older are left out, pages without a date are not."""


@dataclass(frozen=True, slots=True)
class Match:
    """One query of the full-text index."""

    expression: str
    """Made of quoted terms only: nothing of a question is ever read as syntax."""
    order: str
    """How the rows are ordered, as SQL."""


def count_sections(db: sqlite3.Connection, reading: Reading) -> dict[str, int]:
    """In how many sections each term of a reading is found; terms that are nowhere are left out."""
    counts = {}
    for term in dict.fromkeys([*(term for group in reading.groups for term in group), *reading.optional]):
        row = db.execute("SELECT sections FROM frequent WHERE term = ?", (term,)).fetchone()
        row = row or db.execute("SELECT doc FROM vocabulary WHERE term = ?", (term,)).fetchone()
        if row:
            counts[term] = int(row[0])
    return counts


def find_candidates(
    db: sqlite3.Connection, counts: Mapping[str, int], filters: Filters, *, visited: int
) -> dict[int, list[int]]:
    """Page ids with their best sections, both best first."""
    pages: dict[int, list[int]] = {}
    join, condition, values = _where(filters)
    for match in plan_matches(counts, visited=visited):
        rows = db.execute(
            f"SELECT words.rowid FROM words{join} WHERE words MATCH ?{condition} {match.order} LIMIT ?",
            (match.expression, *values, CANDIDATE_SECTIONS),
        )
        for (row,) in rows:
            page, section = divmod(row, MAX_SECTIONS)
            if page in pages or len(pages) < SCORED_PAGES:
                found = pages.setdefault(page, [])
                if section not in found:
                    found.append(section)
    return pages


def plan_matches(counts: Mapping[str, int], *, visited: int) -> Iterator[Match]:
    """The queries that find candidates without visiting many more than `visited` sections."""
    rarest_first = sorted(counts, key=lambda term: counts[term])
    chosen: list[str] = []
    left = visited
    for term in rarest_first:
        left -= counts[term]
        if left < 0:
            break
        chosen.append(term)
    if chosen:
        yield Match(_any_of(chosen), _RANKED)
    elif rarest_first:
        # Every term is in a large part of the index. To read the list of a term is ten times cheaper than to score it,
        # and sections with both of the two rarest are fewer: take what comes first, and leave the order to the scoring.
        rarest = rarest_first[:2]
        both = " AND ".join(map(_quoted, rarest))
        yield Match(f"{{title headings}} : ({both})", "")
        yield Match(both, "")
        yield Match(f"{{title headings}} : ({_any_of(rarest)})", "")
        yield Match(_quoted(rarest[0]), "")


def _any_of(found: list[str]) -> str:
    return " OR ".join(map(_quoted, found))


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _where(filters: Filters) -> tuple[str, str, list[str]]:
    """A join, conditions and their values."""
    conditions, values = [], []
    if filters.sites:
        either = " OR ".join("site = ? OR site LIKE ? ESCAPE '!'" for _ in filters.sites)
        conditions.append(f"({either})")
        for site in filters.sites:
            escaped = site.replace("!", "!!").replace("%", "!%").replace("_", "!_")
            values += [site, f"%.{escaped}"]
    if filters.oldest:
        conditions.append("(published IS NULL OR published >= ?)")
        values.append(filters.oldest)
    if not conditions:
        return "", "", []
    return f" JOIN pages ON pages.id = words.rowid / {MAX_SECTIONS}", " AND " + " AND ".join(conditions), values
