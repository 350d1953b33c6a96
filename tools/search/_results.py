"""From a provider's rows to results: texts cleaned, addresses checked, sites kept to."""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import httpx2

from tools.search import SearchRequest, SearchResult
from tools.search._dates import to_iso_date

MAX_TITLE_CHARS = 300
MAX_SNIPPET_CHARS = 1000
MAX_URL_CHARS = 4096

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_SITE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Row:
    """One hit as the provider gave it: any type may stand in any field, for a reply can hold anything."""

    url: object
    title: object
    snippet: object
    published: object = None


def to_results(provider: str, request: SearchRequest, rows: Iterable[Row]) -> list[SearchResult]:
    """Clean rows into results, best first, ranks from 1; rows without a web address and repeats are dropped."""
    results: list[SearchResult] = []
    seen: set[str] = set()
    for row in rows:
        url = _clean_url(row.url)
        if not url or url in seen or not _lies_on(url, request.sites):
            continue
        seen.add(url)
        results.append(
            SearchResult(
                url=url,
                title=clean_text(row.title, MAX_TITLE_CHARS) or url,
                snippet=clean_text(row.snippet, MAX_SNIPPET_CHARS),
                rank=len(results) + 1,
                provider=provider,
                published=to_iso_date(row.published),
            )
        )
        if len(results) == request.max_results:
            break
    return results


def rows_of(data: object, *path: str) -> list[dict[str, object]]:
    """The list of objects at a path of a JSON reply; empty when there is none."""
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []


def has_list(data: object, *path: str) -> bool:
    """Tell whether a list stands at a path of a JSON reply, empty or not: anything else there is no answer."""
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return isinstance(data, list)


def clean_text(value: object, max_chars: int) -> str:
    """Plain text of one line: tags out, entities read, invisible and control characters out, cut to length."""
    if not isinstance(value, str):
        return ""
    text = html.unescape(_TAG.sub("", value[: max_chars * 4]))
    visible = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in text)
    visible = "".join(char for char in visible if unicodedata.category(char) not in {"Cf", "Cs", "Co"})
    return " ".join(visible.split())[:max_chars].strip()


def site_names(sites: Sequence[str]) -> list[str]:
    """Host names out of what people write for a site (`https://docs.python.org/3/` too); nonsense is dropped."""
    names = []
    for site in sites:
        host = site.strip().lower().split("://")[-1].split("/")[0].split(":")[0].removeprefix("www.")
        if _SITE.fullmatch(host):
            names.append(host)
    return names


def with_sites(query: str, sites: Sequence[str]) -> str:
    """The query with `site:` operators, for providers that have no parameter for it."""
    operators = [f"site:{name}" for name in site_names(sites)]
    if not operators:
        return query
    return f"{query} {operators[0]}" if len(operators) == 1 else f"{query} ({' OR '.join(operators)})"


def _clean_url(value: object) -> str:
    if not isinstance(value, str):
        return ""
    text = value.strip().replace(" ", "%20")
    try:
        url = httpx2.URL(text)
    except (httpx2.InvalidURL, ValueError):
        return ""
    return text if url.scheme in {"http", "https"} and url.host and len(text) <= MAX_URL_CHARS else ""


def _lies_on(url: str, sites: Sequence[str]) -> bool:
    """Providers treat a site as a wish; here it is a condition."""
    if not sites:
        return True
    host = httpx2.URL(url).host
    return any(host == name or host.endswith(f".{name}") for name in site_names(sites))
