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


def agree(claim: Reading, told: Quantity, other: Quantity) -> bool:
    """Whether a number that the claim tells is the other one."""
    if same_quantity(told, other) or _bare_alike(told, other):
        return True
    if told.unit != other.unit or not other.value:
        return False
    before = claim.text[max(0, told.start - LONGEST_GAP) : told.start]
    if not (_ABOUT.search(before) or _ABOUT_AFTER.match(claim.text, told.end)):
        return False
    return abs(told.value - other.value) <= APPROXIMATE * abs(other.value)


def _bare_alike(told: Quantity, other: Quantity) -> bool:
    """Whether one leaves out what goes without saying: `aged 57` beside `57 years`, `2017` beside a date in it."""
    if bool(told.unit) == bool(other.unit):
        return False
    bare, full = (told, other) if not told.unit else (other, told)
    if full.unit in _DATED:
        return bare.value == full.value // _DATED[full.unit]
    return full.unit == "months" and full.value == MONTHS_OF_A_YEAR * bare.value


MONTHS_OF_A_YEAR = 12
"""Years are read as months."""
_DATED = {"date": 10_000, "month": 100}
"""What the value of a date is divided by to give its year."""
