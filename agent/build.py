"""The composition root: settings in, a working agent out. The only place that names concrete classes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from pydantic import SecretStr

from agent.errors import Misconfigured
from agent.open_cache import open_cache
from agent.open_layers import open_layers
from agent.reorder import Reordering
from agent.run import Agent
from agent.services import Services
from agent.settings import Settings
from agent.spans import NoSpans, Spans
from agent.store import open_threads
from agent.traced import TracedModel
from model_backend import ChatModel
from model_backend.embedded.model import EmbeddedModel
from model_backend.errors import ModelMisconfigured
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel
from model_backend.openai_compatible.connection import checked_address
from model_backend.rerank import Embedder, Reranker, RerankOptions
from tools.cached_search import CachedSearch
from tools.cleaning_fork_server import ForkServer
from tools.cleaning_pool import CleaningPool
from tools.errors import CleanError
from tools.fetch import Fetcher, FetchLimits
from tools.local_library.provider import LibrarySearch
from tools.page_cache import PageCache
from tools.reader import PageReader
from tools.render import Renderer, RenderLimits, find_browser
from tools.search import ProviderOptions, SearchProvider
from tools.search_chain import SearchChain, make_providers

CHAIN_SHARE = 0.9
"""Share of the run's search time after which the chain itself gives up, so that it can still say who failed and why."""


@asynccontextmanager
async def open_agent(
    settings: Settings,
    *,
    providers: Sequence[SearchProvider] | None = None,
    model: ChatModel | None = None,
    spans: Spans | None = None,
    fork_server: ForkServer | None = None,
) -> AsyncIterator[Agent]:
    """Open everything a run needs, and close it again.

    `providers` and `model` stand in for what the settings name (benchmark, evaluation, tests); `spans` takes traces; a
    `fork_server` of cleaning workers may be shared by agents, and stays open.

    Raises:
        StoreUnusable, SearchRefused, LibraryCorrupt: when a part cannot be used.
    """
    async with AsyncExitStack() as stack:
        threads = await stack.enter_async_context(open_threads(settings.store.url, settings.store_path()))
        options = provider_options(settings)
        library = LibrarySearch(settings.local_library_path(), timeout_s=settings.search.timeout_s)
        stack.push_async_callback(library.aclose)
        cache = open_cache(settings.cache)
        stack.push_async_callback(cache.aclose)
        asked = make_providers(settings.search.providers, options) if providers is None else providers
        chain = SearchChain(
            asked,
            call_timeout_s=settings.search.timeout_s,
            deadline_s=settings.run.search_timeout_s * CHAIN_SHARE,
        )
        searcher = CachedSearch(chain, cache, scope=" ".join([p.name for p in asked] + [settings.search.searxng_url]))
        stack.push_async_callback(searcher.aclose)
        fetcher = Fetcher(fetch_limits(settings))
        stack.push_async_callback(fetcher.aclose)
        pool = CleaningPool(
            workers=settings.fetch.workers, timeout_s=settings.fetch.clean_timeout_s, fork_server=fork_server
        )
        stack.push_async_callback(pool.aclose)
        renderer = make_renderer(settings, fetcher)
        if renderer is not None:
            stack.push_async_callback(renderer.aclose)
        scope = " ".join([*sorted(settings.fetch.allow_hosts), *(["rendered"] if renderer else [])])
        reader = PageReader(fetcher, pool, library, PageCache(cache, scope=scope), renderer)
        stack.push_async_callback(reader.aclose)
        writer = model or make_model(settings)
        stack.push_async_callback(writer.aclose)
        reordering = await _reordering(settings, stack)
        traces = spans or NoSpans()
        services = Services(
            model=writer,
            fallback=EmbeddedModel() if settings.model.fallback == "embedded" else None,
            searcher=searcher,
            reader=reader,
            settings=settings,
            reordering=reordering,
            layers=await asyncio.to_thread(open_layers, settings.verify, TracedModel(writer, traces), stack),
            warm_up=partial(_start, pool, renderer),
            spans=traces,
        )
        yield Agent(services, threads)


async def _reordering(settings: Settings, stack: AsyncExitStack) -> Reordering | None:
    reranker, embedder = make_reranker(settings), make_embedder(settings)
    for one in (reranker, embedder):
        if one is not None:
            stack.push_async_callback(one.aclose)
    if reranker is None and embedder is None:
        return None
    return Reordering(vectors=embedder, scores=reranker, candidates=settings.rank.candidates)


