"""Measures in other units: `convert 5 miles to km`, `how many minutes are in 3 hours?`, `100厘米是多少米`.

Only units whose ratio is fixed by definition: months, gallons and currencies are for pages.
"""

import re
from decimal import Decimal

from model_backend.embedded.arithmetic import GROUPED, shown, with_digits

MAX_CHARS = 120
"""A longer text asks for more than a conversion."""
PLACES = 6
"""Decimals of a result."""

_KINDS: dict[str, dict[str, str]] = {
    # Metres, kilograms, seconds, litres; inch and pound as defined in 1959.
    "length": {
        r"millimet(?:er|re)s?|mm|毫米": "0.001",
        r"centimet(?:er|re)s?|cm|厘米|公分": "0.01",
        r"kilomet(?:er|re)s?|kms?|公里|千米": "1000",
        r"met(?:er|re)s?|m|米": "1",
        r"miles?|mi|英里": "1609.344",
        r"yards?|yd|码": "0.9144",
        r"feet|foot|ft|英尺": "0.3048",
        r"inch(?:es)?|in|英寸": "0.0254",
    },
    "mass": {
        r"milligrams?|mg|毫克": "0.000001",
        r"kilograms?|kilos?|kgs?|公斤|千克": "1",
        r"tonnes?|metric tons?|吨": "1000",
        r"grams?|g|克": "0.001",
        r"pounds?|lbs?|英?磅": "0.45359237",
        r"ounces?|oz|盎司": "0.028349523125",
        r"市?斤": "0.5",
    },
    "time": {
        r"milliseconds?|ms|毫秒": "0.001",
        r"seconds?|secs?|s|秒钟?": "1",
        r"minutes?|mins?|分钟": "60",
        r"hours?|hrs?|h|个?小时": "3600",
        r"days?|天|日": "86400",
        r"weeks?|周|个?星期": "604800",
    },
    # SI and IEC 80000-13: GB is 10^9 bytes, GiB 2^30.
    "data": {
        r"bits?|位|比特": "0.125",
        r"bytes?|字节": "1",
        r"kilobytes?|kb": "1000",
        r"megabytes?|mb": "1000000",
        r"gigabytes?|gb": "1000000000",
        r"terabytes?|tb": "1000000000000",
        r"kibibytes?|kib": "1024",
        r"mebibytes?|mib": "1048576",
        r"gibibytes?|gib": "1073741824",
        r"tebibytes?|tib": "1099511627776",
    },
    "volume": {
        r"millilit(?:er|re)s?|ml|毫升": "0.001",
        r"lit(?:er|re)s?|l|公?升": "1",
    },
}
_DEGREES = {
    r"(?:degrees? )?(?:celsius|centigrade)|°? ?c|℃|摄氏度": "c",
    r"(?:degrees? )?fahrenheit|°? ?f|℉|华氏度": "f",
    r"kelvins?|k|开尔文": "k",
}
_NAMES = [name for units in _KINDS.values() for name in units] + list(_DEGREES)
_UNIT = rf"(?:{'|'.join(_NAMES)})"
_NUMBER = r"-?\d+(?:\.\d+)?"
_ASK = r"(?:(?:please |can you |could you )?(?:convert|tell me)\s+|what(?:'s| is| are)\s+|how (?:much|long|far) is\s+)?"
_ASK_ZH = r"(?:请问?|帮我)?(?:把|将|换算)?"
_FORMS = [
    re.compile(pattern + r"\s*[?？.。!]*", re.IGNORECASE)
    for pattern in (
        rf"{_ASK}(?P<n>{_NUMBER})\s*(?P<have>{_UNIT})\s+(?:in|to|into|as|equals? how many)\s+(?P<want>{_UNIT})",
        rf"how many\s+(?P<want>{_UNIT})\s+(?:(?:are|is)\s+)?(?:there\s+)?(?:in|make(?: up)?)\s+"
        rf"(?P<n>{_NUMBER}|an?|half an?)\s*(?P<have>{_UNIT})(?: have)?",
        rf"{_ASK_ZH}\s*(?P<n>{_NUMBER})\s*(?P<have>{_UNIT})\s*(?:是|等于|合|有|换算成|换算为|换成|转换成|转成|转换为|=)\s*"
        rf"(?:多少|几)?个?\s*(?P<want>{_UNIT})(?:是多少)?",
    )
]


def conversion(text: str) -> tuple[str, str] | None:
    """(measure as written, the same in the unit asked for) when the whole text asks for it, otherwise None."""
    if len(text) > MAX_CHARS:
        return None
    digits = GROUPED.sub("", with_digits(text)).strip()
    found = next((match for form in _FORMS if (match := form.fullmatch(digits))), None)
    if found is None:
        return None
    amount = {"a": "1", "an": "1", "half a": "0.5", "half an": "0.5"}.get(found["n"].lower(), found["n"])
    have, want = found["have"].strip(), found["want"].strip()
    value = _converted(Decimal(amount), have, want)
    if value is None:
        return None
    gap = "" if re.search(r"[\u4e00-\u9fff]", have) else " "
    return f"{amount}{gap}{have}", f"{shown(round(value, PLACES) if abs(value) >= 1 else value)}{gap}{want}"


def _converted(amount: Decimal, have: str, want: str) -> Decimal | None:
    """None between measures of different kinds."""
    for units in _KINDS.values():
        here, there = _found(units, have), _found(units, want)
        if here and there:
            return amount * Decimal(here) / Decimal(there)
    here, there = _found(_DEGREES, have), _found(_DEGREES, want)
    if not here or not there:
        return None
    celsius = {"c": amount, "f": (amount - 32) * 5 / 9, "k": amount - Decimal("273.15")}[here]
    return {"c": celsius, "f": celsius * 9 / 5 + 32, "k": celsius + Decimal("273.15")}[there]


def _found(units: dict[str, str], name: str) -> str:
    return next((value for pattern, value in units.items() if re.fullmatch(pattern, name, re.IGNORECASE)), "")
