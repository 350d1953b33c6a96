"""Search providers: one module a provider, its name is its settings name, `make` its only obligation."""

import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import Literal, Protocol, cast

from tools.errors import SearchRefused

Recency = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One query for one provider."""

    query: str
    """What is sent, already trimmed."""
    max_results: int = 10
    """Upper bound on what comes back."""
    sites: tuple[str, ...] = ()
    """Only these hosts (and hosts below them); empty means the whole web."""
    recency: Recency | None = None
    """Only pages of the last day, week, month or year."""
    language: str = ""
    """`en` or `zh`: the language of the question; empty lets the provider choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One hit, not yet fetched."""

    url: str
    """Absolute http(s) address."""
    title: str
    """The provider's title, tags removed."""
    snippet: str
    """The provider's words about it; shown, never cited."""
    rank: int
    """1-based place in the provider's list."""
    provider: str
    """Who found it."""
    published: str | None = None
    """ISO date, when the provider gives one."""


class SearchProvider(Protocol):
    """Query in, results out, best first; an empty list means that nothing was found."""

    @property
    def name(self) -> str:
        """The settings name."""

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        """Search once.

        Raises:
            SearchError: when there is no answer; never for an honest 'nothing found'.
        """

    async def aclose(self) -> None:
        """Give back connections and files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderOptions:
    """What a provider may need to be made; each takes what is its own."""

    local_library_path: str = ""
    """The library's SQLite file (`library`)."""
    timeout_s: float = 8.0
    """Wall clock of one call."""
    duckduckgo_url: str = ""
    """Where `duckduckgo` asks; empty is its own address."""
    searxng_url: str = ""
    """Base address of a SearXNG, for example `http://127.0.0.1:8888` (`searxng`)."""
    brave_api_key: str = field(default="", repr=False)
    """Subscription token (`brave`)."""
    brave_url: str = "https://api.search.brave.com"
    """Base address (`brave`)."""
    brave_per_second: float = 1.0
    """Requests a second that the plan allows; the free one allows 1 (`brave`)."""
    serper_api_key: str = field(default="", repr=False)
    """Key (`serper`)."""
    serper_url: str = "https://google.serper.dev"
    """Base address (`serper`)."""
    tavily_api_key: str = field(default="", repr=False)
    """Key (`tavily`)."""
    tavily_url: str = "https://api.tavily.com"
    """Base address (`tavily`)."""
    proxy: str = field(default="", repr=False)
    """HTTP proxy for asking providers over the web; may hold a password. Pages never go through it."""
    ca_file: str = ""
    """PEM file of certificate authorities to believe instead of the machine's, when asking providers."""


class ProviderModule(Protocol):
    """What a file in this folder offers."""

    def make(self, options: ProviderOptions) -> SearchProvider:
        """Build the provider; raises SearchRefused when it is not configured."""


def provider_names() -> list[str]:
    """Every provider there is, sorted; files starting with `_` are shared code."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def make_provider(name: str, options: ProviderOptions) -> SearchProvider:
    """Import one provider's module and build it.

    Raises:
        SearchRefused: for an unknown name, or when the provider lacks its key or file.
    """
    known = provider_names()
    if name not in known:
        raise SearchRefused(
            f"There is no search provider {name!r}.", provider=name, remedy=f"Known: {', '.join(known)}."
        )
    module = cast(ProviderModule, importlib.import_module(f"{__name__}.{name}"))
    return module.make(options)