def make_reranker(settings: Settings) -> Reranker | None:
    """The reranker that the settings name; None when they name none.

    Raises:
        Misconfigured: when only its address or only its name is set, or the address is none.
    """
    options = _rank_options(settings, "rerank", settings.rank.rerank_url, settings.rank.rerank_name)
    return Reranker(options) if options else None


def make_embedder(settings: Settings) -> Embedder | None:
    """The embedding model that the settings name; None when they name none.

    Raises:
        Misconfigured: when only its address or only its name is set, or the address is none.
    """
    options = _rank_options(settings, "embed", settings.rank.embed_url, settings.rank.embed_name)
    return Embedder(options) if options else None


def _rank_options(settings: Settings, what: str, url: str, name: str) -> RerankOptions | None:
    if bool(url) != bool(name):
        missing = f"ASTERISM_RANK__{what.upper()}_{'NAME' if url else 'URL'}"
        raise Misconfigured(f"{missing} is missing.", remedy="Set it, or leave both of its pair empty.")
    if not url:
        return None
    try:
        checked_address(url)
    except ModelMisconfigured as error:
        raise Misconfigured(
            f"ASTERISM_RANK__{what.upper()}_URL is no address of a server.",
            remedy="Set it to http://HOST:PORT/v1, without a password or parameters.",
        ) from error
    rank = settings.rank
    return RerankOptions(base_url=url, name=name, api_key=_plain(rank.api_key), timeout_s=rank.timeout_s)


async def _start(pool: CleaningPool, renderer: Renderer | None) -> None:
    """Start in the background what pages will need."""
    await pool.start()
    if renderer is not None:
        await renderer.start()


def make_renderer(settings: Settings, fetcher: Fetcher) -> Renderer | None:
    """What draws pages that are empty without JavaScript; None when that is off.

    Raises:
        Misconfigured: when it is on, and playwright or a Chromium is not installed.
    """
    if not settings.fetch.render:
        return None
    try:
        browser = find_browser(settings.fetch.render_browser)
    except CleanError as error:
        raise Misconfigured(str(error), remedy=error.remedy) from error
    limits = RenderLimits(timeout_s=settings.fetch.render_timeout_s, max_chars=settings.fetch.max_bytes)
    return Renderer(
        fetcher.fetch_part,
        limits,
        browser=browser,
        user_agent=settings.fetch.user_agent,
    )


def make_model(settings: Settings) -> ChatModel:
    """The model that the settings name.

    Raises:
        Misconfigured: when a served model is named but no server.
        ModelMisconfigured: when the address is none, or there is no such profile.
    """
    chosen = settings.model
    if chosen.name == "embedded":
        return EmbeddedModel()
    if not chosen.base_url:
        raise Misconfigured(
            f"The model {chosen.name!r} needs a server.",
            remedy="Set ASTERISM_MODEL__BASE_URL, for example to http://127.0.0.1:8000/v1, or use the model embedded.",
        )
    return OpenAICompatibleModel(
        ModelOptions(
            base_url=chosen.base_url,
            name=chosen.name,
            api_key=_plain(chosen.api_key),
            profile=chosen.profile,
            context_tokens=chosen.context_tokens,
            first_token_timeout_s=chosen.first_token_timeout_s,
            next_token_timeout_s=chosen.next_token_timeout_s,
        )
    )


def provider_options(settings: Settings) -> ProviderOptions:
    """What providers may need, out of the settings."""
    search = settings.search
    return ProviderOptions(
        local_library_path=str(settings.local_library_path()),
        timeout_s=search.timeout_s,
        duckduckgo_url=search.duckduckgo_url,
        searxng_url=search.searxng_url,
        brave_api_key=_plain(search.brave_api_key),
        brave_url=search.brave_url,
        brave_per_second=search.brave_per_second,
        serper_api_key=_plain(search.serper_api_key),
        serper_url=search.serper_url,
        tavily_api_key=_plain(search.tavily_api_key),
        tavily_url=search.tavily_url,
        proxy=_plain(search.proxy),
        ca_file=search.ca_file,
    )


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def fetch_limits(settings: Settings) -> FetchLimits:
    """The fetcher's limits, out of the settings."""
    fetch = settings.fetch
    return FetchLimits(
        max_bytes=fetch.max_bytes,
        timeout_s=fetch.timeout_s,
        max_redirects=fetch.max_redirects,
        allow_hosts=frozenset(fetch.allow_hosts),
        user_agent=fetch.user_agent,
    )
