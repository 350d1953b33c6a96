"""The replay search engine as a search provider: an HTTP client like that of any real one."""

import httpx2

from tools.errors import SearchUnreachable
from tools.search import SearchRequest, SearchResult

TIMEOUT_S = 5.0
"""Ten times what the replay servers take."""


class ReplaySearch:
    """Asks `/search` of the replay servers. Implements `SearchProvider`."""

    def __init__(self, base_url: str) -> None:
        self._client = httpx2.AsyncClient(base_url=base_url, trust_env=False, timeout=TIMEOUT_S, verify=False)

    @property
    def name(self) -> str:
        """What results and events name."""
        return "replay"

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        """Search once.

        Raises:
            SearchUnreachable: when the replay servers are gone.
        """
        try:
            response = await self._client.get("/search", params={"q": request.query})
            response.raise_for_status()
        except httpx2.HTTPError as error:
            raise SearchUnreachable("The replay servers do not answer.", provider=self.name) from error
        return [
            SearchResult(url=hit["url"], title=hit["title"], snippet=hit["snippet"], rank=rank, provider=self.name)
            for rank, hit in enumerate(response.json()["results"][: request.max_results], start=1)
        ]

    async def aclose(self) -> None:
        """Give back connections."""
        await self._client.aclose()
