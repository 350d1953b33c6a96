"""The stretch of a text that best shows why it was found. Pure."""

import re
from collections.abc import Set

from tools.local_library.analysis import index_terms

SNIPPET_CHARS = 200
_WORDS = re.compile(r"[^\s]+")
_SPACE = re.compile(r"\s+")
_MAX_LINES = 60
"""Lines of a section looked at; a section has about 20."""


def make_snippet(text: str, wanted: Set[str]) -> str:
    """About 200 characters of `text` around the line with the most of the wanted terms, cut at words."""
    lines = [line.strip() for line in text.split("\n") if line.strip()][:_MAX_LINES]
    if not lines:
        return ""
    # A heading repeats the question's words but says nothing: a tie goes to the longer line.
    found = [len(wanted & set(index_terms(line))) for line in lines]
    best = max(range(len(lines)), key=lambda at: (found[at], min(len(lines[at]), SNIPPET_CHARS), -at))
    end = best + 1
    while end < len(lines) and sum(map(len, lines[best:end])) < SNIPPET_CHARS // 2:
        end += 1
    return _window(_SPACE.sub(" ", " ".join(lines[best:end])), wanted)


def _window(text: str, wanted: Set[str]) -> str:
    if len(text) <= SNIPPET_CHARS:
        return text
    first = next((word.start() for word in _WORDS.finditer(text) if wanted & set(index_terms(word.group()))), 0)
    # Chinese has no spaces: a "word" may be the whole line, and then its head is as good as any part.
    start = max(0, min(first - SNIPPET_CHARS // 4, len(text) - SNIPPET_CHARS))
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = start + SNIPPET_CHARS
    cut = text.rfind(" ", start + SNIPPET_CHARS // 2, end) if end < len(text) else len(text)
    piece = text[start : cut if cut > 0 else end].strip()
    return ("… " if start else "") + piece + (" …" if start + len(piece) < len(text) - 1 else "")
