"""Tavily: a search interface made for programs like this; needs a key."""

from tools.errors import SearchRefused
from tools.search import ProviderOptions, SearchProvider, SearchRequest, SearchResult
from tools.search._http import JsonApi, Reply
from tools.search._results import Row, has_list, rows_of, site_names, to_results

_MAX_RESULTS = 20  # the interface's own bound
_MAX_QUERY_CHARS = 400  # the interface's own bound
_COUNTRIES = {"zh": "china"}  # brings pages of that country forward; English needs none
_SPENT = frozenset({402, 432, 433})  # the plan's limit, and the limit set for paying as you go
_KEY_REMEDY = "Check ASTERISM_SEARCH__TAVILY_API_KEY."


class TavilySearch:
    """The web search of Tavily."""

    name = "tavily"

    def __init__(self, options: ProviderOptions) -> None:
        key = {"Authorization": f"Bearer {options.tavily_api_key}"}
        self._api = JsonApi(self.name, options.tavily_url, options, key)

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        """See `SearchProvider.search`."""
        body: dict[str, object] = {
            "query": request.query[:_MAX_QUERY_CHARS],
            "max_results": min(request.max_results, _MAX_RESULTS),
            "search_depth": "basic",
        }
        if request.recency:
            body["time_range"] = request.recency
        if request.sites:
            body["include_domains"] = site_names(request.sites)
        if request.language in _COUNTRIES:
            body["country"] = _COUNTRIES[request.language]
        reply = await self._api.post("search", body)
        self._check(reply)
        rows = [
            Row(row.get("url"), row.get("title"), row.get("content"), row.get("published_date"))
            for row in rows_of(reply.data, "results")
        ]
        return to_results(self.name, request, rows)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()

    def _check(self, reply: Reply) -> None:
        if reply.status in _SPENT:
            raise self._api.spent()
        if reply.status == 429:
            raise self._api.blocked("too many requests")
        if reply.status in {401, 403}:
            raise self._api.refused("the key is not valid", _KEY_REMEDY)
        if reply.status >= 400:
            raise self._api.refused(f"it does not take the request (HTTP {reply.status})", "Ask in other words.")
        if not has_list(reply.data, "results"):
            raise self._api.strange("there are no results in it")


def make(options: ProviderOptions) -> SearchProvider:
    """Build the provider; raises SearchRefused without a key."""
    if not options.tavily_api_key.strip():
        raise SearchRefused(
            "tavily needs a key.", provider=TavilySearch.name, remedy="Set ASTERISM_SEARCH__TAVILY_API_KEY."
        )
    return TavilySearch(options)
