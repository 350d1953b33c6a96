"""What the store knows of threads and runs, as values."""

from dataclasses import dataclass
from typing import Literal

from agent.answer import Answer
from agent.events import Problem
from agent.options import AskOptions
from agent.state import Plain

LOCAL = "local"
"""The owner of everything that is asked without an API key."""

RunStatus = Literal["running", "completed", "failed", "cancelled", "interrupted"]
"""`interrupted`: the process ended in the middle of it; it can be resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run, which is one turn of its thread."""

    id: str
    thread_id: str
    question: str
    options: AskOptions
    status: RunStatus
    answer: Answer | None
    """Whole, and only when the run was completed."""
    problem: Problem | None
    """Why there is none, when the run failed."""
    started_at: float
    """Seconds since 1970."""
    ended_at: float | None
    lease_until: float
    """Until when its process may be believed to live when it cannot be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadHead:
    """A thread as lists show it."""

    id: str
    title: str
    created_at: float
    """Seconds since 1970."""
    updated_at: float
    """When its newest run began or ended."""
    turns: int
    """Runs in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A whole thread."""

    head: ThreadHead
    runs: tuple[RunRecord, ...]
    """Oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a run that begins gets to know."""

    thread_id: str
    turns: list[Plain]
    """Earlier turns of the thread, oldest first: `{question, answer}`."""
