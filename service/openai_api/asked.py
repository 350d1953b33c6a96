"""What a request of this API asked for, as its reply needs it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request."""

    model: str
    """The name it gave; given back."""
    created: int
    """When it came, in seconds since 1970."""
    notes: tuple[str, ...] = ()
    """What is not done as it was asked."""
    kept: bool
    """Whether question and answer stay among the threads."""
    include_usage: bool = False
    """Whether a stream ends with the tokens used."""
    checked_first: bool = False
    """Whether sentences may be taken out again: chunks cannot be, so the text then comes at once, after checking."""
    related: bool = False
    """Whether related questions are wanted."""
