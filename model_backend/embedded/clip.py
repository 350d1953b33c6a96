"""Long sentences cut to the part that matters, at clause borders."""

import re
from itertools import pairwise

from model_backend.embedded.cut import cut_at
from model_backend.embedded.expected import expected_values
from model_backend.embedded.question import Question
from tools.text.words import fold, terms

MAX_UNIT_CHARS = 350
"""Longest quoted unit: about three lines on a screen."""

_BORDER = re.compile(r"(?<=[，；、：。！？])\s*|(?<=[.!?,;:])\s+|\s{2,}|\s(?=[(（\[])|(?<=[)）\]])\s")


def clipped(text: str, question: Question) -> str:
    """The text itself, or the run of clauses that holds most of the question and what it asks for."""
    text = " ".join(text.split())
    if len(text) <= MAX_UNIT_CHARS:
        return text
    clauses = _clauses(text)
    worth = [_worth(clause, question) for clause in clauses]
    best, span = -1.0, (0, 1)
    for start in range(len(clauses)):
        length = 0
        total = 0.0
        for end in range(start, len(clauses)):
            length += len(clauses[end])
            if length > MAX_UNIT_CHARS - 2 and end > start:
                break
            total += worth[end]
            # Of equally good runs the shorter one, which begins at the first clause that matters.
            if total - 0.0005 * length > best:
                best, span = total - 0.0005 * length, (start, end + 1)
    chosen = "".join(clauses[span[0] : span[1]]).strip()
    return chosen[: cut_at(chosen, MAX_UNIT_CHARS)].rstrip(",，;；、:： ")


def _clauses(text: str) -> list[str]:
    borders = [0, *(match.end() for match in _BORDER.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(borders) if b > a]


def _worth(clause: str, question: Question) -> float:
    found = set(terms(clause))
    covered = sum(weight for term, weight in question.weights.items() if term in found)
    held = any(value in fold(clause) for value in expected_values(question, clause))
    return covered + (1.0 if held else 0.0)
