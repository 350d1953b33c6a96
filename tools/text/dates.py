"""Dates and times of day in English and Chinese, as spans with comparable values."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from tools.text.numerals import CHINESE_DIGITS, parse_chinese

Found = tuple[int, int, float, str]
"""(start, end, value, unit)."""

_NAMES = "january february march april may june july august september october november december"
_MONTH_NAMES = _NAMES.split()
_MONTH = {name[:3]: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_M = (
    "(?P<month>"
    + "|".join(f"{name[:3]}(?:{name[3:]}|\\.)?" if name != "may" else name for name in _MONTH_NAMES)
    + "|sept\\.?)"
)
_D = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_Y = r"(?P<year>[12]\d{3})"
# Tried before the month's name: one look at a letter instead of thirteen comparisons.
_INITIAL = r"\b(?=[ADFJMNOS])"
_EDGE = r"(?![\w])"
_NO_VERB = r"(?!(?-i:may)\b)"
"""`Windows 10 may crash`: without a year, only a capital makes a month of it."""
_N = rf"(?:\d{{1,2}}|[{CHINESE_DIGITS}十]{{1,3}})"

_WRITTEN = [
    re.compile(rf"\b{_Y}-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?=T\d|{_EDGE})"),
    re.compile(rf"\b{_Y}(?P<sep>[/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}}){_EDGE}"),
    re.compile(rf"{_INITIAL}{_M} {_D},? {_Y}{_EDGE}", re.IGNORECASE),
    re.compile(rf"\b{_D} (?:of )?{_M},? {_Y}{_EDGE}", re.IGNORECASE),
    re.compile(rf"{_INITIAL}{_M},? {_Y}{_EDGE}", re.IGNORECASE),
    re.compile(rf"{_INITIAL}{_NO_VERB}{_M} {_D}(?!,?\d|:){_EDGE}", re.IGNORECASE),
    re.compile(rf"\b{_D} (?:of )?{_NO_VERB}{_M}{_EDGE}", re.IGNORECASE),
    re.compile(
        rf"(?<![\d{CHINESE_DIGITS}])(?P<year>[12]\d{{3}}|[{CHINESE_DIGITS}]{{4}}) ?年"
        rf"(?: ?(?P<month>{_N}) ?月(?:份|(?: ?(?P<day>{_N}) ?[日号])?))?"
    ),
    re.compile(rf"(?<![\d{CHINESE_DIGITS}十])(?P<month>{_N}) ?月 ?(?P<day>{_N}) ?[日号]"),
    re.compile(rf"(?<![\d{CHINESE_DIGITS}十.])(?P<month>{_N}) ?月(?:份|(?!\w{0, 4}饼))"),
    re.compile(rf"(?<![\d{CHINESE_DIGITS}十.])(?P<day>{_N}) ?[日号](?![本元线楼码])"),
]
_NUMERIC = re.compile(rf"\b(?P<a>\d{{1,2}})(?P<sep>[/.])(?P<b>\d{{1,2}})(?P=sep){_Y}{_EDGE}")
_CLOCK = re.compile(
    r"(?<![\w:.])(?P<hour>[0-2]?\d)(?::(?P<minute>[0-5]\d)(?::[0-5]\d)?)(?![\d:])(?: ?(?P<half>[ap])\.?m\b\.?)?"
    r"|(?<![\w:.])(?P<hour2>1?\d) ?(?P<half2>[ap])\.?m\b\.?",
    re.IGNORECASE,
)
_CHINESE_CLOCK = re.compile(
    rf"(?P<part>(?:上午|早上|凌晨|中午|下午|傍晚|晚上) ?)?(?<![\d.{CHINESE_DIGITS}十])(?P<hour>{_N})(?P<mark>[时点])"
    rf"(?:(?P<minute>{_N})分|(?P<half>半)|(?P<sharp>[整钟])|(?![间代候期亿万\d{CHINESE_DIGITS}十]))"
)


def dates(text: str) -> Iterator[Found]:
    """Dates, the most exact reading first; spans may overlap, the first one counts.

    Units: `date` (YYYYMMDD), `month` (YYYYMM), `year` (YYYY), `day of year` (MMDD, the year unsaid), `month of year`
    and `day of month`. A date of three numbers whose order is open (`05/06/2020`) yields its year only.
    """
    for match in _NUMERIC.finditer(text):
        yield from _numeric(match)
    for pattern in _WRITTEN:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            found = _dated(_number(parts.get("year")), _month(parts.get("month")), _number(parts.get("day")))
            if found:
                yield match.start(), match.end(), *found


def times(text: str) -> Iterator[Found]:
    """Times of day, in minutes since midnight, unit `time`."""
    for match in _CLOCK.finditer(text):
        hour = int(match["hour"] or match["hour2"])
        half = (match["half"] or match["half2"] or "").lower()
        hour = hour % 12 + (12 if half == "p" else 0) if half else hour
        if hour < 24:
            yield match.start(), match.end(), 60.0 * hour + int(match["minute"] or 0), "time"
    for match in _CHINESE_CLOCK.finditer(text):
        hour_, minute = _number(match["hour"]), _number(match["minute"]) or (30 if match["half"] else 0)
        # "三点" may be three points and "一时" a while: without more, only digits before 时 are a time.
        sure = match["part"] or match["minute"] or match["half"] or match["sharp"]
        told = sure or (match["mark"] == "时" and match["hour"].isascii())
        if hour_ is None or hour_ > 24 or minute > 59 or not told:
            continue
        part = (match["part"] or "").strip()
        if hour_ == 12 and part in ("凌晨", "晚上"):
            hour_ = 0
        late = (part in ("下午", "傍晚", "晚上") and 0 < hour_ < 12) or (part == "中午" and 0 < hour_ < 4)
        yield match.start(), match.end(), 60.0 * (hour_ % 24 + (12 if late else 0)) + minute, "time"


def _numeric(match: re.Match[str]) -> Iterator[Found]:
    a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
    readings = {found for month, day in ((a, b), (b, a)) if (found := _dated(year, month, day)) is not None}
    if len(readings) == 1:
        yield match.start(), match.end(), *readings.pop()
    elif readings:
        yield match.start(), match.end(), float(year), "year"


def _dated(year: int | None, month: int | None, day: int | None) -> tuple[float, str] | None:
    # 2000 was a leap year: without a year, 29 February is a day.
    if month is not None and not 1 <= month <= 12:
        return None
    if day is not None and not _exists(year or 2000, month or 1, day):
        return None
    if year is not None:
        if month is None:
            return float(year), "year"
        return (
            (float(year * 100 + month), "month") if day is None else (float(year * 10_000 + month * 100 + day), "date")
        )
    if month is not None:
        return (float(month), "month of year") if day is None else (float(month * 100 + day), "day of year")
    return (float(day), "day of month") if day is not None else None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _number(text: str | None) -> int | None:
    if not text:
        return None
    value = float(text) if text.isdigit() and text.isascii() else _read_chinese(text)
    return int(value) if value is not None else None


def _read_chinese(text: str) -> float | None:
    if text.isdigit():
        return float(int(text))
    return parse_chinese(text) if re.fullmatch(rf"[{CHINESE_DIGITS}十]+", text) else None


def _month(text: str | None) -> int | None:
    if text and text[0].isascii() and text[0].isalpha():
        return _MONTH[text[:3].lower()]
    return _number(text)


Reader = Callable[[str], Iterator[Found]]
READERS: tuple[Reader, ...] = (dates, times)
"""Dates go before times: in `2020-05-05T10:30` both are read."""
