"""Searching the index: candidates by FTS5's BM25, then their pages scored anew, copies put together.

FTS5 visits every section that has any of the terms; what bounds the time over a large index is how many that are. So
the rarest terms are looked up first, and the commonest are left to the scoring of what was found.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.library.analysis import likeness
from tools.library.prepare import MAX_SECTIONS, unpack
from tools.library.question import Reading, read_question
from tools.library.scoring import SectionTerms, score_page, score_section, score_title, weigh
from tools.library.snippet import make_snippet
from tools.library.writing import section_spans
from tools.text.words import is_chinese

VISITED_SECTIONS = 12_000
"""Sections that FTS5 may score for one reading: about 1.5 µs each."""
CANDIDATE_SECTIONS = 200
"""Best sections taken from FTS5."""
SCORED_PAGES = 40
"""Pages scored anew; deeper ones were never among the first five in trials."""
SCORED_SECTIONS = 5
"""Candidate sections scored of each page."""
COPY_LIKENESS = 0.8
"""From this share of common shingles two pages count as copies; editions of one page reach 0.9, siblings 0.4."""
OTHER_LANGUAGE = 0.85
"""What a page in the other language than the question's counts, found by the question's own words."""
TRANSLATED = 0.5
"""What such a page counts when found by translated words: they match too easily, several for one."""
BM25_WEIGHTS = (3.0, 2.0, 1.0)
"""Title, headings, body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which pages may be found."""

    sites: tuple[str, ...] = ()
    """Hosts, and hosts below them; empty for all."""
    oldest: str = ""
    """ISO date; pages known to be older are left out, pages without a date are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A page that was found."""

    url: str
    title: str
    site: str
    language: str
    published: str | None
    snippet: str
    score: float
    """Comparable within one search only."""


@dataclass(frozen=True, slots=True)
class _Scored:
    page: int
    score: float
    section: int
    """The best section."""
    reading: Reading
    sketch: bytes
    text_digest: bytes
    row: tuple[str, str, str, str, str | None]


def find(
    db: sqlite3.Connection, question: str, *, max_results: int, language: str = "", filters: Filters | None = None
) -> list[Hit]:
    """Pages that fit a question, best first.

    Args:
        db: The index.
        question: In plain words; nothing in it is taken for query syntax.
        max_results: Pages returned at most.
        language: `en` or `zh`: preferred; empty takes the question's own.
        filters: Which pages may be found.
    """
    language = language or ("zh" if is_chinese(question) else "en")
    sections = int(db.execute("SELECT value FROM meta WHERE name = 'sections'").fetchone()[0])
    best: dict[int, _Scored] = {}
    for reading in read_question(question):
        for scored in _score(db, reading, sections, language, filters or Filters()):
            if scored.page not in best or best[scored.page].score < scored.score:
                best[scored.page] = scored
    ordered = sorted(best.values(), key=lambda scored: (-scored.score, len(scored.row[0]), scored.row[0]))
    return [_hit(db, scored) for scored in _without_copies(ordered, max_results)]


def _score(
    db: sqlite3.Connection, reading: Reading, sections: int, language: str, filters: Filters
) -> Iterator[_Scored]:
    counts = _counts(db, reading)
    weights = weigh(reading, counts, sections)
    for page, wanted in _candidates(db, counts, filters).items():
        terms, sketched, text_digest, *row = db.execute(
            "SELECT terms, sketch, text_digest, url, title, site, language, published"
            " FROM pages JOIN bodies ON page = id WHERE id = ?",
            (page,),
        ).fetchone()
        if reading.translated and row[3] == language:
            continue
        title, *lines = unpack(terms).split("\n")
        scores = {}
        in_title = frozenset(title.split())
        for section in dict.fromkeys([*wanted[:SCORED_SECTIONS], 0]):
            made_of = SectionTerms(in_title, frozenset(lines[section * 2].split()), lines[section * 2 + 1].split())
            scores[section] = score_section(made_of, reading, weights)
        lead = scores.pop(0)
        in_short = score_title(in_title, reading, weights)
        score = score_page(list(scores.values()), lead=lead, title=in_short)
        score *= TRANSLATED if reading.translated else 1.0 if row[3] == language else OTHER_LANGUAGE
        first = max(scores, key=lambda section: scores[section]) if scores else 0
        yield _Scored(page, score, first, reading, sketched, text_digest, (row[0], row[1], row[2], row[3], row[4]))


def _counts(db: sqlite3.Connection, reading: Reading) -> dict[str, int]:
    """In how many sections each term is found; terms that are nowhere are left out."""
    counts = {}
    for term in dict.fromkeys([term for group in reading.groups for term in group] + list(reading.optional)):
        row = db.execute("SELECT sections FROM frequent WHERE term = ?", (term,)).fetchone()
        row = row or db.execute("SELECT doc FROM vocabulary WHERE term = ?", (term,)).fetchone()
        if row:
            counts[term] = int(row[0])
    return counts


def _candidates(db: sqlite3.Connection, counts: dict[str, int], filters: Filters) -> dict[int, list[int]]:
    """Pages with their best sections, both best first."""
    pages: dict[int, list[int]] = {}
    for match, order in _matches(counts):
        where, values = _where(filters)
        rows = db.execute(
            f"SELECT words.rowid FROM words{where[0]} WHERE words MATCH ?{where[1]} {order} LIMIT ?",
            (match, *values, CANDIDATE_SECTIONS),
        )
        for (row,) in rows:
            page, section = divmod(row, MAX_SECTIONS)
            if page in pages or len(pages) < SCORED_PAGES:
                found = pages.setdefault(page, [])
                if section not in found:
                    found.append(section)
    return pages


def _matches(counts: dict[str, int]) -> Iterator[tuple[str, str]]:
    """FTS5 expressions with their order, cheapest first: what is sent is made of quoted terms only."""
    rank = f"AND rank MATCH 'bm25({', '.join(map(str, BM25_WEIGHTS))})' ORDER BY rank"
    rarest_first = sorted(counts, key=lambda term: counts[term])
    chosen: list[str] = []
    left = VISITED_SECTIONS
    for term in rarest_first:
        left -= counts[term]
        if left < 0:
            break
        chosen.append(term)
    if chosen:
        yield " OR ".join(map(_quoted, chosen)), rank
    elif rarest_first:
        # Every term is in a large part of the index. Sections with the two rarest are fewer, and reading the list of
        # a term is ten times cheaper than scoring it; the order is then left to the scoring of what comes first.
        yield " AND ".join(map(_quoted, rarest_first[:2])), ""
        yield "{title headings} : (" + " OR ".join(map(_quoted, rarest_first[:2])) + ")", ""
        yield _quoted(rarest_first[0]), ""


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _where(filters: Filters) -> tuple[tuple[str, str], list[str]]:
    conditions, values = [], []
    if filters.sites:
        either = " OR ".join("site = ? OR site LIKE ? ESCAPE '!'" for _ in filters.sites)
        conditions.append(f"({either})")
        for site in filters.sites:
            host = site.lower().removeprefix("www.")
            escaped = host.replace("!", "!!").replace("%", "!%").replace("_", "!_")
            values += [host, f"%.{escaped}"]
    if filters.oldest:
        conditions.append("(published IS NULL OR published >= ?)")
        values.append(filters.oldest)
    if not conditions:
        return ("", ""), []
    return (f" JOIN pages ON pages.id = words.rowid / {MAX_SECTIONS}", " AND " + " AND ".join(conditions)), values


def _without_copies(ordered: Sequence[_Scored], max_results: int) -> list[_Scored]:
    kept: list[_Scored] = []
    for scored in ordered:
        if len(kept) == max_results:
            break
        if not any(_are_copies(scored, other) for other in kept):
            kept.append(scored)
    return kept


def _are_copies(one: _Scored, other: _Scored) -> bool:
    return one.text_digest == other.text_digest or likeness(one.sketch, other.sketch) >= COPY_LIKENESS


def _hit(db: sqlite3.Connection, scored: _Scored) -> Hit:
    packed, spans = db.execute("SELECT text, spans FROM bodies WHERE page = ?", (scored.page,)).fetchone()
    start, end = section_spans(spans)[scored.section]
    wanted = {term for group in scored.reading.groups for term in group}
    url, title, site, language, published = scored.row
    return Hit(
        url=url,
        title=title,
        site=site,
        language=language,
        published=published,
        snippet=make_snippet(unpack(packed)[start:end], wanted),
        score=scored.score,
    )
