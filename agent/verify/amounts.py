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
    if same_quantity(told, other):
        return True
    if told.unit != other.unit or not other.value:
        return False
    before = claim.text[max(0, told.start - LONGEST_GAP) : told.start]
    if not (_ABOUT.search(before) or _ABOUT_AFTER.match(claim.text, told.end)):
        return False
    return abs(told.value - other.value) <= APPROXIMATE * abs(other.value)
