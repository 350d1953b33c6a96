"""Changing a true sentence: so that it says something else, or so that it says the same in other words.

Every change is mechanical and made from the sentences at hand; nothing here looks at the verifier.
"""

import random
import re
from collections.abc import Callable, Sequence

from tools.text.numbers import quantities, same_quantity

_DIGITS = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|\.\d)|(?<=[一-鿿])\d+(?:\.\d+)?(?=[一-鿿%])")
_ENGLISH_NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][a-z]+(?: [A-Z][a-z]+){0,2})\b")
_CHINESE_NAME = re.compile(r"[一-鿿]{2}(?:江|河|湖|山|峰|桥|镇|县|村|寺|塔|站|园|馆|溪|茶)")
_NO_NAME = re.compile("[的了是在和与或及也都从到之其此该这那它由有为于以各每全一二三两本座条个第往入]")
_COPULA = re.compile(r"\b(is|are|was|were|has been|have been|can|may|must|will)\b(?! not)")
_CHINESE_VERB = re.compile(r"(?<![不没未])(?=(?:是|建有|开始|流入|发源于|可以|位于|需要|提供|经过|连接|有))")
_OPPOSITES = [
    ("north", "south"), ("south", "north"), ("east", "west"), ("west", "east"), ("largest", "smallest"),
    ("longest", "shortest"), ("oldest", "newest"), ("highest", "lowest"), ("before", "after"), ("after", "before"),
    ("opened", "closed"), ("free", "paid"), ("more than", "less than"), ("most", "least"), ("first", "last"),
    ("above", "below"), ("summer", "winter"), ("winter", "summer"), ("always", "never"), ("upper", "lower"),
    ("最大", "最小"), ("最长", "最短"), ("最高", "最低"), ("向东", "向西"), ("北麓", "南麓"), ("上游", "下游"),
    ("左岸", "右岸"), ("开始", "停止"), ("以上", "以下"), ("上午", "下午"), ("免费", "收费"),
    ("东", "西"), ("南", "北"),
]  # fmt: skip

Change = Callable[[str, random.Random], str | None]


def other_number(text: str, chance: random.Random) -> str | None:
    """One number replaced by another of the same length of digits; None where there is none."""
    spots = [m for m in _DIGITS.finditer(text) if any(ch != "0" for ch in m.group())]
    if not spots:
        return None
    spot = chance.choice(spots)
    told = spot.group()
    for _ in range(20):
        digits = [str(chance.randint(1 if at == 0 else 0, 9)) if ch.isdigit() else ch for at, ch in enumerate(told)]
        changed = text[: spot.start()] + "".join(digits) + text[spot.end() :]
        if _numbers_differ(text, changed):
            return changed
    return None


def exchanged_numbers(text: str, chance: random.Random) -> str | None:
    """Two numbers of the sentence in each other's place; None where there are no two different ones.

    Day and year of one date are not exchanged: `1971 May 18` says the same as `18 May 1971`.
    """
    spots = list(_DIGITS.finditer(text))
    if len(spots) < 2:
        return None
    one, two = sorted(chance.sample(spots, 2), key=lambda m: m.start())
    if one.group() == two.group() or _in_one_quantity(text, one.start(), two.start()):
        return None
    middle = text[one.end() : two.start()]
    changed = text[: one.start()] + two.group() + middle + one.group() + text[two.end() :]
    return changed if _numbers_differ(text, changed) else None


def _in_one_quantity(text: str, one: int, other: int) -> bool:
    return any(found.start <= one < found.end and found.start <= other < found.end for found in quantities(text))


def _numbers_differ(text: str, changed: str) -> bool:
    before, after = quantities(text), quantities(changed)
    return len(before) != len(after) or any(not same_quantity(a, b) for a, b in zip(before, after, strict=True))


def other_name(names: Sequence[str]) -> Change:
    """One name replaced by another of the same language and, in Chinese, the same kind."""

    def change(text: str, chance: random.Random) -> str | None:
        spots = names_in(text)
        if not spots:
            return None
        told = chance.choice(spots)
        fitting = [n for n in names if n not in text and told not in n and n.isascii() == told.isascii()]
        if not told.isascii():
            fitting = [n for n in fitting if n[-1] == told[-1]] or fitting
        return text.replace(told, chance.choice(fitting), 1) if fitting else None

    return change


def names_in(text: str) -> list[str]:
    """Names that stand in a sentence, as far as their form tells."""
    return [m.group() for m in _ENGLISH_NAME.finditer(text)] + [
        m.group() for m in _CHINESE_NAME.finditer(text) if not _NO_NAME.search(m.group())
    ]


def negated(text: str, chance: random.Random) -> str | None:
    """The statement denied."""
    english = list(_COPULA.finditer(text))
    if english:
        spot = english[0]
        return f"{text[: spot.end()]} not{text[spot.end() :]}"
    chinese = _CHINESE_VERB.search(text)
    if chinese:
        word = (
            "没"
            if text.startswith("有", chinese.start())
            else "不"
            if text.startswith("是", chinese.start())
            else "没有"
        )
        return text[: chinese.start()] + word + text[chinese.start() :]
    return None


def opposite(text: str, chance: random.Random) -> str | None:
    """One word replaced by its opposite."""
    fitting = [(a, b) for a, b in _OPPOSITES if (re.search(rf"\b{a}\b", text) if a.isascii() else a in text)]
    if not fitting:
        return None
    one, other = chance.choice(fitting)
    return re.sub(rf"\b{one}\b", other, text, count=1) if one.isascii() else text.replace(one, other, 1)


def reworded(text: str, chance: random.Random) -> str:
    """The same said a little differently: a number in another form, a lead-in, or the last clause left out."""
    ways: list[Change] = [_number_form, _lead_in, _first_clause]
    chance.shuffle(ways)
    for way in ways:
        changed = way(text, chance)
        if changed and changed != text:
            return changed
    return text


def _number_form(text: str, chance: random.Random) -> str | None:
    if re.search(r"\d,\d{3}", text):
        return re.sub(r"(?<=\d),(?=\d{3})", "", text)
    changed = re.sub(r"公里", "千米", text) if "公里" in text and "平方公里" not in text else text
    changed = re.sub(r"\bmetres\b", "m", changed)
    return changed if changed != text else None


def _lead_in(text: str, chance: random.Random) -> str | None:
    if text.isascii() or text[0].isascii():
        first = text.split(" ", 1)[0]
        body = text[0].lower() + text[1:] if first in ("The", "It", "In", "A", "On", "At", "From", "When") else text
        return f"According to the page, {body}"
    return f"据网页介绍，{text}"


def _first_clause(text: str, chance: random.Random) -> str | None:
    for separator in (", and ", "; ", "，"):
        head, found, _ = text.rpartition(separator)
        if found and len(head) >= 0.5 * len(text):
            return head + ("。" if not text[0].isascii() else ".")
    return None
