"""What the verifier is given and what it gives back. Plain values."""

from dataclasses import dataclass

from agent.answer import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A piece of a page that a claim may rest on."""

    number: int
    """Its source."""
    url: str
    """Its page."""
    start: int
    """Offset of `text` in the cleaned page."""
    text: str
    """The words."""
    title: str = ""
    """The page's title and headings: they count as context, never as evidence of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """The window of evidence that fits a claim best, and what it says about it."""

    verdict: Verdict
    score: float
    """Calibrated probability that a person would call the claim supported, 0 to 1."""
    reason: str = ""
    """Why it is not supported, in a few words; empty when it is."""
    firm: bool = False
    """Whether a plain difference decided it."""
    evidence: Evidence | None = None
    start: int = 0
    """Span of the window within `evidence.text`."""
    end: int = 0
