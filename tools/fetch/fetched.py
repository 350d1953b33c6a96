"""What goes into the fetcher and what comes out of it: limits, validators, a fetched body. Plain values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """Bounds of every fetch; a hostile server can reach them but not pass them."""

    max_bytes: int = 5_000_000
    """Longest body, in bytes after decoding."""
    timeout_s: float = 8.0
    """Wall clock of a whole fetch: waiting for a turn, lookup, redirects, headers and the last byte."""
    max_redirects: int = 5
    """Redirects followed; the request after the last one allowed fails."""
    allow_hosts: frozenset[str] = frozenset()
    """`host:port` that may be fetched although private, on any port; the operator's own, so not throttled either."""
    user_agent: str = "Asterism/0.1 (answer engine)"
    """How we introduce ourselves."""
    per_host: int = 6
    """Requests to one host at once; as many as a browser makes."""
    total: int = 32
    """Requests to all hosts at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask "has it changed?" with; sent only to the address they came from."""

    url: str
    """The final address of the answer that carried them."""
    etag: str = ""
    """`ETag` as received, quotes included."""
    last_modified: str = ""
    """`Last-Modified` as received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body that arrived, or the news that the one we have still holds (`status` 304, no body)."""

    url: str
    """The address that was asked for."""
    final_url: str
    """The address that answered, after redirects, without fragment."""
    status: int
    """HTTP status: 2xx, or 304 when validators were sent and the page has not changed."""
    content_type: str
    """`Content-Type` as received (with its charset), lower case; empty when the server named none."""
    body: bytes
    """The body, decoded from its transfer and content codings, at most `max_bytes` long."""
    truncated: bool
    """True when there was more: the limit was reached, or the server broke off."""
    fetched_at: datetime
    """When the last byte arrived (aware, UTC)."""
    ms: int
    """Wall time of the whole fetch."""
    validators: Validators | None = None
    """For asking again later; None when the server gave none."""
    cache_control: str = ""
    """`Cache-Control` as received, lower case."""
    expires: str = ""
    """`Expires` as received."""
    age_s: int = 0
    """`Age` as received: seconds the answer had already spent in caches."""

    @property
    def not_modified(self) -> bool:
        """True when the copy that the validators belong to is still good."""
        return self.status == NOT_MODIFIED


NOT_MODIFIED = 304
