"""What adding tells: while it runs, and at its end. Plain values."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

Progress = Callable[[int, int, str], None]
"""Told (done, total, address just done) after each page; `total` may grow while a site is crawled."""


def no_progress(done: int, total: int, current: str) -> None:
    """For callers that need none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A folder, file or site that was added."""

    address: str
    """Path or address as it was given, made absolute."""
    kind: str
    """`folder` or `site`."""
    pages: int
    size_bytes: int
    """Of the bodies as they were read."""
    updated_at: datetime
    """When it was last added (aware, UTC)."""


@dataclass(slots=True, kw_only=True)
class AddReport:
    """What adding did."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    """Pages of an earlier run that are gone."""
    twins: int = 0
    """Files left out because the same page is there in a better form."""
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """(address, reason) of pages that could not be taken."""
    notes: list[str] = field(default_factory=list)
    """What else a user should know, each one sentence."""
    seconds: float = 0.0
    """Wall time of the run."""
