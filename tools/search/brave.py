"""Brave Search: an index of its own; needs a key. The free plan allows one request a second."""

from tools.errors import SearchRefused
from tools.search import ProviderOptions, SearchProvider, SearchRequest, SearchResult
from tools.search._http import JsonApi, Reply
from tools.search._pace import Pace
from tools.search._results import Row, has_list, rows_of, to_results, with_sites

_FRESHNESS = {"day": "pd", "week": "pw", "month": "pm", "year": "py"}
_LANGUAGES = {"en": ("en", "US"), "zh": ("zh-hans", "CN")}
_MAX_COUNT = 20  # the interface's own bound
_MAX_QUERY_CHARS = 400  # the interface's own bound; so are 50 words
_MAX_QUERY_WORDS = 50
_KEY_REMEDY = "Check ASTERISM_SEARCH__BRAVE_API_KEY."


class BraveSearch:
    """The web search of Brave."""

    name = "brave"

    def __init__(self, options: ProviderOptions) -> None:
        self._api = JsonApi(self.name, options.brave_url, options, {"X-Subscription-Token": options.brave_api_key})
        self._pace = Pace(options.brave_per_second)
        self._longest_wait_s = options.timeout_s

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        """See `SearchProvider.search`."""
        await self._pace.wait(self.name, self._longest_wait_s)
        params: dict[str, str | int] = {
            "q": shorten(with_sites(request.query, request.sites)),
            "count": min(request.max_results, _MAX_COUNT),
        }
        if request.recency:
            params["freshness"] = _FRESHNESS[request.recency]
        if request.language in _LANGUAGES:
            params["search_lang"], params["country"] = _LANGUAGES[request.language]
        reply = await self._api.get("res/v1/web/search", params)
        self._check(reply)
        rows = [
            Row(row.get("url"), row.get("title"), row.get("description"), row.get("page_age") or row.get("age"))
            for row in rows_of(reply.data, "web", "results")
        ]
        return to_results(self.name, request, rows)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()

    def _check(self, reply: Reply) -> None:
        if reply.status == 402 or (reply.status == 429 and is_quota(reply)):
            raise self._api.spent()
        if reply.status == 429:
            raise self._api.blocked("more requests a second than the plan allows")
        if reply.status in {401, 403} or (reply.status == 422 and reply.says("token", "subscription")):
            raise self._api.refused("the key is not valid", _KEY_REMEDY)
        if reply.status >= 400:
            raise self._api.refused(f"it does not take the request (HTTP {reply.status})", "Ask in other words.")
        # Without a single hit the interface leaves "web" out, but still says what it was asked.
        told = isinstance(reply.data, dict) and "web" not in reply.data and isinstance(reply.data.get("query"), dict)
        if not told and not has_list(reply.data, "web", "results"):
            raise self._api.strange("there are no results in it")


def is_quota(reply: Reply) -> bool:
    """Tell a spent month from a hasty second: the last of the remaining counts is the month's."""
    remaining = [part.strip() for part in reply.headers.get("x-ratelimit-remaining", "").split(",")]
    return (len(remaining) > 1 and remaining[-1] == "0") or reply.says("quota")


def shorten(query: str) -> str:
    """Keep within the interface's bounds; a longer query is refused as a whole."""
    return " ".join(query.split()[:_MAX_QUERY_WORDS])[:_MAX_QUERY_CHARS]


def make(options: ProviderOptions) -> SearchProvider:
    """Build the provider; raises SearchRefused without a key."""
    if not options.brave_api_key.strip():
        raise SearchRefused(
            "brave needs a key.", provider=BraveSearch.name, remedy="Set ASTERISM_SEARCH__BRAVE_API_KEY."
        )
    return BraveSearch(options)
