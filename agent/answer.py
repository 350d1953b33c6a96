"""Answer and its parts: what a run gives back. The same shapes on every surface (REST, events, CLI, evaluation).

All offsets count Unicode code points, 0-based, end exclusive.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["supported", "unsupported", "contradicted", "unchecked"]


class Shape(BaseModel):
    """Base of every value that leaves a run: frozen, and documented by the text under each field."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Source(Shape):
    """A page that was read and has a number."""

    number: int
    """The n of `[n]`, 1-based; never changes within a run."""
    url: str
    """Where the page was read."""
    title: str
    """Its title."""
    site: str
    """Host name without `www.`."""
    published: str | None = None
    """ISO date the page gives for itself."""
    fetched_at: str
    """When it was read (ISO, UTC)."""
    snippet: str
    """The beginning of its best passage."""


class Citation(Shape):
    """A span of the answer tied to a span of a page."""

    number: int
    """The source's number."""
    start: int
    """First code point of the claim in the answer."""
    end: int
    """One past its last code point."""
    url: str
    """The source's address."""
    title: str
    """The source's title."""
    cited_text: str
    """The words of the page that the claim rests on; equal to the cleaned page's text at the offsets below."""
    page_start: int
    """First code point of `cited_text` in the cleaned page."""
    page_end: int
    """One past its last code point."""
    verdict: Verdict = "unchecked"
    """Whether this span supports the claim."""
    before: str = ""
    """What stands before `cited_text` on the page, a sentence at most."""
    after: str = ""
    """What stands after it, a sentence at most."""


class Claim(Shape):
    """One checkable statement of the answer."""

    text: str
    """The statement without its marks."""
    start: int
    """First code point in the answer."""
    end: int
    """One past the last code point, marks included."""
    citations: list[int] = Field(default_factory=list)
    """Numbers of the sources it names, in order; empty when it names none that exist."""
    verdict: Verdict
    """What the pages say about it."""
    score: float
    """Confidence that the cited passages support it, 0 to 1."""
    reason: str = ""
    """Why it is not supported, in a few words (`no source`, `number 12 is not in the source`, …), or that its citation
    was corrected."""
    removed: bool = False
    """Whether it was taken out of the answer, or rewritten, after checking; its span is then empty."""


class SearchDone(Shape):
    """One search that was made."""

    query: str
    """What was sent."""
    provider: str
    """Who answered."""
    results: int
    """How many results came back."""
    cached: bool = False
    """Whether it came from the cache."""
    ms: int
    """Wall time."""
    error: str | None = None
    """Why there was no answer."""


class PageSeen(Shape):
    """One page the run wanted to read."""

    url: str
    """Its address."""
    status: Literal["read", "failed", "skipped"]
    """Skipped means that enough other pages were read first."""
    reason: str | None = None
    """Why it failed or was skipped."""
    bytes: int = 0
    """Body length."""
    ms: int = 0
    """Wall time from request to cleaned text."""


class AttachmentNote(Shape):
    """What is kept of a picture or a recording: the file itself is stored nowhere."""

    kind: Literal["image", "audio"]
    """What it is."""
    media_type: str
    """Its type by its first bytes, such as `image/png`."""
    bytes: int
    """Its length."""
    words: str = ""
    """What the model said it shows or says; of several of a kind, with the first."""


class TokenUsage(Shape):
    """Tokens of the calls that describe files, decide, write and rewrite; not of judging claims by the model."""

    input_tokens: int = 0
    """Prompt tokens."""
    output_tokens: int = 0
    """Generated tokens."""


class Answer(Shape):
    """What a run gives back."""

    run_id: str
    """The run."""
    thread_id: str
    """The conversation it belongs to."""
    question: str
    """The user's words, unchanged."""
    attachments: list[AttachmentNote] = Field(default_factory=list)
    """What came with it, in words."""
    answer: str
    """Markdown with marks `[1]`; every mark has a source."""
    abstained: bool
    """True when the pages read do not hold an answer and the text says so."""
    language: str
    """Language of the answer: `en` or `zh`."""
    citations: list[Citation]
    """In the order of their place in the answer."""
    sources: list[Source]
    """Pages that were read and shown to the model, by number."""
    claims: list[Claim]
    """In the order of their place in the answer."""
    searches: list[SearchDone]
    """In the order they were made."""
    pages: list[PageSeen]
    """In the order they were finished."""
    groundedness: float | None
    """Supported claims / checked claims; null when nothing was checked."""
    related: list[str] = Field(default_factory=list)
    """Questions one might ask next."""
    model: str
    """Name of the model that wrote the answer."""
    profile: str
    """Its profile."""
    usage: TokenUsage
    """Tokens of the run."""
    timings: dict[str, int]
    """Milliseconds per node, and `total`."""
    warnings: list[str]
    """What went less than well, one sentence each."""
