"""Bounds of drawing a page. Plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderLimits:
    """What a page may cost; a hostile one can reach these but not pass them."""

    timeout_s: float = 6.0
    """Wall clock of one page, from waiting for a turn to its text."""
    quiet_s: float = 0.3
    """A page that asked for nothing and did not grow for so long is taken as drawn."""
    max_requests: int = 60
    """Scripts and data fetched for one page; the rest is refused. A news site's front page takes 30 to 50."""
    max_bytes: int = 10_000_000
    """All scripts and data of one page, after decoding."""
    max_chars: int = 5_000_000
    """HTML taken over from the browser."""
    pages: int = 2
    """Pages drawn at the same time."""
    max_memory_bytes: int = 1_500_000_000
    """All processes of the browser together; past it the browser is ended. Idle it takes 250 MB, a page 50 to 150."""
