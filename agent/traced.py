"""The world outside of a run, with a span around each call of it."""

import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from agent.find import Searcher
from agent.read import Reader, is_drawing
from agent.services import Services
from agent.spans import Facts, Spans
from model_backend import ChatModel, ChatRequest, Delta, Finished
from model_backend.forwarding import ForwardingModel
from tools.pages import Page
from tools.search import SearchRequest
from tools.search_chain import Searched


def traced(services: Services) -> Services:
    """The same services, each call in a span. Readers are wrapped by the run, which first says how fresh pages are."""
    spans = services.spans
    return replace(
        services,
        model=TracedModel(services.model, spans),
        fallback=TracedModel(services.fallback, spans) if services.fallback else None,
        searcher=TracedSearcher(services.searcher, spans),
    )


class TracedModel(ForwardingModel):
    """A model. The names of its facts are OpenTelemetry's for generative models."""

    def __init__(self, model: ChatModel, spans: Spans) -> None:
        super().__init__(model)
        self._spans = spans

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """See `ChatModel`."""
        facts: Facts = {"gen_ai.request.model": self.model.name, "asterism.tools_offered": len(request.tools)}
        with self._spans.leaf("model", facts) as span:
            started, begun = time.monotonic(), False
            deltas = self.model.stream(request)
            try:
                async for delta in deltas:
                    if not begun:
                        begun = True
                        span.note({"asterism.first_delta_ms": round((time.monotonic() - started) * 1000)})
                    if isinstance(delta, Finished):
                        span.note({"gen_ai.usage.input_tokens": delta.usage.input_tokens})
                        span.note({"gen_ai.usage.output_tokens": delta.usage.output_tokens})
                    yield delta
            finally:
                close = getattr(deltas, "aclose", None)
                if close is not None:
                    await close()


@dataclass(frozen=True, slots=True)
class TracedSearcher:
    """A searcher."""

    searcher: Searcher
    spans: Spans

    async def search(self, request: SearchRequest) -> Searched:
        """See `Searcher`."""
        with self.spans.leaf("search", {}) as span:
            searched = await self.searcher.search(request)
            span.note(
                {
                    "asterism.provider": searched.provider,
                    "asterism.results": len(searched.results),
                    "asterism.cached": searched.cached,
                }
            )
            return searched


@dataclass(frozen=True, slots=True)
class TracedReader:
    """A reader of pages."""

    reader: Reader
    spans: Spans

    def is_drawing(self, url: str) -> bool:
        """See `DrawingReader`."""
        return is_drawing(self.reader, url)

    async def read(self, url: str) -> Page:
        """See `Reader`."""
        with self.spans.leaf("page", {"server.address": urlsplit(url).hostname or ""}) as span:
            page = await self.reader.read(url)
            span.note({"asterism.page_bytes": page.size_bytes, "asterism.page_chars": len(page.text)})
            return page
