"""Quantities in English and Chinese text: numbers with their units, dates and times, as comparable values with spans.

`2 GB` and `2,000 MB`, `3.5万` and `35,000`, `1月3日` and `January 3` come out equal. Numbers inside names (`GPT4`,
`x86`, `3D`) and addresses (`10.0.0.1`) are no quantities.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isclose, isfinite

from tools.text.dates import READERS, Found
from tools.text.numerals import CHINESE_NUMBER, ENGLISH_NUMBER, NUMBER_WORDS, parse_chinese, parse_english
from tools.text.plain import plain_words
from tools.text.units import CASED_UNITS, MEASURE_WORDS, MULTIPLIERS, TOUCHING_MULTIPLIERS, UNITS

RELATIVE_TOLERANCE = 1e-9
"""Two values this close are the same number; anything wider is rounding, which the caller must judge."""

# Full-width forms, odd spaces and the minus sign become plain ones, one character for one, so that offsets stay.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xA0: " ", 0x2009: " ", 0x202F: " ", 0x2212: "-"}

_DIGIT = re.compile("[0-9]")
_VERSION = re.compile(
    r"(?<![\w.])v?(?P<a>\d{1,4})\.(?P<b>\d{1,5})\.(?P<c>\d{1,5})(?P<more>(?:\.\d{1,5})*)(?![\w]|\.\d)"
    r"|(?<!\w)(?:version|ver\.?|v|版本) ?(?P<a2>\d{1,4})\.(?P<b2>\d{1,5})(?![\w]|\.\d)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?=[\d第零$€£¥UEGCRJH-])(?P<ordinal>第 ?)?(?P<currency>US\$|HK\$|[$€£¥]|\b(?:USD|EUR|GBP|CNY|RMB|JPY|HKD) ?)?"
    r"(?P<sign>(?<![\w)\]-])-|零下 ?)?(?P<symbol>(?<=-)[$€£¥])?"
    r"(?<![A-Za-z0-9_])(?<!\d[.,])(?P<digits>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,18})(?:\.\d{1,12})?)(?!\d)"
)
_ENGLISH = re.compile(ENGLISH_NUMBER, re.IGNORECASE)
_CHINESE = re.compile(
    rf"(?P<ordinal>第)?(?P<run>{CHINESE_NUMBER})(?:点(?P<decimals>[零〇一二三四五六七八九]+)(?![十分半]))?"
)
_CHINESE_SHARE = re.compile(
    rf"(?P<whole>{CHINESE_NUMBER}|\d{{1,9}})分之(?P<part>{CHINESE_NUMBER}|\d{{1,9}}(?:\.\d{{1,9}})?)"
)
_LATIN_TAIL = re.compile(r"(?P<gap> ?-?)(?P<unit>US\$|°[CFcf]?|[%$€£]|[A-Za-zµ]+(?:/[a-z]+)?[²2]?)(?![A-Za-z0-9_])")
_WORD_MULTIPLIER = re.compile(r" ?(?:hundred|thousand|million|billion|trillion|dozen)\b", re.IGNORECASE)
_TOUCHING = re.compile(r"(?:k|m|mn|bn|b|tn)(?![A-Za-z0-9_])", re.IGNORECASE)
_ABOUT = re.compile(r" ?[多余来几]")
_LONGEST_CHINESE_UNIT = 5
DECIMALS = 12
"""Decimals read of a number in Chinese numerals; a float holds hardly more."""
THOUSAND = 1000.0
"""From this factor on the second number of a range holds a word such as `million`, which is meant for both."""
CURRENCIES = frozenset({"USD", "EUR", "GBP", "CNY", "JPY", "HKD", "¥"})
_DECADE = re.compile(r"'?s(?![A-Za-z0-9_])")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z0-9_])")
_SMALLER_PART = re.compile(r"(?P<digits>\d{1,4}(?:\.\d{1,9})?)(?P<times>[万千百])")
_RANGE_GAP = re.compile(r" ?(?:-|–|—|~|～|至|到|to) ?")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number found in a text."""

    start: int
    """First code point in the text, currency sign included."""
    end: int
    """One past the last one, unit included."""
    value: float
    """In the base unit: bytes for `2 GB`, YYYYMMDD for a date."""
    unit: str
    """Base unit: empty for a plain number or a count, `%`, `B`, `s`, `months`, `m`, `kg`, `USD` …; `date`, `month`,
    `year`, `day of year` (MMDD), `month of year`, `day of month`, `time` (minutes), `decade`, `th` (ordinal) or
    `version` (major * 1,000,000 + minor * 1,000 + patch)."""


