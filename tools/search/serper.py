"""Serper: Google's results as JSON; needs a key with credits."""

from tools.errors import SearchRefused
from tools.search import ProviderOptions, SearchProvider, SearchRequest, SearchResult
from tools.search._http import JsonApi, Reply
from tools.search._results import Row, has_list, rows_of, to_results, with_sites

_WITHIN = {"day": "qdr:d", "week": "qdr:w", "month": "qdr:m", "year": "qdr:y"}
_LANGUAGES = {"en": ("en", "us"), "zh": ("zh-cn", "cn")}
_KEY_REMEDY = "Check ASTERISM_SEARCH__SERPER_API_KEY."


class SerperSearch:
    """Google's web search by way of Serper."""

    name = "serper"

    def __init__(self, options: ProviderOptions) -> None:
        self._api = JsonApi(self.name, options.serper_url, options, {"X-API-KEY": options.serper_api_key})

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        """See `SearchProvider.search`."""
        body: dict[str, object] = {"q": with_sites(request.query, request.sites), "num": request.max_results}
        if request.recency:
            body["tbs"] = _WITHIN[request.recency]
        if request.language in _LANGUAGES:
            body["hl"], body["gl"] = _LANGUAGES[request.language]
        reply = await self._api.post("search", body)
        self._check(reply)
        rows = [
            Row(row.get("link"), row.get("title"), row.get("snippet"), row.get("date"))
            for row in rows_of(reply.data, "organic")
        ]
        return to_results(self.name, request, rows)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()

    def _check(self, reply: Reply) -> None:
        if reply.status == 402 or (reply.status >= 400 and reply.says("credit", "quota")):
            raise self._api.spent()
        if reply.status == 429:
            raise self._api.blocked("too many requests")
        if reply.status in {401, 403}:
            raise self._api.refused("the key is not valid", _KEY_REMEDY)
        if reply.status >= 400:
            raise self._api.refused(f"it does not take the request (HTTP {reply.status})", "Ask in other words.")
        # Without a single hit the list may be left out; what was asked is always told.
        told = isinstance(reply.data, dict) and "organic" not in reply.data and "searchParameters" in reply.data
        if not told and not has_list(reply.data, "organic"):
            raise self._api.strange("there are no results in it")


def make(options: ProviderOptions) -> SearchProvider:
    """Build the provider; raises SearchRefused without a key."""
    if not options.serper_api_key.strip():
        raise SearchRefused(
            "serper needs a key.", provider=SerperSearch.name, remedy="Set ASTERISM_SEARCH__SERPER_API_KEY."
        )
    return SerperSearch(options)
