"""Searching the index: candidates by FTS5, then their pages scored anew, copies put together, snippets cut."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.local_library.analysis import likeness
from tools.local_library.candidates import (
    SMALL_SECTIONS,
    VISITED_IN_SMALL,
    VISITED_SECTIONS,
    Filters,
    count_sections,
    find_candidates,
)
from tools.local_library.prepare import unpack
from tools.local_library.question import Reading, read_question
from tools.local_library.scoring import SectionTerms, Weights, score_page, score_section, score_title, weigh
from tools.local_library.snippet import make_snippet
from tools.local_library.writing import section_spans
from tools.text.words import is_chinese

SCORED_SECTIONS = 5
"""Candidate sections scored of each page; further ones count next to nothing."""
COPY_LIKENESS = 0.8
"""From this share of common shingles two pages count as copies; editions of one page reach 0.9, siblings 0.4."""
OTHER_LANGUAGE = 0.85
"""What a page in the other language than the question's counts, found by the question's own words."""
TRANSLATED = 0.5
"""What such a page counts when found by translated words: they match too easily, several for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A page that was found."""

    url: str
    title: str
    site: str
    language: str
    published: str | None
    snippet: str
    """About 200 characters of the page's best section."""
    score: float
    """Comparable within one search only."""


@dataclass(frozen=True, slots=True)
class _About:
    """What is known of a page without its text."""

    url: str
    title: str
    site: str
    language: str
    published: str | None


@dataclass(frozen=True, slots=True)
class _Scored:
    page: int
    score: float
    section: int
    """The best section."""
    reading: Reading
    about: _About
    sketch: bytes
    text_digest: bytes


def find(
    db: sqlite3.Connection,
    question: str,
    *,
    max_results: int,
    language: str = "",
    filters: Filters | None = None,
    visited_sections: int | None = None,
) -> list[Hit]:
    """Pages that fit a question, best first.

    Args:
        db: The index.
        question: In plain words; nothing in it is taken for query syntax.
        max_results: Pages returned at most.
        language: `en` or `zh`: preferred; empty takes the question's own.
        filters: Which pages may be found.
        visited_sections: What bounds the time over a large index; by default chosen by its size.
    """
    language = language or ("zh" if is_chinese(question) else "en")
    sections = int(db.execute("SELECT value FROM meta WHERE name = 'sections'").fetchone()[0])
    visited = visited_sections or (VISITED_IN_SMALL if sections <= SMALL_SECTIONS else VISITED_SECTIONS)
    best: dict[int, _Scored] = {}
    for reading in read_question(question):
        counts = count_sections(db, reading)
        weights = weigh(reading, counts, sections)
        candidates = find_candidates(db, counts, filters or Filters(), visited=visited)
        for scored in _score(db, candidates, reading, weights, language):
            if scored.page not in best or best[scored.page].score < scored.score:
                best[scored.page] = scored
    ordered = sorted(best.values(), key=lambda scored: (-scored.score, len(scored.about.url), scored.about.url))
    return [_hit(db, scored) for scored in _without_copies(ordered, max_results)]


def _score(
    db: sqlite3.Connection, candidates: dict[int, list[int]], reading: Reading, weights: Weights, language: str
) -> Iterator[_Scored]:
    for page, sections in candidates.items():
        terms, sketched, text_digest, *about = db.execute(
            "SELECT terms, sketch, text_digest, url, title, site, language, published"
            " FROM pages JOIN bodies ON page = id WHERE id = ?",
            (page,),
        ).fetchone()
        known = _About(*about)
        share = _language_share(known.language, language, reading)
        if share:
            score, section = _score_terms(unpack(terms), sections[:SCORED_SECTIONS], reading, weights)
            yield _Scored(page, share * score, section, reading, known, sketched, text_digest)


def _language_share(page_language: str, language: str, reading: Reading) -> float:
    if reading.translated:
        return 0.0 if page_language == language else TRANSLATED * reading.share
    return 1.0 if page_language == language else OTHER_LANGUAGE


def _score_terms(terms: str, sections: Sequence[int], reading: Reading, weights: Weights) -> tuple[float, int]:
    """Score of a page and its best section; section 0 is the page's opening, which the others repeat."""
    title, *lines = terms.split("\n")
    in_title = frozenset(title.split())

    def score(section: int) -> float:
        headings, body = lines[2 * section].split(), lines[2 * section + 1].split()
        return score_section(SectionTerms(in_title, frozenset(headings), body), reading, weights)

    scores = {section: score(section) for section in sections if section}
    if not scores:
        scores = {1: score(1)}
    best = max(scores, key=lambda section: scores[section])
    title_score = score_title(in_title, reading, weights)
    return score_page(list(scores.values()), lead=score(0), title=title_score), best


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
    about = scored.about
    return Hit(
        url=about.url,
        title=about.title,
        site=about.site,
        language=about.language,
        published=about.published,
        snippet=make_snippet(unpack(packed)[start:end], wanted),
        score=scored.score,
    )
