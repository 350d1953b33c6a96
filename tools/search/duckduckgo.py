"""DuckDuckGo without a key, by way of the package ddgs: its one engine of that name, never its `auto`.

`auto` sends the question to seven companies at once. And ddgs reports every failure as "no results": a block, a quota,
a fault and garbage all look like an empty web. So the status and the page are looked at here.
"""

import asyncio
import math
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tools.errors import SearchBlocked, SearchError, SearchUnreachable
from tools.search import ProviderOptions, SearchProvider, SearchRequest, SearchResult
from tools.search._outcome import SearchStumbled
from tools.search._results import Row, to_results, with_sites

_REGIONS = {"en": "us-en", "zh": "cn-zh", "": "wt-wt"}
_WITHIN = {"day": "d", "week": "w", "month": "m", "year": "y"}

_THREADS = 4
"""ddgs is synchronous; a thread that hangs ends by itself after the timeout of its client."""

_BLOCK_STATUSES = frozenset({202, 401, 403, 418, 429})
"""202 is DuckDuckGo's own way of asking for a challenge."""

_CHALLENGE = re.compile(
    r"anomaly-modal|anomaly\.js|challenge-form|bots use duckduckgo"
    r"|<[a-z]+[^>]+(?:id|class|src|action|name)=[\"'][^\"'>]*captcha",
    re.IGNORECASE,
)
"""Marks of a challenge in the page's structure; the word alone may be the user's own."""

_NOTHING = re.compile(r"class=[\"'][^\"']*no-results?\b|>\s*no (?:more )?results\b", re.IGNORECASE)
"""What a result page says when it found nothing."""

_RESULT_PAGE = re.compile(r"id=[\"']links[\"']|action=[\"']/html/?[\"']", re.IGNORECASE)
"""Marks of a true result page: its list, or its search form."""

_HIT = re.compile(r"class=[\"'][^\"']*\bresult__a\b|[?&;]uddg=")
"""A hit, as the page marks it: where there is one and ddgs reads none, the page has changed its build."""


class DuckDuckGoSearch:
    """The HTML page of DuckDuckGo."""

    name = "duckduckgo"

    def __init__(self, options: ProviderOptions) -> None:
        self._options = options
        self._threads = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix=self.name)

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        """See `SearchProvider.search`."""
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, _ask, request, self._options)
        if not answer.rows:
            check_empty(answer)
        return to_results(self.name, request, answer.rows)

    async def aclose(self) -> None:
        """Let the threads end; a request under way finishes unheard."""
        self._threads.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the rows ddgs found, and what it does not tell about the rest."""

    rows: tuple[Row, ...]
    status: int
    page: str


def check_empty(answer: Answer) -> None:
    """Find out what an empty list means; returns when nothing was found indeed.

    Raises:
        SearchBlocked: for a block or a challenge, whatever its status.
        SearchUnreachable: for a fault, or a page that is no result page.
    """
    if answer.status in _BLOCK_STATUSES or _CHALLENGE.search(answer.page):
        raise SearchBlocked(
            f"duckduckgo blocks us (HTTP {answer.status}).",
            provider=DuckDuckGoSearch.name,
            remedy="Wait a while, use a SearXNG of your own, or set a key for brave, serper or tavily.",
        )
    if answer.status >= 500:
        raise SearchStumbled(
            f"duckduckgo failed: HTTP {answer.status}.",
            provider=DuckDuckGoSearch.name,
            remedy="Try again in a moment.",
        )
    if answer.status == 200 and _NOTHING.search(answer.page):
        return
    if answer.status != 200 or not _RESULT_PAGE.search(answer.page):
        raise _unreachable("sent a page that is not a result page")
    if _HIT.search(answer.page):
        raise _unreachable("sent results that cannot be read")


def _ask(request: SearchRequest, options: ProviderOptions) -> Answer:
    """Search once, in a thread: importing ddgs alone takes 0.2 s."""
    from ddgs.engines import ENGINES
    from ddgs.exceptions import DDGSException
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    verify: bool | str = options.ca_file or True
    timeout_s = math.ceil(options.timeout_s)
    engine: Any = ENGINES["text"][DuckDuckGoSearch.name](options.proxy or None, timeout_s, verify=verify)
    watch = _Watch(engine.http_client)
    engine.http_client = watch
    if options.duckduckgo_url:
        engine.search_url = options.duckduckgo_url
    try:
        found = engine.search(
            with_sites(request.query, request.sites),
            region=_REGIONS.get(request.language, _REGIONS[""]),
            timelimit=_WITHIN.get(request.recency or ""),
        )
    except DDGSException as error:
        raise _unreachable("cannot be reached") from error
    except (LxmlError, ValueError) as error:  # a page that is none
        found = None
        if not watch.status:
            raise _unreachable("cannot be asked") from error
    rows = tuple(Row(_direct(hit.href), hit.title, hit.body) for hit in found or [] if hit.href)
    return Answer(rows, watch.status, watch.page)


class _Watch:
    """Stands in for the HTTP client of ddgs and remembers what it throws away."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.status = 0
        self.page = ""

    def request(self, *args: Any, **options: Any) -> Any:
        response = self._client.request(*args, **options)
        self.status, self.page = response.status_code, response.text
        return response


def _direct(url: str) -> str:
    """The address behind DuckDuckGo's own redirect (`/l/?uddg=`)."""
    parts = urlsplit(url)
    if parts.path == "/l/" and (parts.hostname or "").endswith("duckduckgo.com"):
        return parse_qs(parts.query).get("uddg", [""])[0]
    return url


def _unreachable(reason: str) -> SearchError:
    return SearchUnreachable(
        f"duckduckgo {reason}.",
        provider=DuckDuckGoSearch.name,
        remedy="Check the network, or put another provider first.",
    )


def make(options: ProviderOptions) -> SearchProvider:
    """Build the provider; it needs nothing."""
    return DuckDuckGoSearch(options)
