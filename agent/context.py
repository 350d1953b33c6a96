"""Context: the collaborators and limits of one run. Nodes get it from LangGraph; tests hand in doubles here."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from agent.early import EarlyCheck
from agent.events import Tell
from agent.find import Searcher, SearchScope
from agent.options import EFFORTS, AskOptions, Effort
from agent.read import PageDesk
from agent.reorder import Reordering
from agent.scout import Scout
from agent.settings import RunSettings, VerifySettings
from agent.spans import NOTHING, NoSpans, Span, Spans
from agent.verify.opinion import Layer
from model_backend import ChatModel

KEEP_FOR_ANSWER = 0.4
"""Share of the time left that no stage before the answer may touch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The wall clock of a run, and what each stage may take of it."""

    ends_at: float
    """On the clock of `now`, in seconds."""
    now: Callable[[], float] = time.monotonic

    def left_s(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.ends_at - self.now())

    def stage_s(self, wanted_s: float, *, keep: float = 0.0) -> float:
        """Seconds a stage may take: what it wants, but always leaving the share `keep` of what is left to the rest."""
        return max(0.0, min(wanted_s, self.left_s() * (1 - keep)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a run works with."""

    model: ChatModel
    """Decides and writes."""
    fallback: ChatModel | None
    """Writes when the model does not; None makes that an error."""
    searcher: Searcher
    """The provider chain."""
    desk: PageDesk
    """The pages of this run."""
    scout: Scout
    """The early search of this run."""
    reordering: Reordering | None = None
    """Puts passages in another order than that of their words; None where nothing is configured."""
    scope: SearchScope
    """What all its queries have in common."""
    options: AskOptions
    """What was asked for."""
    limits: RunSettings
    """How long and how much."""
    max_pages: int
    """Pages read per round."""
    deadline: Deadline
    """When it must be over."""
    today: str
    """ISO date."""
    boundary: str
    """Random line that fences page text in the prompt of this run; taken out of page text."""
    effort: Effort = field(default_factory=lambda: EFFORTS["standard"])
    """What the depth allows."""
    tell: Tell = field(default=lambda _: None)
    """Takes the events of the run."""
    spans: Spans = field(default_factory=NoSpans)
    """Takes the trace of the run."""
    span: Span = NOTHING
    """The run's own."""
    layers: Sequence[Layer] = ()
    """Judges of claims beside the verifier's own."""
    checks: VerifySettings = field(default_factory=VerifySettings)
    """Who judges, and how long it may take."""
    early: EarlyCheck = field(default_factory=EarlyCheck)
    """Judges claims while the answer streams."""
