"""Questions of how many there can be, or how large: pages tell it by limits and maxima, in other words. Pure."""

import re

from tools.text.words import stem

_ASKED = re.compile(
    r"\bhow\s+(?:many|much|large|big|long|deep|wide|high|far|tall|heavy|short|fast)\s+"
    r"(?:(?!(?:and|or|where|when|before|after|if|is|are|was|does|do|did)\b)\S+\s+){0,6}?(?:can|may)\b"
    r"|\b(?:biggest|largest|longest|highest)\s+(?:possible\s+)?"
    r"(?:file|size|number|value|length|integer|amount|blob|string|key|depth|count)s?\b",
    re.IGNORECASE,
)
_TERMS = (stem("maximum"), stem("limit"))


def limit_terms(question: str) -> tuple[str, ...]:
    """The terms that stand where an English question of this kind is answered; empty for any other question."""
    return _TERMS if _ASKED.search(question) else ()
