"""SearXNG, a metasearch engine of one's own; needs `search.formats: [html, json]` in its settings.yml."""

from tools.errors import SearchRefused
from tools.search import ProviderOptions, SearchProvider, SearchRequest, SearchResult
from tools.search._http import JsonApi, Reply
from tools.search._results import Row, clean_text, has_list, rows_of, to_results, with_sites

_LANGUAGES = {"en": "en", "zh": "zh-CN"}
_JSON_REMEDY = "Add `json` to search.formats in the settings.yml of that SearXNG and restart it."
_BLOCK_WORDS = ("captcha", "too many", "denied", "suspended", "blocked")
_MAX_NAMED = 3


class SearxngSearch:
    """One SearXNG instance."""

    name = "searxng"

    def __init__(self, options: ProviderOptions) -> None:
        self._api = JsonApi(self.name, options.searxng_url, options, {})

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        """See `SearchProvider.search`."""
        params: dict[str, str | int] = {"q": with_sites(request.query, request.sites), "format": "json"}
        if request.recency:
            params["time_range"] = request.recency
        if request.language in _LANGUAGES:
            params["language"] = _LANGUAGES[request.language]
        reply = await self._api.get("search", params)
        self._check(reply)
        rows = [
            Row(row.get("url"), row.get("title"), row.get("content"), row.get("publishedDate"))
            for row in rows_of(reply.data, "results")
        ]
        results = to_results(self.name, request, rows)
        if not results:
            self._check_engines(reply.data)
        return results

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()

    def _check(self, reply: Reply) -> None:
        if reply.status == 403:
            raise self._api.refused("JSON output is switched off there", _JSON_REMEDY)
        if reply.status == 401:
            raise self._api.refused("it asks for a login", "Let this machine in without one, or use another instance.")
        if reply.status == 429:
            raise self._api.blocked("its limiter is on", "Let this machine through in its limiter.toml, or wait.")
        if reply.status >= 400 or not has_list(reply.data, "results"):
            raise self._api.strange(f"HTTP {reply.status}, no results in it")

    def _check_engines(self, data: object) -> None:
        """No results while engines failed is not "nothing found": some of those engines may have had some."""
        silent = data.get("unresponsive_engines") if isinstance(data, dict) else None
        if not isinstance(silent, list) or not silent:
            return
        pairs = [[clean_text(part, 40) for part in pair] for pair in silent if isinstance(pair, list)]
        named = ", ".join(" ".join(pair) for pair in pairs[:_MAX_NAMED])
        reason = f"the engines behind it do not answer ({named})"
        if any(word in " ".join(pair).lower() for pair in pairs for word in _BLOCK_WORDS):
            raise self._api.blocked(reason, "Wait a while, or switch other engines on there.")
        raise self._api.strange(reason)


def make(options: ProviderOptions) -> SearchProvider:
    """Build the provider; raises SearchRefused without an address."""
    if not options.searxng_url.strip():
        raise SearchRefused(
            "searxng needs the address of an instance.",
            provider=SearxngSearch.name,
            remedy="Set ASTERISM_SEARCH__SEARXNG_URL, for example to http://127.0.0.1:8888.",
        )
    return SearxngSearch(options)
