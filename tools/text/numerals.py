"""Numbers written as words: English (`three hundred and fifty`) and Chinese (`三千五百`, `两万`, `二〇二二`)."""

import re

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_ONES.split())} | {
    word: 10 * value for value, word in enumerate(_TENS_WORDS.split(), start=2)
}
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
NUMBER_WORDS = frozenset([*_SMALL, *_LARGE, "hundred", "dozen"])
"""English words of which every number in words holds one."""
_WORD = "|".join(sorted(NUMBER_WORDS, key=lambda word: (-len(word), word)))

ENGLISH_NUMBER = (
    r"\b(?=[abdefhmnostz])(?:\b(?:an?|half an?)[ -](?=hundred|thousand|million|billion|trillion|dozen))?"
    rf"\b(?:{_WORD})\b(?:(?:[ -]|[ -]and[ -])(?:{_WORD})\b)*"
)
"""Pattern of a number in English words, to be used without regard to case."""

MAX_NUMERALS = 18
"""A longer run of numerals is a list or nonsense."""

CHINESE_DIGITS = "零〇一二两三四五六七八九"
_DIGIT = {"零": 0, "〇": 0, "两": 2} | {c: i for i, c in enumerate("一二三四五六七八九", start=1)}
_TENS = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_NUMERALS = f"{CHINESE_DIGITS}十百千万亿"
CHINESE_NUMBER = rf"(?<![{_NUMERALS}])[{_NUMERALS}]{{1,{MAX_NUMERALS}}}(?![{_NUMERALS}])"
"""Pattern of a run of Chinese numerals; `parse_chinese` tells whether the run is a number."""


def parse_english(text: str) -> float | None:
    """The value of a run that matched `ENGLISH_NUMBER`; None for one that is no number (`two three`)."""
    total = group = last = 0.0
    words = re.findall(r"[a-z]+", text.lower())
    if len(words) > MAX_NUMERALS:
        return None
    for word in words:
        if word in ("a", "an"):
            group = group or 1
        elif word == "half":
            group = 0.5
        elif word == "hundred":
            group = (group or 1) * 100
        elif word == "dozen":
            group = (group or 1) * 12
        elif word in _LARGE:
            total += (group or 1) * _LARGE[word]
            group = 0
        elif word in _SMALL:
            value = _SMALL[word]
            # "twenty five" and "hundred five" add up; "two three" and "five twenty" are not one number.
            if last and not (value < 10 <= last < 100 and last % 10 == 0 and last >= 20):
                return None
            group += value
        last = _SMALL.get(word, 0)
    return total + group


def parse_chinese(text: str) -> float | None:
    """The value of a run that matched `CHINESE_NUMBER`; None for one that is no number (`万一`, `三四`)."""
    if len(text) > MAX_NUMERALS:
        return None
    if len(text) > 1 and all(c in _DIGIT for c in text):
        return _positional(text)
    if text[0] not in _DIGIT and text[0] != "十":
        return None
    total = section = 0
    digit: int | None = None
    unit = 0
    zero = False
    for char in text:
        if char in _DIGIT:
            if digit not in (None, 0):
                return None
            digit = _DIGIT[char]
            zero = zero or digit == 0
        elif char in _TENS:
            if digit is None and (char != "十" or unit in _TENS.values()):
                return None
            unit = _TENS[char]
            section += (1 if digit is None else digit) * unit
            digit, zero = None, False
        else:
            unit = _MYRIADS[char]
            total = (total + section + (digit or 0)) * unit if unit > total else total + (section + (digit or 0)) * unit
            section, digit, zero = 0, None, False
    if digit is None:
        return float(total + section)
    # "一万五" is 15,000 and "三百五" 350, but "三百零五" is 305 and "十五" 15.
    return float(total + section + (digit * unit // 10 if unit >= 100 and not zero else digit))


def _positional(text: str) -> float | None:
    """Digits read one by one, as in years; pairs like `三四` (three or four) are no number."""
    if len(text) < 4 and not ({"零", "〇"} & set(text)):
        return None
    return float("".join(str(_DIGIT[c]) for c in text[:18]))