def quantities(text: str) -> list[Quantity]:
    """Every quantity of the text, in text order, none overlapping.

    Left out because they seldom count anything: `one` and `一` without a unit, ordinals in English words, pairs such as
    `三四个`. The unit of a range (`5-10 GB`) holds for both ends.
    """
    if text.isascii() and _without_numbers(text):
        return []
    plain = text.translate(_PLAIN)
    taken = bytearray(len(plain))
    found: list[Quantity] = []
    for reader in (*READERS, _versions, _chinese_shares, _arabic, _chinese, _english):
        for start, end, value, unit in reader(plain):
            if start < end and taken.find(1, start, end) < 0:
                taken[start:end] = b"\x01" * (end - start)
                if unit != _NOTHING and isfinite(value):
                    found.append(Quantity(start, end, value, unit))
    found.sort(key=lambda one: one.start)
    return _ranges(plain, found)


def same_quantity(a: Quantity, b: Quantity) -> bool:
    """Whether the two say the same number.

    A number without a unit matches any unit with that value; a date matches what a less exact date says of it.
    """
    if a.unit == b.unit or not a.unit or not b.unit:
        return isclose(a.value, b.value, rel_tol=RELATIVE_TOLERANCE)
    if {a.unit, b.unit} in ({"¥", "CNY"}, {"¥", "JPY"}):
        return isclose(a.value, b.value, rel_tol=RELATIVE_TOLERANCE)
    parts, others = _date_parts(a), _date_parts(b)
    shared = parts.keys() & others.keys()
    narrower = shared in (parts.keys(), others.keys())
    return bool(shared) and narrower and all(parts[key] == others[key] for key in shared)


def _without_numbers(text: str) -> bool:
    """Whether an ASCII text plainly holds no number: most sentences do not, and the readers take a while to say so."""
    return _DIGIT.search(text) is None and NUMBER_WORDS.isdisjoint(plain_words(text.lower()))


_NOTHING = "nothing"
"""Unit of a span that is read as a whole and yields no quantity (an address)."""


