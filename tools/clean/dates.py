"""Dates as pages write them -> ISO dates."""

import re
from datetime import date

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Outside these a number is no publication date (the Web is from 1990)."""

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
_NUMERIC = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?=\d{6}\b|T\d|\b)")
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+({_MONTH})\.?,?\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/.\-_]|$)")
MAX_CHARS = 200


def parse_date(text: str) -> date | None:
    """The first date a short text names: ISO, `2024/3/5`, `2024年3月5日`, `20240305`, `5 March 2024`, `Mar 5, 2024`.

    Digits decide before month names; None when there is none.
    """
    text = text[:MAX_CHARS]
    for pattern in (_NUMERIC, _COMPACT):
        match = pattern.search(text)
        if match:
            return _date(match[1], match[2], match[3])
    match = _MONTH_FIRST.search(text)
    if match:
        return _date(match[3], str(_MONTHS[match[1].lower()]), match[2])
    match = _DAY_FIRST.search(text)
    if match:
        return _date(match[3], str(_MONTHS[match[2].lower()]), match[1])
    return None


def date_in_path(path: str) -> date | None:
    """The date a news site or blog puts into its addresses: `/2024/03/05/…`."""
    match = _IN_PATH.search(path)
    return _date(match[1], match[2], match[3]) if match else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
