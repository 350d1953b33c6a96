"""Questions of how many there can be: what tells it speaks of limits and maxima, and seldom says "how many". Pure."""

import re

from tools.text.words import stem

_ASKED = re.compile(
    r"\bhow\s+(?:many|much|large|big|long|deep|wide|high|far)\s+(?:\S+\s+){0,8}?(?:can|may|could)\b"
    r"|\b(?:at most|biggest|largest|longest|highest)\b",
    re.IGNORECASE,
)
_TERMS = (stem("maximum"), stem("limit"))


def limit_terms(question: str) -> tuple[str, ...]:
    """The terms that stand where an English question of this kind is answered; empty for any other question."""
    return _TERMS if _ASKED.search(question) else ()
