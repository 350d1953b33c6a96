"""What becomes of claims that the pages do not support: shown with a flag, taken out, or rewritten once.

Pure but for `rewrite`, which asks the model. What was taken out stays visible among the claims, marked as removed.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.addresses import read_addresses
from agent.answer import Claim
from agent.cite import marks_in, without_marks
from agent.outward import safe_text
from model_backend import Brief, ChatModel, ChatRequest, Document, Message, TextDelta
from model_backend.errors import ModelError
from prompts import render

NOTHING_LEFT = {
    "en": "I could not find support in the pages I read for anything that was written about this.",
    "zh": "我读到的网页里没有能证实所写内容的依据。",
}
"""Said when every claim was taken out: an abstention, worded as `model_backend.rules.is_abstention` knows them."""
SENTENCE_TOKENS = 120
"""Longest rewritten sentence, in tokens."""
FAILED = frozenset({"unsupported", "contradicted"})
"""Verdicts that the policies `drop` and `repair` act on."""

_EMPTY_ITEM = re.compile(r"^[ \t]*(?:[-*+•]|\d{1,2}[.)、])[ \t]*$\n?", re.MULTILINE)
_SPACES = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")
_BLANK_LINES = re.compile(r"\n{3,}")
_JOINT = re.compile(
    r"[ \t]*(?:[,;，；、][ \t]*)?(?:and|but|while|whereas|or|而且|而|并且|并|但是|但|且|和)[ \t]*", re.IGNORECASE
)
_LOOSE_START = re.compile(r"(^|\n)[ \t]*(?:,|;|，|；|、|and |but |而且|并且)\s*")
_ORPHANED_LEAD = re.compile(r"^[^\n]*[:：][ \t]*\n+(?=\Z|#)", re.MULTILINE)
# Each begins where its run does: sought anew from every sign of a long run, it would take time by its square.
_TRAILING = re.compile(r"(?<![ \t])[ \t]+(?=\n)")
_LOOSE_END = re.compile(r"(?<![ \t,;])[ \t,;]+([.。])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """An answer after revision."""

    answer: str
    removed: list[str]
    """Statements taken out or replaced, in order, without marks."""


def revise(answer: str, claims: Sequence[Claim], rewritten: dict[int, str], language: str) -> Revised:
    """Take failed claims out, or put what they were rewritten to in their place; correct moved citations.

    Args:
        answer: The text that the claims' offsets refer to.
        claims: All of them, in order.
        rewritten: New text by place of the claim in `claims`; a failed claim without one is taken out.
        language: Of what is said when nothing is left.
    """
    parts: list[str] = []
    removed: list[str] = []
    at = 0
    for place, claim in enumerate(claims):
        said = answer[claim.start : claim.end]
        parts.append(answer[at : claim.start])
        at = claim.end
        if claim.verdict in FAILED:
            removed.append(claim.text)
            if _JOINT.fullmatch(parts[-1]):
                parts[-1] = ""
            parts.append(rewritten.get(place, _ending(said, parts)))
        else:
            parts.append(_with_marks(said, claim.citations))
    parts.append(answer[at:])
    text = _tidy("".join(parts))
    kept = any(claim.verdict not in FAILED for claim in claims) or rewritten
    if removed and (not kept or not text):
        text = NOTHING_LEFT.get(language, NOTHING_LEFT["en"])
    return Revised(answer=text, removed=removed)


def _ending(said: str, parts: Sequence[str]) -> str:
    """The full stop of a part taken out at the end of a sentence, for the part before it."""
    stop = re.search(r"[.。!！]\s*$", without_marks(said))
    before = "".join(parts).rstrip(" \t")
    if (
        stop is None
        or not before
        or before[-1] in ".。!！?？:：;；\n|"
        or _EMPTY_ITEM.match(before.rpartition("\n")[2])
    ):
        return ""
    return stop.group().strip() if re.search(r"[\w\])]$", before) else ""


def _with_marks(said: str, numbers: Sequence[int]) -> str:
    """The claim's own words with the marks it should have; unchanged where it has them."""
    if not numbers or set(marks_in(said)) == set(numbers):
        return said
    marks = "".join(f"[{number}]" for number in numbers)
    first = re.search(r"(?:\[\d{1,3}\])+", said)
    if first is None:
        return said
    rest = re.sub(r"\s?(?:\[\d{1,3}\])+", "", said[first.end() :])
    return said[: first.start()] + marks + rest


def _tidy(text: str) -> str:
    text = _EMPTY_ITEM.sub("", text)
    text = _LOOSE_START.sub(r"\1", text)
    text = _SPACES.sub(" ", text)
    text = _TRAILING.sub("", text)
    text = _LOOSE_END.sub(r"\1", text)
    text = _ORPHANED_LEAD.sub("", text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def removed_claims(claims: Sequence[Claim], answer: str) -> list[Claim]:
    """The failed claims as they stay on record: an empty span at the end of the revised answer, and said why."""
    return [
        claim.model_copy(
            update={
                "start": len(answer),
                "end": len(answer),
                "removed": True,
                "reason": f"removed: {claim.reason}" if claim.reason else "removed",
            }
        )
        for claim in claims
        if claim.verdict in FAILED
    ]


async def rewrite(
    model: ChatModel, claim: str, documents: Sequence[Document], *, language: str, timeout_s: float
) -> str:
    """Ask for the sentence anew, from its evidence only; empty when the model has none or no time is left.

    The caller judges what comes back like any other claim: a model is not believed here either.
    """
    if not documents or timeout_s <= 0:
        return ""
    evidence = "\n".join(f"[{document.number}] {document.text}" for document in documents)
    prompt = render(
        "repair", claim=claim, evidence=evidence, language="Chinese (中文)" if language == "zh" else "English"
    )
    request = ChatRequest(
        messages=(Message(role="user", content=prompt),),
        brief=Brief(question=claim, documents=tuple(documents), searched=True, language=language),
        max_tokens=SENTENCE_TOKENS,
        temperature=0.0,
    )
    said: list[str] = []
    try:
        async with asyncio.timeout(timeout_s):
            async for delta in model.stream(request):
                if isinstance(delta, TextDelta):
                    said.append(delta.text)
    except (ModelError, TimeoutError):
        return ""
    first = "".join(said).strip().partition("\n")[0].strip()
    safe = safe_text(first, read_addresses(document.url for document in documents))
    return "" if re.fullmatch(r"none\W*", safe, re.IGNORECASE) else safe
