"""Claims: the checkable statements of an answer, in English and Chinese."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent.cite import MARK, marks_in, without_marks
from agent.subjects import in_full, subject_of, with_subject
from model_backend.rules import is_abstention
from tools.text.sentences import sentence_spans
from tools.text.words import terms

SHORTEST_PART_TERMS = 3
"""Words of content that each part of a sentence with several marks must have to be a claim of its own."""

_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_LEAD = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)、]|#{1,6}|>)\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s")
_RULE_ROW = re.compile(r"^[\s|:\-–—=]+$")
_MARKS = re.compile(r"(?:\s?\[\d{1,3}\])+")
_JOINT = re.compile(
    r"\s*(?:[,;，；、]\s*)?(?:and|but|while|whereas|or|而且|而|并且|并|但是|但|且|和)?\s*", re.IGNORECASE
)
_HEDGE = re.compile(
    r"^(?:i (?:can(?:not|'t)|could not|couldn't|am not|'m not|do not|don't|hope|think|was (?:un)?able)|hello|hi\b|"
    r"hey\b|thank|you'?re welcome|sure\b|here (?:is|are)\b|in summary[:,]?$|sorry|let me|feel free|of course|"
    r"certainly\b|please (?:let|note|tell|ask|provide|feel|see)|"
    r"note that the sources|sources disagree|the (?:sources|pages) (?:disagree|do not|don't)|"
    r"(?:if|would) you (?:want|need|have|like)|"
    r"你好|您好|谢谢|不客气|抱歉|对不起|希望|请(?:问|告诉|提供|注意|稍|随时|参)|以下是|好的|当然|我(?:无法|不能|没有|没能|不知道|读到的)|"
    r"来源(?:之间)?(?:不一致|有分歧|说法不一)|如果(?:你|您)(?:需要|想|还))",
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
    full: str = ""
    """`text` with its subject, where it has none or only a pronoun for the one before: what is judged."""
    citations: tuple[int, ...] = ()
    """Numbers of the sources it names."""
    orphan: bool = False
    """Whether it carried a mark that names no source."""
    checkable: bool = True
    """False for greetings, hedges, questions, lead-ins, headings and the head row of a table."""


def split_claims(answer: str, orphan_marks: Sequence[int] = (), *, subject: str = "") -> list[ClaimSpan]:
    """Cut an answer, or what follows a part that was about `subject`, into claims, in order.

    Sentences, list items and table rows are claims of their own; code blocks hold none. A sentence with marks in
    several places is cut after each, where every part says something. A sentence without marks that is followed, in
    the same line, by one with marks keeps its own (empty) citations: nothing is guessed.
    """
    fences = [(m.start(), m.end()) for m in _FENCE.finditer(answer)]
    claims: list[ClaimSpan] = []
    for start, end in sentence_spans(answer):
        if any(a <= start < b for a, b in fences):
            continue
        lead = _LEAD.match(answer, start, end)
        begin = lead.end() if lead else start
        if _RULE_ROW.match(without_marks(answer[begin:end])):
            _uncheck_head_row(claims, answer, start)
            continue
        for part_start, part_end in _parts(answer, begin, end):
            is_rest = part_start > begin
            claim = _claim(answer, (start, part_start, part_end), subject, orphan_marks, is_rest=is_rest)
            if claim:
                claims.append(claim)
                subject = subject if is_rest else subject_of(claim.full) or subject
    return claims


def _parts(answer: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence, or its parts where each group of marks ends one."""
    groups = list(_MARKS.finditer(answer, start, end))
    cuts = [group.end() for group in groups if _says_something(answer[group.end() : end])]
    bounds = [start, *cuts, end]
    spans = [(a, b) for a, b in pairwise(bounds) if a < b]
    if answer.startswith("|", start) or not all(_says_something(answer[a:b]) for a, b in spans):
        yield start, end
        return
    for a, b in spans:
        joint = _JOINT.match(answer, a, b) if a > start else None
        yield (joint.end() if joint else a), b


def _says_something(part: str) -> bool:
    return len(set(terms(MARK.sub("", part), unigrams=False))) >= SHORTEST_PART_TERMS


def _claim(
    answer: str, span: tuple[int, int, int], subject: str, orphan_marks: Sequence[int], *, is_rest: bool
) -> ClaimSpan | None:
    line, start, end = span
    raw = answer[start:end]
    text = without_marks(raw).strip(" |*_")
    if not text:
        return None
    return ClaimSpan(
        text=text,
        start=start,
        end=end,
        full=with_subject(text, subject) if is_rest else in_full(text, subject),
        citations=tuple(marks_in(raw)),
        orphan=_has_between(orphan_marks, start, end),
        checkable=_is_checkable(answer[line:end], text),
    )


def _uncheck_head_row(claims: list[ClaimSpan], answer: str, rule: int) -> None:
    """The row above a rule names the columns; it states nothing."""
    if not claims or "|" not in answer[max(0, claims[-1].start - 2) : claims[-1].end]:
        return
    head = claims[-1]
    if answer[head.end : rule].strip() == "":
        claims[-1] = ClaimSpan(
            text=head.text, start=head.start, end=head.end, full=head.full, citations=head.citations, checkable=False
        )


def _is_checkable(raw: str, text: str) -> bool:
    if _HEADING.match(raw) or text.endswith(("?", "？", ":", "：")):
        return False
    if _HEDGE.match(text) or is_abstention(text):
        return False
    return len(terms(text)) > 0


def _has_between(offsets: Sequence[int], start: int, end: int) -> bool:
    at = bisect_left(offsets, start)
    return at < len(offsets) and offsets[at] <= end