def _date_parts(one: Quantity) -> dict[str, int]:
    value = int(one.value)
    match one.unit:
        case "date":
            return {"year": value // 10_000, "month": value // 100 % 100, "day": value % 100}
        case "month":
            return {"year": value // 100, "month": value % 100}
        case "day of year":
            return {"month": value // 100, "day": value % 100}
        case "year" | "month of year" | "day of month":
            return {one.unit.split(" ")[0]: value}
    return {}


def _versions(text: str) -> Iterator[Found]:
    for match in _VERSION.finditer(text):
        if match["more"]:
            yield match.start(), match.end(), 0.0, _NOTHING
        else:
            major, minor = int(match["a"] or match["a2"]), int(match["b"] or match["b2"])
            yield match.start(), match.end(), major * 1e6 + minor * 1e3 + int(match["c"] or 0), "version"


def _chinese_shares(text: str) -> Iterator[Found]:
    for match in _CHINESE_SHARE.finditer(text):
        whole, part = _either(match["whole"]), _either(match["part"])
        if match["whole"] == "百" and part is not None:
            yield match.start(), match.end(), part, "%"
        elif whole and part is not None:
            yield match.start(), match.end(), part / whole, ""


def _either(run: str) -> float | None:
    return float(run) if run[0].isascii() else parse_chinese(run)


def _arabic(text: str) -> Iterator[Found]:
    for match in _NUMBER.finditer(text):
        value = float(match["digits"].replace(",", ""))
        if match["sign"]:
            value = -value
        symbol = match["currency"] or match["symbol"] or ""
        base, factor = UNITS.get(symbol.strip().lower(), ("", 1.0))
        end = match.end()
        if match["ordinal"]:
            yield match.start(), end, value, "th"
        elif base:
            end, times = _multiplied(text, end, touching=True)
            yield match.start(), end, value * times * factor, base
        else:
            yield from _with_tail(text, match.start(), end, value, "." not in match["digits"])


def _with_tail(text: str, start: int, end: int, value: float, whole: bool) -> Iterator[Found]:
    """What follows the digits: a multiplier, a unit, an ordinal or decade ending; letters of a name end it all."""
    if whole and 1000 <= value < 2100 and (decade := _DECADE.match(text, end)):
        yield start, decade.end(), value, "decade"
        return
    if whole and (ordinal := _ORDINAL.match(text, end)):
        yield start, ordinal.end(), value, "th"
        return
    after, times = _multiplied(text, end, touching=False)
    value *= times
    if times >= 1e4 and (rest := _SMALLER_PART.match(text, after)):
        # "3亿5000万" is one number of two parts.
        value += float(rest["digits"]) * MULTIPLIERS[rest["times"]]
        after = rest.end()
    unit_end, unit = _unit_at(text, after)
    if unit is None and text[after : after + 1].isascii() and text[after : after + 1].isalpha():
        return
    base, factor = unit or ("", 1.0)
    yield start, unit_end, value * factor, base


def _multiplied(text: str, end: int, *, touching: bool) -> tuple[int, float]:
    """Where the multipliers after a number end, and what they make together."""
    times = 1.0
    while word := _WORD_MULTIPLIER.match(text, end):
        times *= MULTIPLIERS[word.group().strip().lower()]
        end = word.end()
    short = _TOUCHING.match(text, end)
    if short and times == 1 and (touching or short.group() in ("k", "K", "M", "bn")):
        return short.end(), TOUCHING_MULTIPLIERS[short.group().lower()]
    gap = end + (text[end : end + 1] == " ")
    for length in (2, 1):
        chars = text[gap : gap + length]
        if len(chars) == length and chars in MULTIPLIERS:
            return gap + length, times * MULTIPLIERS[chars]
    return end, times


def _unit_at(text: str, end: int) -> tuple[int, tuple[str, float] | None]:
    """Where the unit that stands here ends, and the unit; the same place and None where there is none."""
    latin = _LATIN_TAIL.match(text, end)
    if latin:
        spelling = latin["unit"]
        unit = CASED_UNITS.get(spelling) or UNITS.get(spelling.lower())
        # "5 m" is a length, "5M" is not; "5 V" is a tension, "5 v 3" a score; "gave 10 us" is no time.
        wrong_case = len(spelling) == 1 and spelling.isalpha() and spelling.isupper() != (spelling.upper() in "VW")
        if unit is None or wrong_case or (latin["gap"] and spelling.lower() == "us"):
            return end, None
        return latin.end(), unit
    about = _ABOUT.match(text, end)
    at = about.end() if about else end
    at += text[at : at + 1] == " "
    for length in range(_LONGEST_CHINESE_UNIT, 0, -1):
        chars = text[at : at + length]
        if len(chars) == length and chars in UNITS and not chars.isascii():
            return at + length, UNITS[chars]
    return end, None


def _chinese(text: str) -> Iterator[Found]:
    for match in _CHINESE.finditer(text):
        run = match["run"]
        value = parse_chinese(run)
        if value is None:
            continue
        end = match.end()
        if match["decimals"]:
            decimals = match["decimals"][:DECIMALS]
            value += float("0." + str(int(parse_chinese("零零零" + decimals) or 0)).zfill(len(decimals)))
        if match["ordinal"]:
            yield match.start(), end, value, "th"
            continue
        unit_end, unit = _unit_at(text, end)
        measured = text[end : end + 1] in MEASURE_WORDS
        plain_one = run == "一" and unit is None
        if plain_one or (len(run) == 1 and not match["decimals"] and unit is None and not measured):
            continue
        base, factor = unit or ("", 1.0)
        yield match.start(), unit_end, value * factor, base


def _english(text: str) -> Iterator[Found]:
    for match in _ENGLISH.finditer(text):
        value = parse_english(match.group())
        if value is None:
            continue
        unit_end, unit = _unit_at(text, match.end())
        if unit is None and match.group().lower() in ("one", "zero"):
            continue
        base, factor = unit or ("", 1.0)
        yield match.start(), unit_end, value * factor, base


def _ranges(text: str, found: list[Quantity]) -> list[Quantity]:
    """`5-10 GB`, `$5-10 million`: each number of the two gets what only the other one says, unit and factor."""
    mended = list(found)
    for place, (one, other) in enumerate(pairwise(found)):
        if other.unit not in ("", *_RANGED) or not _RANGE_GAP.fullmatch(text, one.end, other.start):
            continue
        digits = _NUMBER.match(text, other.start)
        bare = float(digits["digits"].replace(",", "")) if digits else 0.0
        factor = abs(other.value) / bare if bare else 0.0
        if not one.unit and factor and (other.unit or factor >= THOUSAND):
            mended[place] = replace(one, value=one.value * factor, unit=other.unit)
        elif one.unit in CURRENCIES and not other.unit and factor >= THOUSAND:
            mended[place] = replace(one, value=one.value * factor)
            mended[place + 1] = replace(other, unit=one.unit)
    return mended


_RANGED = frozenset(base for base, _ in UNITS.values())
