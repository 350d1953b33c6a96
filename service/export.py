"""A thread as a Markdown file: questions, answers, what they rest on, and what was found wrong with them."""

import re
from datetime import UTC, datetime

from agent.answer import Answer
from agent.records import RunRecord, Thread


def to_markdown(thread: Thread) -> str:
    """The whole thread."""
    asked = datetime.fromtimestamp(thread.head.created_at, UTC).date().isoformat()
    parts = [f"# {one_line(thread.head.title)}", f"Asked {asked}."]
    for run in thread.runs:
        parts += [f"## {one_line(run.question)}", *_outcome(run)]
    return "\n\n".join(parts) + "\n"


def _outcome(run: RunRecord) -> list[str]:
    if run.answer is None:
        why = f": {run.problem.title}" if run.problem else ""
        return [f"*No answer ({run.status}{why}).*"]
    return [run.answer.answer, *_sources(run.answer), *_doubts(run.answer)]


def _sources(answer: Answer) -> list[str]:
    if not answer.sources:
        return []
    lines = [f"{s.number}. [{_link_text(s.title or s.url)}](<{_address(s.url)}>)" for s in answer.sources]
    return ["\n".join(["**Sources**", "", *lines])]


def _doubts(answer: Answer) -> list[str]:
    doubtful = [claim for claim in answer.claims if claim.verdict in ("unsupported", "contradicted")]
    lines = [f"- {one_line(claim.text)} ({claim.verdict})" for claim in doubtful]
    return ["\n".join(["**Not supported by the pages**", "", *lines])] if lines else []


def one_line(text: str) -> str:
    """Text for a heading or a list item."""
    return " ".join(text.split())


def _link_text(title: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", one_line(title))


def _address(url: str) -> str:
    """The address inside `<…>`; whatever could end it early is escaped."""
    return re.sub(r"[<>\s\\]", lambda match: f"%{ord(match[0]):02X}", url)
