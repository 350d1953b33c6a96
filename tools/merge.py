"""One list out of several: reciprocal rank fusion, repeats collapsed, no site alone on the list. Pure, no I/O."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from tools.search import SearchResult
from tools.text.words import fold

RRF_K = 60
"""The constant of Cormack, Clarke and Büttcher (2009): how far down a list a place still counts."""

SAME_TEXT = 0.9
"""Share of common 4-grams from which title and snippet are the same words; below, pages often differ in a detail."""

_MIN_TEXT_CHARS = 40
"""Shorter texts (a bare title such as `Home`) say too little to be the same page."""

_GRAM = 4
_TRACKING = re.compile(r"utm_\w+|gclid|fbclid|msclkid|dclid|yclid|igshid|mc_[ce]id|spm|ref_src|_ga")
_MOBILE_LABELS = frozenset({"m", "mobile", "amp", "wap"})
_NUMBER = re.compile(r"\d+")


@dataclass
class _Merged:
    """A page that several lists may hold."""

    best: SearchResult
    score: float = 0.0
    lists: set[int] = field(default_factory=set)


def merge_results(
    lists: Sequence[Sequence[SearchResult]], *, max_results: int, per_site: int | None
) -> list[SearchResult]:
    """Fuse ranked lists into one, best first, with new ranks from 1.

    A page counts once a list; of its spellings the best placed is kept.

    Args:
        lists: Each best first, with ranks from 1.
        max_results: Longest list handed back.
        per_site: Places one site may hold while there are others; None for no bound.
    """
    everything = _fuse(lists)
    if len({site_of(merged.best.url) for merged in everything}) < 2:
        per_site = None
    chosen = _choose((merged.best for merged in everything), max_results, per_site)
    return [replace(result, rank=place) for place, result in enumerate(chosen, start=1)]


def canonical_url(url: str) -> str:
    """A key that is equal for spellings of one page: scheme, `www.`, mobile hosts, fragment, tracking, last slash."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return parts._replace(fragment="").geturl()
    pairs = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0].lower())
    ]
    query = f"?{urlencode(sorted(pairs))}" if pairs else ""
    place = f":{port}" if port not in {None, 80, 443} else ""
    return f"{site_of(url)}{place}{parts.path.rstrip('/')}{query}"


def site_of(url: str) -> str:
    """The host without `www.` and its mobile variants; empty for what is not on the web."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    labels = host.removeprefix("www.").split(".")
    kept = [label for label in labels[:-2] if label not in _MOBILE_LABELS]
    return ".".join([*kept, *labels[-2:]])


def _fuse(lists: Sequence[Sequence[SearchResult]]) -> list[_Merged]:
    """All pages by falling score; equal scores keep the order of the lists."""
    pages: dict[str, _Merged] = {}
    for number, results in enumerate(lists):
        for result in results:
            merged = pages.setdefault(canonical_url(result.url), _Merged(result))
            if number in merged.lists:
                continue
            merged.lists.add(number)
            merged.score += 1 / (RRF_K + result.rank)
            if result.rank < merged.best.rank:
                merged.best = result
    return sorted(pages.values(), key=lambda merged: -merged.score)


def _choose(results: Iterable[SearchResult], max_results: int, per_site: int | None) -> list[SearchResult]:
    chosen: list[SearchResult] = []
    texts: list[_Text] = []
    places: dict[str, int] = {}
    for result in results:
        if len(chosen) == max_results:
            break
        site = site_of(result.url)
        text = _Text.of(result)
        full = per_site is not None and site and places.get(site, 0) >= per_site
        if full or any(text.same_as(other) for other in texts):
            continue
        chosen.append(result)
        texts.append(text)
        places[site] = places.get(site, 0) + 1
    return chosen


@dataclass(frozen=True, slots=True)
class _Text:
    """Title and snippet in a form that can be compared."""

    grams: frozenset[str]
    numbers: frozenset[str]
    length: int

    @classmethod
    def of(cls, result: SearchResult) -> "_Text":
        text = "".join(fold(f"{result.title} {result.snippet}").split())
        grams = frozenset(text[start : start + _GRAM] for start in range(len(text) - _GRAM + 1))
        return cls(grams, frozenset(_NUMBER.findall(text)), len(text))

    def same_as(self, other: "_Text") -> bool:
        """Tell whether the words are the same; another number (a version, a year) makes another page."""
        if min(self.length, other.length) < _MIN_TEXT_CHARS or self.numbers != other.numbers:
            return False
        return len(self.grams & other.grams) >= SAME_TEXT * len(self.grams | other.grams)
