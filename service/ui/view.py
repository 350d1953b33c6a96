"""Answers, runs and threads as the chat UI shows them: HTML blocks, and for every claim what its marks open."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from agent.answer import Answer, AttachmentNote, Citation, Claim, SearchDone, Source, Verdict
from agent.cite import marks_in
from agent.events import Problem
from agent.records import RunRecord, RunStatus, Thread
from service.ui.markdown import ClaimShown, blocks
from service.ui.quotes import quote
from service.ui.shown import Shown
from service.ui.told import Told, told

OPTIONS = ("search", "depth", "sites", "recency", "language", "verify")
"""Of a question, those that the page asks with."""


class PassageText(Shown):
    """Words of a page; several claims may rest on the same."""

    text: str
    before: str
    """What stands before them on the page, a sentence at most."""
    after: str
    """What stands after them."""


class Passage(Shown):
    """What a mark opens: the words of one source, beside one claim."""

    number: int
    verdict: Verdict
    at: int
    """Place of its words in `AnswerView.texts`."""
    same: list[int]
    """As `Quote.same`."""
    other: list[int] = Field(default_factory=list)
    """As `Quote.other`."""


class ClaimView(Shown):
    """One claim; its place in the list is the `data-c` of its words."""

    verdict: Verdict
    reason: Told | None = None
    passages: list[Passage] = Field(default_factory=list)
    """One for each source it names, in order."""
    says: tuple[str, str] | None = None
    """(the answer's words, the page's words) where they differ."""


class PageView(Shown):
    """A page that the run wanted to read."""

    url: str
    status: str
    reason: Told | None
    ms: int


class AnswerView(Shown):
    """An answer as it stands on the page."""

    run_id: str
    thread_id: str
    question: str
    language: str
    model: str
    abstained: bool
    blocks: list[str]
    attachments: list[AttachmentNote]
    claims: list[ClaimView]
    texts: list[PassageText]
    """What `Passage.at` counts in."""
    removed: list[str]
    """Statements taken out after checking."""
    sources: list[Source]
    searches: list[SearchDone]
    pages: list[PageView]
    related: list[str]
    warnings: list[Told]
    ms: int
    """From question to answer."""


class TurnView(Shown):
    """One turn of a thread."""

    run_id: str
    question: str
    status: RunStatus
    answer: AnswerView | None
    problem: Problem | None
    options: dict[str, Any]
    """What was chosen beside the question, to ask the same again."""
    attachments: list[AttachmentNote]
    """What is kept of pictures and recordings that came with the question."""
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
    shown = [_shown(claim, answer) for claim in kept]
    texts = _Texts()
    return AnswerView(
        run_id=answer.run_id,
        thread_id=answer.thread_id,
        question=answer.question,
        language=answer.language,
        model=answer.model,
        abstained=answer.abstained,
        attachments=answer.attachments,
        blocks=[block.html for block in blocks(answer.answer, shown)],
        claims=[_claim(claim, answer.citations, texts) for claim in kept],
        texts=texts.all,
        removed=[claim.text for claim in answer.claims if claim.removed],
        sources=answer.sources,
        searches=answer.searches,
        pages=[
            PageView(url=page.url, status=page.status, reason=told(page.reason) if page.reason else None, ms=page.ms)
            for page in answer.pages
        ],
        related=answer.related,
        warnings=[told(warning) for warning in answer.warnings],
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
        options={name: value for name in OPTIONS if (value := getattr(run.options, name))},
        attachments=run.answer.attachments if run.answer else list(run.options.attached),
        started_at=datetime.fromtimestamp(run.started_at, UTC),
    )


def thread_page(thread: Thread) -> ThreadPage:
    """A thread of the store."""
    runs = not_replaced(thread.runs)
    return ThreadPage(id=thread.head.id, title=thread.head.title, turns=[turn_view(run) for run in runs])


def shared_page(thread: Thread) -> ThreadPage:
    """The answers of a thread, without ids that belong to its owner."""
    runs = [run for run in not_replaced(thread.runs) if run.answer]
    turns = [turn_view(run) for run in runs]
    bare = [
        turn.model_copy(
            update={
                "run_id": "",
                "answer": turn.answer and turn.answer.model_copy(update={"run_id": "", "thread_id": ""}),
            }
        )
        for turn in turns
    ]
    return ThreadPage(id="", title=thread.head.title, turns=bare)


def not_replaced(runs: Sequence[RunRecord]) -> list[RunRecord]:
    """The runs without those that a later one took the place of; one that came to nothing replaces nothing."""
    gone = {run.options.replaces for run in runs if run.status in ("running", "completed")}
    return [run for run in runs if run.id not in gone]


def _shown(claim: Claim, answer: Answer) -> ClaimShown:
    marks: dict[int, str] = {one.number: one.verdict for one in _of(claim, answer.citations)}
    written = marks_in(answer.answer[claim.start : claim.end])
    doubtful = claim.verdict in ("unsupported", "contradicted")
    return ClaimShown(
        start=claim.start,
        end=claim.end,
        marks=marks,
        added=tuple(number for number in claim.citations if written and number not in written),
        unsourced=not claim.citations and doubtful,
    )


class _Texts:
    """Each text once."""

    def __init__(self) -> None:
        self._places: dict[PassageText, int] = {}

    @property
    def all(self) -> list[PassageText]:
        return list(self._places)

    def place(self, one: Citation) -> int:
        text = PassageText(text=one.cited_text, before=one.before, after=one.after)
        return self._places.setdefault(text, len(self._places))


def _claim(claim: Claim, citations: Iterable[Citation], texts: _Texts) -> ClaimView:
    reason = told(claim.reason) if claim.reason else None
    says = (reason.values.get("here", ""), reason.values.get("there", "")) if reason else ("", "")
    passages = []
    for one in _of(claim, citations):
        found = quote(one.cited_text, claim.text, says[1])
        place = texts.place(one)
        passages.append(Passage(number=one.number, verdict=one.verdict, at=place, same=found.same, other=found.other))
    return ClaimView(verdict=claim.verdict, reason=reason, passages=passages, says=says if all(says) else None)


def _of(claim: Claim, citations: Iterable[Citation]) -> list[Citation]:
    return [one for one in citations if (one.start, one.end) == (claim.start, claim.end)]
