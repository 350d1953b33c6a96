"""Claims: the checkable statements of an answer, in English and Chinese."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from agent.cite import marks_in, without_marks
from model_backend.rules import is_abstention
from tools.text.sentences import sentence_spans
from tools.text.words import terms

_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_LEAD = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)、]|#{1,6}|>)\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s")
_RULE_ROW = re.compile(r"^[\s|:\-–—=]+$")
_HEDGE = re.compile(
    r"^(?:i (?:can(?:not|'t)|could not|couldn't|am not|'m not|do not|don't|hope|think)|hello|hi\b|hey\b|thank|"
    r"you'?re welcome|sure\b|here (?:is|are)\b|in summary|sorry|please|let me|feel free|"
    r"note that the sources|sources disagree|"
    r"你好|您好|谢谢|不客气|抱歉|对不起|希望|请|以下是|我(?:无法|不能|没有|没能|不知道|读到的))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSpan:
    """One statement and where it stands."""

    text: str
    """Without marks and list signs."""
    start: int
    """First code point in the answer."""
    end: int
    """One past the last, marks included."""
    citations: tuple[int, ...] = ()
    """Numbers of the sources it names."""
    orphan: bool = False
    """Whether it carried a mark that names no source."""
    checkable: bool = True
    """False for greetings, hedges, questions, lead-ins and headings."""


def split_claims(answer: str, orphan_marks: Sequence[int] = ()) -> list[ClaimSpan]:
    """Cut an answer into claims, in order.

    Sentences, list items and table rows are claims of their own; code blocks hold none. A sentence without marks
    that is followed, in the same line, by one with marks keeps its own (empty) citations: nothing is guessed.
    """
    fences = [(m.start(), m.end()) for m in _FENCE.finditer(answer)]
    claims = []
    for start, end in sentence_spans(answer):
        if any(a <= start < b for a, b in fences):
            continue
        lead = _LEAD.match(answer, start, end)
        begin = lead.end() if lead else start
        raw = answer[begin:end]
        text = without_marks(raw).strip(" |*_")
        if not text or _RULE_ROW.match(raw):
            continue
        claims.append(
            ClaimSpan(
                text=text,
                start=begin,
                end=end,
                citations=tuple(marks_in(raw)),
                orphan=_has_between(orphan_marks, begin, end),
                checkable=_is_checkable(answer[start:end], text),
            )
        )
    return claims


def _is_checkable(raw: str, text: str) -> bool:
    if _HEADING.match(raw) or text.endswith(("?", "？", ":", "：")):
        return False
    if _HEDGE.match(text) or is_abstention(text):
        return False
    return len(terms(text)) > 0


def _has_between(offsets: Sequence[int], start: int, end: int) -> bool:
    at = bisect_left(offsets, start)
    return at < len(offsets) and offsets[at] <= end
