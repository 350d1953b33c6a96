"""A run on a terminal: progress to standard error, the answer to standard output, sources and verdicts at the end."""

import re
import sys
import time

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from agent.answer import Answer, Claim
from agent.events import (
    AnswerDelta,
    AnswerRevised,
    AttachmentsDescribed,
    Event,
    PageFailed,
    PageRead,
    PassagesSelected,
    QueriesPlanned,
    ResultsFound,
    RunCompleted,
)

SIGNS = {"supported": ("✓", "green"), "contradicted": ("✗", "red"), "unsupported": ("?", "yellow")}
"""Verdicts as a sign and a colour: never by colour alone."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of a line: text from the web must not drive the terminal."""


class _Answers(Console):
    """Leaves it to the command what a reader who has gone means; rich would end the program with 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class _Progress(Console):
    """Falls silent when nobody reads it: the answer may still have a reader."""

    def on_broken_pipe(self) -> None:
        self.quiet = True


class Show:
    """Prints the events of one run."""

    def __init__(self, *, color: bool) -> None:
        self._out = _Answers(no_color=not color, highlight=False, soft_wrap=True)
        self._err = _Progress(stderr=True, no_color=not color, highlight=False, soft_wrap=True)
        self._started = time.monotonic()

    def event(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, AnswerDelta):
            # Straight to the stream: pieces of Markdown are no markup of ours.
            sys.stdout.write(clean(event.text))
            sys.stdout.flush()
        elif isinstance(event, AttachmentsDescribed):
            for note in event.attachments:
                if note.words:
                    self._progress(f"{'seen' if note.kind == 'image' else 'heard'}: {note.words}")
        elif isinstance(event, QueriesPlanned):
            self._progress(planned(event))
        elif isinstance(event, ResultsFound):
            told = event.error or f"{len(event.results)} results from {event.provider}"
            self._progress(f"{told} for {event.query}")
        elif isinstance(event, PageRead):
            self._progress(f"read {event.title} ({event.url})")
        elif isinstance(event, PageFailed):
            self._progress(f"could not read {event.url}: {event.reason}")
        elif isinstance(event, PassagesSelected):
            self._progress(f"{event.passages} passages from {len(event.sources)} pages")
        elif isinstance(event, AnswerRevised):
            self._out.print("\n\n(revised)\n" + escape(clean(event.answer)))
        elif isinstance(event, RunCompleted):
            self.answer_end(event.answer)

    def answer_end(self, answer: Answer) -> None:
        """Sources, verdicts and warnings."""
        self._out.print()
        if answer.citations:
            self._out.print("\nSources", style="bold")
            cited = {citation.number for citation in answer.citations}
            for source in answer.sources:
                if source.number in cited:
                    self._out.print(Text(clean(f"  [{source.number}] {source.title} — {source.url}")))
        checked = [claim for claim in answer.claims if claim.verdict != "unchecked"]
        if checked:
            supported = sum(claim.verdict == "supported" for claim in checked)
            self._out.print(f"\nChecked: {supported} of {len(checked)} claims supported", style="bold")
            for claim in checked:
                self._out.print(verdict_line(claim))
        for warning in answer.warnings:
            self._err.print(Text(clean(f"! {warning}"), style="yellow"))
        seconds = answer.timings.get("total", 0) / 1000
        self._progress(f"model: {answer.model} · {seconds:.1f} s · thread {answer.thread_id}")

    def _progress(self, told: str) -> None:
        elapsed = time.monotonic() - self._started
        self._err.print(Text(f"{elapsed:5.1f} s  {clean(told)}", style="dim"))


def planned(event: QueriesPlanned) -> str:
    """What was decided, in words."""
    if event.queries:
        return "searching for " + ", ".join(event.queries)
    return "no search needed" if event.round == 1 else "nothing further to search for"


def verdict_line(claim: Claim) -> Text:
    """`  ✓ The tower is 87 m high. [1]`."""
    sign, style = SIGNS[claim.verdict]
    marks = "".join(f"[{number}]" for number in claim.citations)
    reason = f" — {claim.reason}" if claim.reason else ""
    return Text(f"  {sign} ", style=style) + Text(clean(f"{claim.text} {marks}{reason}"))


def clean(text: str) -> str:
    """Text without control characters, so that a page cannot write escape sequences to the terminal."""
    return _CONTROL.sub("", text)
