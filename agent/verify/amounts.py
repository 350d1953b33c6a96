"""When a number of a claim is a number of the evidence: by value, or rounded where the claim says so."""

import re

from agent.verify.reading import Reading
from tools.text.numbers import Quantity, same_quantity

APPROXIMATE = 0.1
"""How far a number may be off, relatively, where the claim itself says that it is rounded."""
LONGEST_GAP = 14
"""Characters before a number in which a word such as "about" belongs to it."""
_ABOUT = re.compile(
    r"(?:about|around|roughly|approximately|approx\.?|nearly|almost|some|over|more than|at least|up to|under|"
    r"less than|close to|约|大约|近|将近|超过|逾|不足|至少|最多|多达)\s*$",
    re.IGNORECASE,
)
_ABOUT_AFTER = re.compile(r"\s*(?:左右|上下|以上|多|余|or so)")


def agree(claim: Reading, told: Quantity, other: Quantity, reading: Reading) -> bool:
    """Whether a number that the claim tells is the other one, which stands in `reading`."""
    if same_quantity(told, other) or _bare_alike(claim, told, other, reading):
        return True
    if told.unit != other.unit or not other.value:
        return False
    before = claim.text[max(0, told.start - LONGEST_GAP) : told.start]
    if not (_ABOUT.search(before) or _ABOUT_AFTER.match(claim.text, told.end)):
        return False
    return abs(told.value - other.value) <= APPROXIMATE * abs(other.value)


def _bare_alike(claim: Reading, told: Quantity, other: Quantity, reading: Reading) -> bool:
    """Whether one leaves out what the other says it counts: `aged 57` beside `57 years`, `2017` beside a date in it."""
    if bool(told.unit) == bool(other.unit):
        return False
    bare, full, text = (told, other, reading.text) if not told.unit else (other, told, claim.text)
    if full.unit in _DATED:
        return bare.value == full.value // _DATED[full.unit]
    digits = _DIGITS.search(text, full.start, full.end)
    return digits is not None and float(digits.group().replace(",", "")) == bare.value


_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_DATED = {"date": 10_000, "month": 100}
"""What the value of a date is divided by to give its year."""
