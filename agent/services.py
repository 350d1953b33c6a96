"""Services: what all runs share. Opened and closed by `agent.build`; tests hand in doubles."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from agent.find import Searcher
from agent.read import Reader
from agent.reorder import Reordering
from agent.settings import Settings
from agent.spans import NoSpans, Spans
from agent.verify.opinion import Layer
from model_backend import ChatModel


async def nothing_to_warm_up() -> None:
    """For services that are ready as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One model, one searcher, one reader and the settings."""

    model: ChatModel
    fallback: ChatModel | None
    searcher: Searcher
    reader: Reader
    settings: Settings
    reordering: Reordering | None = None
    layers: Sequence[Layer] = ()
    """Judges of claims beside the verifier's own."""
    warm_up: Callable[[], Awaitable[None]] = nothing_to_warm_up
    """Starts what takes a while and is not needed before the first page (the cleaning processes)."""
    spans: Spans = field(default_factory=NoSpans)
    """Takes the trace of each run."""
