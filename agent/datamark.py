"""Datamarking: a sign between the words of pages, so that a model can tell them from its orders at every place.

Off by default: it costs tokens, and what it brings differs from model to model; measure before switching it on.
"""

import re

MARK = "\u02c6"
"""A circumflex that stands alone: one token in most vocabularies, and in no text that people write."""
CHINESE_STEP = 4
"""Chinese has no spaces: a sign after so many characters."""
BUDGET_SHARE = 0.6
"""Share of the passage budget that the words themselves may take; the signs take the rest (a third, measured on English
with one token a sign)."""

_CHINESE = re.compile(rf"[\u3400-\u9fff]{{{CHINESE_STEP}}}(?=[\u3400-\u9fff])")
_SPACE = re.compile(r"(?<=\S) (?=\S)")


def marked(text: str) -> str:
    """The text with the sign in place of its spaces, and within long Chinese; lines stay lines."""
    return _CHINESE.sub(rf"\g<0>{MARK}", _SPACE.sub(MARK, text.replace(MARK, "")))


def unmarked(text: str) -> str:
    """What a model wrote, without signs that it copied. Between Chinese characters nothing stood; elsewhere a space."""
    if MARK not in text:
        return text
    text = re.sub(rf"(?<=[\u3400-\u9fff]){MARK}(?=[\u3400-\u9fff])", "", text)
    return text.replace(MARK, " ")
