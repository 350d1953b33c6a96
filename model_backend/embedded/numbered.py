"""Things told apart by a number (`iOS 17`, `SQLite 3.45`): pages that name only another one say nothing of it. Pure."""

import re
from collections.abc import Sequence

from tools.text.words import STOP_WORDS, fold, stem, terms

_NAMED = re.compile(
    r"(?<![A-Za-z0-9_.-])(?P<name>[A-Za-z][A-Za-z+-]*)\s+(?:(?:version|release|v\.?)\s*)?"
    r"(?P<number>\d+(?:\.\d+)*)(?!\.?\d|[A-Za-z_%-])"
)
_DIVIDES = frozenset(
    terms(
        "season episode part chapter section book volume grade level phase act round game week day group line table "
        "figure type class article title step item page row column question version release top no number january "
        "february march april may june july august september october november december jan feb mar apr jun jul aug "
        "sep sept oct nov dec"
    )
)
"""Words with a number that divide something, or date it: pages write `the second season`, `18 June`."""
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d")
"""`World Cup 2022` is `the 2022 World Cup`."""
_BEGINS = re.compile(r"(?:^|[.!?]\s)\W*\Z")
_COUNTED = re.compile(r"\s+(?:[a-z-]+\s+){0,2}[a-z]+s\b")
"""`List 3 options`: the capital only begins the sentence."""
_NUMERALS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX"
_ROMAN = {str(number): numeral for number, numeral in enumerate(_NUMERALS.split(), start=1)}
"""`World War 2` is `World War II`."""


def unnamed(question: str, texts: Sequence[str]) -> bool:
    """Whether the question asks about a numbered thing that none of the texts names.

    A number with a point in it (`3.45`), or one behind capitals (`HTTP 404`), may stand without the name.
    """
    patterns = [_pattern(match["name"], match["number"]) for match in _NAMED.finditer(question) if _is_one(match)]
    return any(not any(pattern.search(text) for text in texts) for pattern in patterns)


def _is_one(match: re.Match[str]) -> bool:
    name = match["name"]
    told = (
        any(letter.isupper() for letter in name) and fold(name) not in STOP_WORDS and stem(fold(name)) not in _DIVIDES
    )
    counts = _BEGINS.search(match.string, 0, match.start()) and _COUNTED.match(match.string, match.end())
    return told and not counts and not _YEAR.fullmatch(match["number"])


def _pattern(name: str, number: str) -> re.Pattern[str]:
    alone = "." in number or (name.isupper() and len(name) > 1)
    before = "" if alone else rf"(?<![A-Za-z]){re.escape(name)}\W{{0,2}}(?:(?:version|release|v)\W{{0,2}})?"
    spelt = rf"(?<![\d.]){re.escape(number)}(?!\d)"
    if number in _ROMAN and not alone:
        spelt = rf"(?:{spelt}|{_ROMAN[number]}\b)"
    return re.compile(before + spelt, re.IGNORECASE)
