"""Events: what a run tells while it works. One class each, one union, the same JSON on every surface.

Exactly one terminal event (`run.completed` or `run.failed`) ends a run, and nothing follows it. The texts of
`answer.delta`, joined, are the answer, unless `answer.revised` replaced it.
"""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from agent.answer import Answer, AttachmentNote, Citation, Claim, Shape, Source


class EventBase(Shape):
    """What every event has."""

    run_id: str = ""
    """The run; filled in by the door of the agent."""
    seq: int = 0
    """Rises by one from 1 within a run."""


class RunStarted(EventBase):
    """The run has begun."""

    type: Literal["run.started"] = "run.started"
    thread_id: str
    """The conversation."""
    question: str
    """The user's words."""
    model: str
    """The model that will write."""


class AttachmentsDescribed(EventBase):
    """Pictures and recordings of the question were put into words."""

    type: Literal["attachments.described"] = "attachments.described"
    attachments: list[AttachmentNote]
    """In the order they came."""


class QueriesPlanned(EventBase):
    """It is decided whether to search, and for what."""

    type: Literal["queries.planned"] = "queries.planned"
    round: int
    """1-based search round."""
    queries: list[str]
    """What will be sent; empty when no search is needed."""
    standalone: str
    """The question with everything it needs from earlier turns."""


class ResultItem(Shape):
    """One search result as shown to people."""

    url: str
    """Address."""
    title: str
    """Title as the provider gave it."""
    snippet: str
    """The provider's words; never cited."""


class ResultsFound(EventBase):
    """A provider answered one query."""

    type: Literal["results.found"] = "results.found"
    query: str
    """What was asked."""
    provider: str
    """Who answered."""
    results: list[ResultItem]
    """Best first."""
    ms: int
    """Wall time."""
    cached: bool = False
    """Whether it came from the cache."""
    error: str | None = None
    """Why there was no answer, when there was none."""


class PageRead(EventBase):
    """A page was fetched and cleaned."""

    type: Literal["page.read"] = "page.read"
    url: str
    """Address."""
    title: str
    """Its own title."""
    bytes: int
    """Body length."""
    ms: int
    """Wall time."""


class PageFailed(EventBase):
    """A page could not be read; the run goes on."""

    type: Literal["page.failed"] = "page.failed"
    url: str
    """Address."""
    reason: str
    """Why, in one sentence."""
    ms: int
    """Wall time."""


class PassagesSelected(EventBase):
    """The evidence is chosen and numbered."""

    type: Literal["passages.selected"] = "passages.selected"
    sources: list[Source]
    """The sources so far, by number."""
    passages: int
    """How many passages the model will see."""
    tokens: int
    """How many tokens they take (estimate)."""


class AnswerDelta(EventBase):
    """A piece of the answer."""

    type: Literal["answer.delta"] = "answer.delta"
    text: str
    """Markdown."""


class CitationAdded(EventBase):
    """A claim of the answer was tied to a page."""

    type: Literal["citation.added"] = "citation.added"
    citation: Citation
    """The tie."""


class ClaimsChecked(EventBase):
    """Every claim has its verdict."""

    type: Literal["claims.checked"] = "claims.checked"
    claims: list[Claim]
    """In the order of the answer."""
    groundedness: float | None
    """Supported / checked."""


class AnswerRevised(EventBase):
    """The answer was changed after checking."""

    type: Literal["answer.revised"] = "answer.revised"
    answer: str
    """The new text; replaces all deltas."""
    removed: list[str]
    """Sentences taken out."""


class RelatedSuggested(EventBase):
    """Questions one might ask next."""

    type: Literal["related.suggested"] = "related.suggested"
    related: list[str]
    """Up to five."""


class RunCompleted(EventBase):
    """The run has ended well; terminal."""

    type: Literal["run.completed"] = "run.completed"
    answer: Answer
    """Everything."""


class Problem(Shape):
    """Why a run failed, in the form of RFC 9457."""

    type: str = "about:blank"
    """A URI that names the kind of problem."""
    title: str
    """One sentence."""
    status: int
    """The HTTP status it maps to."""
    detail: str
    """What happened and what to do about it."""
    code: str
    """A stable word for programs."""


class RunFailed(EventBase):
    """The run has ended without an answer; terminal."""

    type: Literal["run.failed"] = "run.failed"
    problem: Problem
    """Why."""


Event = Annotated[
    RunStarted
    | AttachmentsDescribed
    | QueriesPlanned
    | ResultsFound
    | PageRead
    | PageFailed
    | PassagesSelected
    | AnswerDelta
    | CitationAdded
    | ClaimsChecked
    | AnswerRevised
    | RelatedSuggested
    | RunCompleted
    | RunFailed,
    Field(discriminator="type"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Both directions: `EVENT.validate_json(line)` and `EVENT.dump_json(event)`."""

Tell = Callable[[EventBase], None]
"""How a node tells an event; the door gives it the run and its number."""
