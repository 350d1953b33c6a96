"""What every run promises, held against what one told. Each broken promise is one sentence."""

import re
from collections.abc import Iterator, Mapping, Sequence

from agent.answer import Answer
from agent.cite import without_marks
from agent.events import (
    AnswerDelta,
    AnswerRevised,
    Event,
    PassagesSelected,
    QueriesPlanned,
    RunCompleted,
    RunFailed,
)
from agent.options import EFFORTS, AskOptions

_MARK = re.compile(r"\[(\d{1,3})\]")


def broken_promises(
    events: Sequence[Event], options: AskOptions, texts: Mapping[str, str], *, after_seq: int = 0
) -> list[str]:
    """Of a run that was heard to its end.

    Args:
        events: All that it told, or all since it was resumed.
        options: What was asked for.
        texts: The pages there are, by address.
        after_seq: Number of the last event before it was resumed.
    """
    return [*_order(events, after_seq), *_rounds(events, options), *_numbers(events), *_ending(events, texts)]


def _order(events: Sequence[Event], after_seq: int) -> Iterator[str]:
    if [event.seq for event in events] != list(range(after_seq + 1, after_seq + len(events) + 1)):
        yield "the events are not numbered 1, 2, 3 …"
    if len({event.run_id for event in events}) > 1:
        yield "one run told of two"
    terminal = [place for place, event in enumerate(events) if isinstance(event, RunCompleted | RunFailed)]
    if terminal != [len(events) - 1]:
        yield f"terminal events at {terminal} of {len(events)}"


def _rounds(events: Sequence[Event], options: AskOptions) -> Iterator[str]:
    effort = EFFORTS[options.depth]
    planned = [event for event in events if isinstance(event, QueriesPlanned)]
    first = planned[0].round if planned else 1  # a run that was resumed may go on with its second
    if [event.round for event in planned] != list(range(first, first + len(planned))):
        yield "the rounds are not numbered 1, 2, 3 …"
    if planned and planned[-1].round > effort.rounds:
        yield f"{planned[-1].round} rounds where {effort.rounds} are allowed"
    if any(len(event.queries) > effort.queries for event in planned):
        yield f"more than {effort.queries} queries in a round"
    if options.search == "never" and any(event.queries for event in planned):
        yield "a search that was forbidden"


def _numbers(events: Sequence[Event]) -> Iterator[str]:
    known: dict[int, str] = {}
    last = events[-1]
    told = [event.sources for event in events if isinstance(event, PassagesSelected)]
    told += [last.answer.sources] if isinstance(last, RunCompleted) else []
    for sources in told:
        if [source.number for source in sources] != list(range(1, len(sources) + 1)):
            yield "the sources are not numbered 1, 2, 3 …"
        for source in sources:
            if known.setdefault(source.number, source.url) != source.url:
                yield f"the number {source.number} changed its page"


def _ending(events: Sequence[Event], texts: Mapping[str, str]) -> Iterator[str]:
    last = events[-1]
    if not isinstance(last, RunCompleted):
        return
    answer = last.answer
    said = "".join(event.text for event in events if isinstance(event, AnswerDelta))
    for event in events:
        if isinstance(event, AnswerRevised):
            said = event.answer
    if said != answer.answer:
        yield "the deltas are not the answer, and no revision explains it"
    if not answer.answer.strip():
        yield "the answer is empty"
    yield from _citations(answer, texts)


def _citations(answer: Answer, texts: Mapping[str, str]) -> Iterator[str]:
    urls = {source.number: source.url for source in answer.sources}
    in_code = re.findall(r"```.*?(?:```|\Z)|`[^`\n]*`", answer.answer, re.DOTALL)
    outside = answer.answer
    for code in in_code:
        outside = outside.replace(code, "")
    if not {int(number) for number in _MARK.findall(outside)} <= set(urls):
        yield "a mark names no source"
    for citation in answer.citations:
        if urls.get(citation.number) != citation.url:
            yield "a citation names another page than its number"
        if texts.get(citation.url, "")[citation.page_start : citation.page_end] != citation.cited_text:
            yield "a citation's words are not the page's"
    read = {page.url for page in answer.pages if page.status == "read"}
    if not set(urls.values()) <= read:
        yield "a source that was not read"
    for claim in answer.claims:
        if not 0 <= claim.start <= claim.end <= len(answer.answer):
            yield "a claim stands outside the answer"
        if (
            claim.text
            and not claim.removed
            and claim.text[:8] not in without_marks(answer.answer[claim.start : claim.end])
        ):
            yield "a claim does not stand where it says"
