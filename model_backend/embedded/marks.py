"""Citation marks in earlier answers: taken out before their words are used again."""

import re

_MARK = re.compile(r"\s?\[\d{1,3}\]")


def without_marks(text: str) -> str:
    """The text without `[n]`."""
    return _MARK.sub("", text)
