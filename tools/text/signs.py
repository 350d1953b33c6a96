"""Signs that are asked about (`$!`, `->>`, `||`): no term holds them, so they are looked for as they stand. Pure."""

import re

from tools.text.words import CJK

_MAKES = "$#|<>=~^%@*&"
"""Punctuation has none of these."""
_SIGN = re.compile(
    rf"(?:^|(?<=[\s“\"'`({CJK}]))(?=[-+/\\:.!?]*[{_MAKES}])[-+/\\:.!?{_MAKES}]{{2,3}}?"
    rf"(?=[?？]*(?:[\s”\"'`),，。;；{CJK}]|$))"
)
MAX_SIGNS = 4
"""More are no question about signs."""


def signs_in(question: str) -> tuple[re.Pattern[str], ...]:
    """What finds each sign of two or three characters that stands alone in the question, but in no longer sign."""
    found = list(dict.fromkeys(_SIGN.findall(question)))
    return tuple(re.compile(rf"(?<![-{_MAKES}]){re.escape(sign)}(?![-{_MAKES}])") for sign in found[:MAX_SIGNS])


def share_found(signs: tuple[re.Pattern[str], ...], text: str) -> float:
    """The share of the signs that the text holds; 0 of none."""
    return sum(sign.search(text) is not None for sign in signs) / len(signs) if signs else 0.0
