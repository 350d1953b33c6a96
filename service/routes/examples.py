"""Examples in the OpenAPI document: one question over the sample web, as the routes give it.

The values go through the types and functions of the real replies, so an example cannot promise what no reply has.
"""

from typing import Any

from agent.answer import Answer, Citation, Claim, PageSeen, SearchDone, Source, TokenUsage
from agent.options import AskOptions
from agent.records import RunRecord, Thread, ThreadHead
from service.export import to_markdown
from service.schemas import Health, Readiness, RunView, ThreadList, ThreadView, ThreadWhole

QUESTION = "When was the Skerrin Observatory opened?"
SENTENCE = "Skerrin Observatory stands on Skerrin Ridge, 641 metres above the sea, and was opened in 1994."
URL = "http://harrowick.example/en/observatory.html"
TITLE = "Skerrin Observatory | Harrowick Visitor Guide"
TEXT = f"{SENTENCE} [1]"
ASKED_AT = 1_795_657_450.0
ANSWERED_AT = ASKED_AT + 1.9

ANSWER = Answer(
    run_id="run_9975bf0bee0e4bcc93759a8448661e7d",
    thread_id="thread_e40a0b4398be4de6b95814f43e5d0eb6",
    question=QUESTION,
    answer=TEXT,
    abstained=False,
    language="en",
    citations=[
        Citation(
            number=1,
            start=0,
            end=len(TEXT),
            url=URL,
            title=TITLE,
            cited_text=SENTENCE,
            page_start=21,
            page_end=21 + len(SENTENCE),
            verdict="supported",
            before="Skerrin Observatory",
            after="Its main instrument is a reflecting telescope with a mirror 1.8 metres across.",
        )
    ],
    sources=[
        Source(
            number=1,
            url=URL,
            title=TITLE,
            site="harrowick.example",
            published="2025-09-01",
            fetched_at="2026-11-26T01:44:11+00:00",
            snippet=f"Skerrin Observatory {SENTENCE}",
        )
    ],
    claims=[Claim(text=SENTENCE, start=0, end=len(TEXT), citations=[1], verdict="supported", score=0.99)],
    searches=[SearchDone(query="When was the Skerrin Observatory opened", provider="library", results=4, ms=6)],
    pages=[
        PageSeen(url=URL, status="read", bytes=4_312, ms=38),
        PageSeen(
            url="http://harrowick.example/en/ferry-archive.html",
            status="failed",
            reason="The site answered HTTP 404.",
            ms=7,
        ),
    ],
    groundedness=1.0,
    related=["When does Skerrin Observatory open?"],
    model="embedded",
    profile="embedded",
    usage=TokenUsage(input_tokens=912, output_tokens=31),
    timings={
        "plan_queries": 4,
        "search_web": 7,
        "read_pages": 44,
        "select_passages": 11,
        "write_answer": 13,
        "check_claims": 3,
        "total": 88,
    },
    warnings=[],
)
_THREAD = Thread(
    head=ThreadHead(id=ANSWER.thread_id, title=QUESTION, created_at=ASKED_AT, updated_at=ANSWERED_AT, turns=1),
    runs=(
        RunRecord(
            id=ANSWER.run_id,
            thread_id=ANSWER.thread_id,
            question=QUESTION,
            options=AskOptions(),
            status="completed",
            answer=ANSWER,
            problem=None,
            started_at=ASKED_AT,
            ended_at=ANSWERED_AT,
            lease_until=ANSWERED_AT,
        ),
    ),
)
_HEAD = ThreadView.of(_THREAD.head)


def _json(value: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"example": value.model_dump(mode="json")}}}


ANSWER_EXAMPLE = _json(ANSWER)
RUN_EXAMPLE = _json(RunView.of(_THREAD.runs[0]))
THREADS_EXAMPLE = _json(ThreadList(threads=[_HEAD], next=f"{_HEAD.updated_at.timestamp()!r}_{_HEAD.id}"))
THREAD_EXAMPLE = _json(_HEAD)
WHOLE_EXAMPLE = _json(ThreadWhole.whole(_THREAD))
HEALTH_EXAMPLE = _json(Health(version="0.1.0"))
READY_EXAMPLE = _json(Readiness(status="ready", parts={"store": "ok", "model": "ok", "cache": "ok"}))
MARKDOWN = to_markdown(_THREAD)
METRICS = """# HELP asterism_runs_total Runs that ended, by how.
# TYPE asterism_runs_total counter
asterism_runs_total{outcome="answered"} 1.0
"""
