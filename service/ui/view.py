"""Answers, runs and threads as the chat UI shows them: HTML blocks, and for every claim what its marks open."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from agent.answer import Answer, Citation, Claim, PageSeen, SearchDone, Source, Verdict
from agent.events import Problem
from agent.records import RunRecord, RunStatus, Thread
from service.ui.markdown import ClaimShown, blocks
from service.ui.quotes import Part, parts, said_otherwise


class Shown(BaseModel):
    """Base of what only our own page reads."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Passage(Shown):
    """What a mark opens: the words of one source, beside one claim."""

    number: int
    verdict: Verdict
    quote: list[Part]
    """The page's words, cut where the claim shares them."""


class ClaimView(Shown):
    """One claim; its place in the list is the `data-c` of its words."""

    text: str
    verdict: Verdict
    reason: str
    passages: list[Passage]
    """One for each source it names, in order."""
    says: tuple[str, str] | None
    """(the answer's words, the page's words) where they differ."""
    said: list[Part]
    """The claim's own words, cut where they differ from the page's."""


class AnswerView(Shown):
    """An answer as it stands on the page."""

    run_id: str
    thread_id: str
    question: str
    language: str
    model: str
    abstained: bool
    blocks: list[str]
    claims: list[ClaimView]
    removed: list[ClaimView]
    """Statements taken out after checking."""
    sources: list[Source]
    searches: list[SearchDone]
    pages: list[PageSeen]
    related: list[str]
    warnings: list[str]
    ms: int
    """From question to answer."""


class TurnView(Shown):
    """One turn of a thread."""

    run_id: str
    question: str
    status: RunStatus
    answer: AnswerView | None
    problem: Problem | None
    search: str
    """What was chosen for searching, to ask the same again."""
    depth: str
    started_at: datetime


class ThreadPage(Shown):
    """A thread as the page shows it."""

    id: str
    title: str
    turns: list[TurnView]
    """Oldest first, without those that a later one replaced."""


def answer_view(answer: Answer) -> AnswerView:
    """Everything the page needs of an answer, and no more."""
    kept = [claim for claim in answer.claims if not claim.removed and claim.end > claim.start]
    kept.sort(key=lambda claim: claim.start)
    shown = [_shown(claim, answer.citations) for claim in kept]
    return AnswerView(
        run_id=answer.run_id,
        thread_id=answer.thread_id,
        question=answer.question,
        language=answer.language,
        model=answer.model,
        abstained=answer.abstained,
        blocks=[block.html for block in blocks(answer.answer, shown)],
        claims=[_claim(claim, answer.citations) for claim in kept],
        removed=[_claim(claim, ()) for claim in answer.claims if claim.removed],
        sources=answer.sources,
        searches=answer.searches,
        pages=answer.pages,
        related=answer.related,
        warnings=answer.warnings,
        ms=answer.timings.get("total", 0),
    )


def turn_view(run: RunRecord) -> TurnView:
    """One run of the store."""
    return TurnView(
        run_id=run.id,
        question=run.question,
        status=run.status,
        answer=answer_view(run.answer) if run.answer else None,
        problem=run.problem,
        search=run.options.search,
        depth=run.options.depth,
        started_at=datetime.fromtimestamp(run.started_at, UTC),
    )


def thread_page(thread: Thread) -> ThreadPage:
    """A thread of the store."""
    runs = not_replaced(thread.runs)
    return ThreadPage(id=thread.head.id, title=thread.head.title, turns=[turn_view(run) for run in runs])


def not_replaced(runs: Sequence[RunRecord]) -> list[RunRecord]:
    """The runs without those that a later one took the place of; one that came to nothing replaces nothing."""
    gone = {run.options.replaces for run in runs if run.status in ("running", "completed")}
    return [run for run in runs if run.id not in gone]


def to_json(view: Shown) -> dict[str, Any]:
    """As it is sent."""
    return view.model_dump(mode="json")


def _shown(claim: Claim, citations: Iterable[Citation]) -> ClaimShown:
    marks: dict[int, str] = {one.number: one.verdict for one in _of(claim, citations)}
    doubtful = claim.verdict in ("unsupported", "contradicted")
    unsourced = not claim.citations and doubtful
    return ClaimShown(start=claim.start, end=claim.end, verdict=claim.verdict, marks=marks, unsourced=unsourced)


def _claim(claim: Claim, citations: Iterable[Citation]) -> ClaimView:
    says = said_otherwise(claim.reason)
    here, there = says or ("", "")
    return ClaimView(
        text=claim.text,
        verdict=claim.verdict,
        reason=claim.reason,
        passages=[
            Passage(number=one.number, verdict=one.verdict, quote=parts(one.cited_text, claim.text, there))
            for one in _of(claim, citations)
        ],
        says=says,
        said=parts(claim.text, "", here),
    )


def _of(claim: Claim, citations: Iterable[Citation]) -> list[Citation]:
    return [one for one in citations if (one.start, one.end) == (claim.start, claim.end)]
