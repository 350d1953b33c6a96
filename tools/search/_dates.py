"""Dates as providers write them, as ISO dates; `3 days ago` and `3天前` are counted from today."""

from datetime import UTC, date, datetime

from tools.clean.dates import parse_date

MAX_CHARS = 64


def to_iso_date(text: object, today: date | None = None) -> str | None:
    """Read a provider's date; None for anything that is not one."""
    if not isinstance(text, str):
        return None
    found = parse_date(text[:MAX_CHARS], today or datetime.now(UTC).date())
    return found.isoformat() if found else None
