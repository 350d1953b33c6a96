"""Closed webs: what is searched and read for a case, on this machine. The real run works on them as on any web."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log
from typing import Protocol

from tools.errors import PageUnavailable
from tools.pages import Page
from tools.rank import K1, B
from tools.reader import site_of
from tools.search import SearchRequest, SearchResult
from tools.search_chain import Searched
from tools.text.words import is_chinese, terms

READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Any fixed time: pages of a closed web do not age."""
SNIPPET_CHARS = 160
TITLE_WEIGHT = 3
"""A term in the title counts as often as this in the text: titles say what a page is about."""
INDEXED_CHARS = 20_000
"""Of each page; news articles and encyclopaedia pages say what they are about long before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebDocument:
    """A page of a closed web, cleaned already."""

    url: str
    text: str
    title: str = ""
    published: str | None = None
    """ISO date."""


class Web(Protocol):
    """A searcher and a reader in one."""

    async def search(self, request: SearchRequest) -> Searched:
        """Results, best first."""

    async def read(self, url: str) -> Page:
        """A page; raises ToolError when there is none."""


class GivenWeb:
    """The documents that belong to a question, all of them found by every query, in their order."""

    def __init__(self, documents: Sequence[WebDocument]) -> None:
        self._documents = {document.url: document for document in documents}

    async def search(self, request: SearchRequest) -> Searched:
        """Every document."""
        return searched(list(self._documents.values())[: request.max_results])

    async def read(self, url: str) -> Page:
        """The document.

        Raises:
            PageUnavailable: when it is not one of them.
        """
        return page_of(self._documents, url)


class PooledWeb:
    """The documents of all questions together, found by BM25 over title and text."""

    def __init__(self, documents: Iterable[WebDocument]) -> None:
        self._documents = {document.url: document for document in documents}
        self._urls = list(self._documents)
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._lengths: list[int] = []
        self._count = len(self._urls)
        for place, document in enumerate(self._documents.values()):
            bag = Counter(terms(document.text[:INDEXED_CHARS]))
            bag.update({term: TITLE_WEIGHT * n for term, n in Counter(terms(document.title)).items()})
            self._lengths.append(bag.total())
            for term, n in bag.items():
                self._postings[term].append((place, n))

    def first(self, count: int) -> "PooledWeb":
        """The same web with its first documents only; how rare a word is, all of them tell."""
        other = copy(self)
        other._count = count
        return other

    async def search(self, request: SearchRequest) -> Searched:
        """The documents that fit the query best; ties in the order they were given."""
        average = sum(self._lengths) / max(1, len(self._lengths)) or 1.0
        scores: dict[int, float] = defaultdict(float)
        for term in set(terms(request.query)):
            held = self._postings.get(term, [])
            rarity = log(1 + (len(self._urls) - len(held) + 0.5) / (len(held) + 0.5))
            for place, n in (one for one in held if one[0] < self._count):
                damping = K1 * (1 - B + B * self._lengths[place] / average)
                scores[place] += rarity * n * (K1 + 1) / (n + damping)
        best = sorted(scores, key=lambda place: (-scores[place], place))[: request.max_results]
        return searched([self._documents[self._urls[place]] for place in best])

    async def read(self, url: str) -> Page:
        """The document.

        Raises:
            PageUnavailable: when it is not in the pool.
        """
        return page_of(self._documents, url)


NO_WEB = GivenWeb(())
"""Finds nothing."""


def searched(documents: Sequence[WebDocument]) -> Searched:
    """Documents as a provider's results."""
    results = tuple(
        SearchResult(
            url=document.url,
            title=document.title,
            snippet=" ".join(document.text[:SNIPPET_CHARS].split()),
            rank=rank,
            provider="closed web",
            published=document.published,
        )
        for rank, document in enumerate(documents, start=1)
    )
    return Searched(results=results, provider="closed web", ms=0)


def page_of(documents: dict[str, WebDocument], url: str) -> Page:
    """A document as a page that was read.

    Raises:
        PageUnavailable: when there is none of that address.
    """
    document = documents.get(url)
    if document is None:
        raise PageUnavailable("The closed web has no such page.")
    return Page(
        url=url,
        final_url=url,
        title=document.title or site_of(url),
        text=document.text,
        site=site_of(url),
        fetched_at=READ_AT,
        language="zh" if is_chinese(document.text) else "en",
        published=document.published,
        size_bytes=len(document.text.encode("utf-8", "replace")),
    )
