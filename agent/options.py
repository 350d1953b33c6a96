"""What one question may ask for, and what each depth means."""

from dataclasses import dataclass
from typing import Literal

from agent.answer import AttachmentNote
from model_backend import Attachment
from tools.search import Recency

SearchMode = Literal["auto", "always", "never"]
Depth = Literal["quick", "standard", "deep"]
VerifyPolicy = Literal["flag", "drop", "repair"]
"""What becomes of claims that the pages do not support: shown with their verdict, taken out, or rewritten once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOptions:
    """The choices of one question."""

    search: SearchMode = "auto"
    """`auto` lets the model decide."""
    depth: Depth = "standard"
    """How many rounds of searching, and how wide."""
    sites: tuple[str, ...] = ()
    """Only these hosts."""
    recency: Recency | None = None
    """Only pages of the last day, week, month or year."""
    language: str | None = None
    """`en` or `zh`: language of the answer; unset takes the question's own."""
    verify: VerifyPolicy | None = None
    """What becomes of claims that the pages do not support; unset takes the setting."""
    thread_id: str | None = None
    """The conversation to go on with; unset starts one."""
    replaces: str | None = None
    """The run of this thread whose place the new one takes: asked again, or in other words. It is kept, and left out of
    what follows as soon as the new one has an answer."""
    attachments: tuple[Attachment, ...] = ()
    """Pictures and recordings that belong to the question; never stored."""
    attached: tuple[AttachmentNote, ...] = ()
    """Of a stored run: what had been attached to it."""
    turns: tuple[tuple[str, str], ...] = ()
    """(question, answer) before those that the thread holds, oldest first, from callers that keep the conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What a depth allows."""

    rounds: int
    """Search rounds at most."""
    queries: int
    """Queries sent at once in a round, at most."""


EFFORTS: dict[Depth, Effort] = {
    "quick": Effort(rounds=1, queries=1),
    "standard": Effort(rounds=2, queries=2),
    "deep": Effort(rounds=4, queries=3),
}
