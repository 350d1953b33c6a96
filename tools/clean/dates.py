"""Dates as pages and search providers write them, in English and Chinese -> dates."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

from tools.text.numerals import CHINESE_DIGITS, parse_chinese

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Outside these a number is no publication date (the Web is from 1990)."""
MAX_CHARS = 200

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"),
            ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
            ("dec", "december"),
        ],
        start=1,
    )
    for name in names
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NAMED = rf"(?P<month>{_MONTH})\b\.?"
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}\s*(?:[-/.]|年)\s*(?P<month>\d{{1,2}})\s*(?:[-/.]|月)\s*(?P<day>\d{{1,2}})(?!\d)",
        rf"(?<!\d){_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?=\d{{6}}(?!\d)|T\d|\b)",
        rf"(?P<year>[{CHINESE_DIGITS}]{{4}})年(?P<month>[{CHINESE_DIGITS}十]{{1,2}})月(?P<day>[{CHINESE_DIGITS}十]{{1,3}})[日号]",
        r"民[国國](?P<minguo>\d{2,3})年\s*(?P<month>\d{1,2})月\s*(?P<day>\d{1,2})",
        # With dots the day comes first wherever it is written so.
        rf"(?<![\d.])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}(?!\d)",
        rf"\b{_NAMED}\s+{_DAY}(?:,\s*|\s+){_YEAR}\b",
        rf"\b{_DAY}[\s-]+(?:of\s+)?{_NAMED},?[\s-]+{_YEAR}\b",
        rf"\b{_YEAR},?\s+{_NAMED}\s+{_DAY}\b",
    )
)
"""Tried in this order: digits decide before month names."""
_OPEN = re.compile(rf"(?<!\d)(\d{{1,2}})[/-](\d{{1,2}})[/-]{_YEAR}(?!\d)")
"""Day and month in an order that only a number above 12 tells."""
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_AGO = re.compile(
    r"\b(?P<count>\d{1,3}|an?|one)\s*(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)\s+ago\b"
    r"|(?P<count2>\d{1,3}|[一二两三四五六七八九十半])\s*个?(?:多)?(?P<unit2>秒钟?|分钟|小时|天|日|周|星期|月|年)(?:之|以)?前",
    re.IGNORECASE,
)
_NAMED_DAYS = re.compile(
    r"(?<![\w-])(?:(yesterday)|(today|just now))(?![\w-])|(前天)|(昨[天日晚])|(今[天日早晚]|刚刚)", re.IGNORECASE
)
_DAYS_BACK = (1, 0, 2, 1, 0)
_DAYS_A_UNIT = {"d": 1, "w": 7, "mo": 30, "y": 365, "天": 1, "日": 1, "周": 7, "星": 7, "月": 30, "年": 365}
"""Months and years differ in length; a page "2 months ago" is not dated to the day anyway. Shorter units are today."""
_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/.\-_]|$)")


def parse_date(text: str, today: date | None = None) -> date | None:
    """The first date a short text names; None when there is none.

    ISO, `2024/3/5`, `2024年3月5日`, `二〇二四年三月五日`, `民国113年3月5日`, `20240305`, `5 March 2024`, `Mar 5, 2024`,
    `5th of March 2024`, `05.03.2024`, `25/03/2024` (but not `05/03/2024`, whose order is open), seconds since 1970.

    Args:
        text: Only its first 200 characters are read.
        today: Given, it is what `3 days ago`, `yesterday`, `3天前` and `昨天` are counted from.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_CHARS]).strip()
    for form in _FORMS:
        match = form.search(text)
        if match:
            return _written(match.groupdict())
    return _ordered(text) or _since_epoch(text) or (_relative(text, today) if today else None)


def date_in_path(path: str) -> date | None:
    """The date a news site or blog puts into its addresses: `/2024/03/05/…`."""
    match = _IN_PATH.search(path)
    return _date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _written(parts: dict[str, str | None]) -> date | None:
    minguo = parts.get("minguo")
    year = int(minguo) + 1911 if minguo else _number(parts.get("year"))
    return _date(year, _number(parts.get("month")), _number(parts.get("day")))


def _number(text: str | None) -> int:
    """A number in digits, a month's name or Chinese numerals; 0 for none."""
    if not text:
        return 0
    if text.isascii():
        return int(text) if text.isdigit() else _MONTHS[text.lower()]
    return int(parse_chinese(text) or 0)


def _ordered(text: str) -> date | None:
    match = _OPEN.search(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[2]), int(match["year"])
    if first > 12 or first == second:
        return _date(year, second, first)
    return _date(year, first, second) if second > 12 else None


def _since_epoch(text: str) -> date | None:
    if not _EPOCH.fullmatch(text):
        return None
    stamp = datetime.fromtimestamp(int(text[:10]), UTC).date()
    return _date(stamp.year, stamp.month, stamp.day)


def _relative(text: str, today: date) -> date | None:
    match = _AGO.search(text)
    if match:
        count = match["count"] or match["count2"]
        unit = (match["unit"] or match["unit2"]).lower()
        days = _DAYS_A_UNIT.get(unit[:2], _DAYS_A_UNIT.get(unit[:1], 0))
        many = int(count) if count.isdigit() else 0.5 if count == "半" else parse_chinese(count) or 1
        found = today - timedelta(days=min(int(many * days), today.toordinal() - 1))
        return _date(found.year, found.month, found.day)
    named = _NAMED_DAYS.search(text)
    if named is None:
        return None
    return today - timedelta(days=next(days for days, word in zip(_DAYS_BACK, named.groups(), strict=True) if word))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
