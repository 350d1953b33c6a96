"""Dates as providers write them, as ISO dates: ISO, RFC 2822, `Mar 5, 2024`, `2024年3月5日`, `3 days ago`, `3天前`."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_AGO = re.compile(r"(\d{1,3})\s*(hour|day|week|month|year)s?\s+ago")
_CHINESE_AGO = re.compile(r"(\d{1,3})\s*个?(小时|天|周|星期|月|年)前")
_DAYS = {"hour": 0, "小时": 0, "day": 1, "天": 1, "week": 7, "周": 7, "星期": 7}
# Months and years differ in length; a page "2 months ago" is not dated to the day anyway.
_DAYS |= {"month": 30, "月": 30, "year": 365, "年": 365}
_FORMATS = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%Y/%m/%d")


def to_iso_date(text: object, today: date | None = None) -> str | None:
    """Read a provider's date; None for anything that is not one."""
    if not isinstance(text, str) or not text.strip():
        return None
    value = text.strip()[:64]
    try:
        return (_absolute(value) or _relative(value, today or datetime.now(UTC).date())).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def _absolute(value: str) -> date | None:
    for pattern in (_ISO, _CHINESE):
        if found := pattern.match(value):
            year, month, day = (int(part) for part in found.groups())
            return date(year, month, day)
    for form in _FORMATS:
        try:
            return datetime.strptime(value, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def _relative(value: str, today: date) -> date:
    found = _AGO.match(value.lower()) or _CHINESE_AGO.match(value)
    if found:
        return today - timedelta(days=int(found[1]) * _DAYS[found[2]])
    return parsedate_to_datetime(value).date()
