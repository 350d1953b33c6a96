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
_OPENING = re.compile(
    r"^(?:hello|hi|hey|sure|certainly|absolutely|of course|no problem|sorry|(?:good|great) question|"
    r"thank(?:s| you)(?! to\b)(?: (?:for|so)\b[^,.;!]*)?|i hope this helps|(?:please )?note(?: that)?|"
    r"i (?:think|believe|(?:can|will) (?:tell you|say))(?: that)?|"
    r"你好|您好|谢谢(?:[你您]的?(?:提问|问题|询问|关注))?|不客气|抱歉|对不起|好的|当然|请注意)(?![\w-])[\s,，.!！。:：;；–—]*|"
    r"^(?:谢谢|好的|当然|请注意)(?=[\u3400-\u9fff])",
    re.IGNORECASE,
)
"""Politeness before a sentence: what follows is judged."""
_MOST_OPENINGS = 3
_HEDGE = re.compile(
    r"^(?:i (?:can(?:not|'t)|could not|couldn't|am not|'m not|do not|don't|hope|was (?:un)?able)|you'?re welcome|"
    r"(?:i'?m |i am |i(?:'d| would) be )?(?:happy|glad) to (?:help|assist|answer)|"
    r"i(?:'ll| will| can) (?:help|try|assist|answer|explain)|"
    r"here (?:is|are)\b|in summary[:,]?$|let me|let's|feel free|please (?:let|tell|ask|provide|feel|see)|"
    r"(?:the )?(?:sources|pages) (?:disagree|do not|don't)|would you (?:want|need|like)|"
    r"希望(?:这|能|对|以上|我|你|您|可以)|请(?:问|告诉|提供|稍|随时|参)|以下是|我(?:无法|不能|没有|没能|不知道|读到的)|"
    r"来源(?:之间)?(?:不一致|有分歧|说法不一))",
    re.IGNORECASE,
)
"""Says something of the speaker or of the sources, and nothing of the world."""
_OFFER = re.compile(r"^(?:if you (?:want|need|have|like)|如果(?:你|您)(?:需要|想|还))", re.IGNORECASE)
"""An offer, unless it names a source: `If you want to squash commits, use -i [1]` tells how."""
_TURN = re.compile(
    r"[^\"“”‘「]{2,80}?(?:[:：]\s*|[,，;；]\s*(?:(?:but|however|though|yet)\b|但是?|不过|然而|可是)[\s,，]*)(?=\S)",
    re.IGNORECASE,
)
"""Where a sentence that begins with a hedge goes on to say something of the world; never within quotation marks, where
an abstention repeats the question."""
_SHORTEST_SAID_TERMS = 2
"""Words of content after a greeting that make a statement: "the dam is high" has two, "here you go" one."""


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
    """False for questions, the head row of a table, what is said of the speaker or the sources, and, where no source is
    named, for greetings, lead-ins and headings."""


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
    said = _without_opening(text)
    citations = tuple(marks_in(raw))
    orphan = _has_between(orphan_marks, start, end)
    is_heading = _HEADING.match(answer[line:end]) is not None
    return ClaimSpan(
        text=text,
        start=start,
        end=end,
        full=with_subject(said, subject) if is_rest else in_full(said, subject),
        citations=citations,
        orphan=orphan,
        checkable=_is_checkable(text, said, named=bool(citations) or orphan, is_heading=is_heading),
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


def _is_checkable(text: str, said: str, *, named: bool, is_heading: bool) -> bool:
    """Whether it states something; `said` is the text without its politeness, `named` that it names a source."""
    if text.endswith(("?", "？")) or not terms(said):
        return False
    has_figure = any(sign.isdigit() for sign in said)
    if _is_hedge(said):
        return named and has_figure
    if named:
        return True
    if is_heading or text.endswith((":", "：")) or _OFFER.match(said):
        return False
    return said == text or has_figure or len(set(terms(said, unigrams=False))) >= _SHORTEST_SAID_TERMS


def _is_hedge(text: str) -> bool:
    return _HEDGE.match(text) is not None or is_abstention(text)


def _without_opening(text: str) -> str:
    """What it says after its greetings and hedges; the text itself where it has none or ends with them."""
    for _ in range(_MOST_OPENINGS):
        rest = _OPENING.sub("", text, count=1)
        if rest == text and _is_hedge(text):
            rest = _TURN.sub("", text, count=1) if _TURN.match(text) else text
        if rest == text:
            break
        text = rest
    return text


def _has_between(offsets: Sequence[int], start: int, end: int) -> bool:
    at = bisect_left(offsets, start)
    return at < len(offsets) and offsets[at] <= end
