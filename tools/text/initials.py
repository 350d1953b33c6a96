"""Names and the letters that stand for them: `WAL` for a page called `Write-Ahead Logging`. Pure."""

import re

MIN_LETTERS, MAX_LETTERS = 3, 6
"""Two letters stand in any order by chance; longer ones take letters from within the words."""

_LETTERS = re.compile(rf"(?<![\w.-])[A-Z]{{{MIN_LETTERS},{MAX_LETTERS}}}(?![\w.])")
_WORD = re.compile(r"[A-Za-z]+")
_JOINING = frozenset(("a", "an", "and", "for", "in", "of", "on", "or", "the", "to"))


def initialisms(text: str) -> frozenset[str]:
    """What is written in capitals in a text, each in small letters."""
    return frozenset(found.lower() for found in _LETTERS.findall(text))


def spelt_by(letters: str, name: str) -> bool:
    """Whether the words of a name that follow each other begin with the letters, joining words counted or not."""
    words = [word.lower() for word in _WORD.findall(name)]
    every = "".join(word[0] for word in words)
    telling = "".join(word[0] for word in words if word not in _JOINING)
    return letters in every or letters in telling
