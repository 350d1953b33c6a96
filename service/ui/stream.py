"""A run as the chat UI follows it: the events of the run, with the answer as HTML blocks instead of text.

Where the stream of `/ask` sends `answer.delta`, this one sends changes of blocks as events without a name, a line each
(`Change.line`). `id` is the number of the last event that is in, so that a stream can be taken up again with
`Last-Event-ID`, at any replica: the events before are read again, and not sent. Terminal are `done` (an `AnswerView`)
and `failed` (a problem).
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from agent.events import (
    AnswerDelta,
    AnswerRevised,
    AttachmentsDescribed,
    ClaimsChecked,
    Event,
    PageFailed,
    PageRead,
    PassagesSelected,
    QueriesPlanned,
    ResultsFound,
    RunCompleted,
    RunFailed,
    RunStarted,
)
from service.replies import Begin, RunReply
from service.run_log import Logged
from service.ui.live import LiveBlocks
from service.ui.shown import to_json
from service.ui.told import told
from service.ui.view import answer_view

Told = tuple[str, dict[str, Any]]
LULL_S = 0.12
"""Words are gathered this long, unless something else happens: a change costs some 20 bytes beside them, and nobody
reads eight changes a second."""


class UiReply(RunReply):
    """Sends a run to the page."""

    lull_s = LULL_S

    def __init__(self, begin: Begin, *, after: int = 0, replay: bool = False) -> None:
        """From the first event on, whatever was seen: what stands on the page is known from all that came before."""
        super().__init__(begin, stream=True, after=0, replay=replay)
        self._seen = after
        self._live = LiveBlocks()

    def frames(self, batch: Sequence[Logged]) -> bytes:
        """See `RunReply`; empty when nothing of the batch is shown."""
        out: list[str] = []
        for entry in batch:
            if not entry.words:
                out += self._changes(entry.seq - 1)
            one = self._take(entry.event)
            # Where only the store knows of the run, its end is the first event there is.
            if one is not None and (entry.seq > self._seen or entry.terminal):
                name, data = one
                out.append(f"event: {name}\nid: {max(entry.seq, self._seen + 1)}\ndata: {_line(data)}\n\n")
        if batch:
            out += self._changes(batch[-1].seq)
        return "".join(out).encode()

    def _take(self, event: Event) -> Told | None:
        if isinstance(event, RunStarted):
            self._live.reset()
        elif isinstance(event, AnswerDelta):
            self._live.feed(event.text)
        elif isinstance(event, AnswerRevised):
            self._live.reset(event.answer)
        tell = TELL.get(type(event))
        return tell(event) if tell else None

    def _changes(self, seq: int) -> list[str]:
        changes = self._live.changes()
        if seq <= self._seen or not changes:
            return []
        *first, last = (change.line().replace("\n", "\ndata: ") for change in changes)
        return [*(f"data:{line}\n\n" for line in first), f"id:{seq}\ndata:{last}\n\n"]


def _started(event: Any) -> Told:
    keys = ("run_id", "thread_id", "question", "model")
    return "started", {key: getattr(event, key) for key in keys}


def _described(event: Any) -> Told:
    return "described", {"files": [note.model_dump(mode="json") for note in event.attachments]}


def _planned(event: Any) -> Told:
    return "planned", {"queries": event.queries}


def _found(event: Any) -> Told:
    urls = [result.url for result in event.results]
    who = {"query": event.query, "provider": event.provider}
    return "found", {**who, "urls": urls, "ms": event.ms, "error": event.error}


def _read(event: Any) -> Told:
    return "read", {"url": event.url, "title": event.title, "ms": event.ms}


def _failed_page(event: Any) -> Told:
    return "unread", {"url": event.url, "reason": to_json(told(event.reason)), "ms": event.ms}


def _selected(event: Any) -> Told:
    return "sources", {"sources": [source.model_dump(mode="json") for source in event.sources]}


def _checked(event: Any) -> Told:
    return "checked", {"claims": sum(claim.verdict != "unchecked" for claim in event.claims)}


def _done(event: Any) -> Told:
    return "done", to_json(answer_view(event.answer), brief=True)


def _failed(event: Any) -> Told:
    return "failed", event.problem.model_dump(mode="json")


TELL: dict[type, Callable[[Any], Told]] = {
    RunStarted: _started,
    AttachmentsDescribed: _described,
    QueriesPlanned: _planned,
    ResultsFound: _found,
    PageRead: _read,
    PageFailed: _failed_page,
    PassagesSelected: _selected,
    ClaimsChecked: _checked,
    RunCompleted: _done,
    RunFailed: _failed,
}
"""What the page is told of an event; nothing of those that are not here."""


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
