"""A run as a Response of OpenAI: its items grow event by event, for streams and for whole replies alike."""

import time
from collections.abc import Iterator
from typing import Any

from agent.answer import Answer
from agent.events import AnswerDelta, Event, QueriesPlanned, ResultsFound, RunCompleted, RunFailed, RunStarted
from service.openai_api.asked import Asked
from service.openai_api.sources import Json, extras_of, url_citations

Told = tuple[str, Json]
"""An event of the stream: its name, and its fields without `type` and `sequence_number`."""


class ResponseItems:
    """Turns the events of a run into items and into the events of OpenAI's stream."""

    def __init__(self, asked: Asked, echoed: Json) -> None:
        """Begin without items; `echoed` are fields of the request that the response repeats."""
        self._asked = asked
        self._echoed = echoed
        self._hex = ""
        self._items: list[Json] = []
        self._open: dict[str, int] = {}
        self._message: int | None = None
        self._text: list[str] = []

    def feed(self, event: Event) -> Iterator[Told]:
        """What one event of the run tells."""
        match event:
            case RunStarted():
                self._hex = event.run_id.removeprefix("run_")
                yield "response.created", {"response": self.response("in_progress")}
                yield "response.in_progress", {"response": self.response("in_progress")}
            case QueriesPlanned():
                for query in event.queries:
                    yield from self._search(query)
            case ResultsFound():
                yield from self._found(event)
            case AnswerDelta():
                yield from self._say(event.text)
            case RunCompleted():
                yield from self._complete(event.answer)
            case RunFailed():
                error = {"code": "server_error", "message": event.problem.detail}
                yield "response.failed", {"response": self.response("failed", error=error)}
            case _:
                return

    def response(self, status: str, *, answer: Answer | None = None, error: Json | None = None) -> Json:
        """The whole response as it is now."""
        usage = answer.usage if answer else None
        return {
            "id": response_id(self._hex),
            "object": "response",
            "created_at": self._asked.created,
            "completed_at": int(time.time()) if answer else None,
            "status": status,
            "error": error,
            "incomplete_details": None,
            "model": self._asked.model,
            "output": [dict(item) for item in self._items],
            "parallel_tool_calls": True,
            "temperature": None,
            "top_p": None,
            "text": {"format": {"type": "text"}},
            "truncation": "disabled",
            "usage": {
                "input_tokens": usage.input_tokens,
                "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
                "output_tokens": usage.output_tokens,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": usage.input_tokens + usage.output_tokens,
            }
            if usage
            else None,
            **self._echoed,
            **({"asterism": extras_of(answer, self._asked.notes, kept=self._asked.kept)} if answer else {}),
        }

    def _search(self, query: str) -> Iterator[Told]:
        place = len(self._items)
        action = {"type": "search", "query": query, "queries": [query], "sources": []}
        item: Json = {
            "id": f"ws_{self._hex}_{place}",
            "type": "web_search_call",
            "status": "in_progress",
            "action": action,
        }
        self._items.append(item)
        self._open[query] = place
        yield "response.output_item.added", {"output_index": place, "item": dict(item)}
        yield "response.web_search_call.in_progress", _at(item, place)
        yield "response.web_search_call.searching", _at(item, place)
        item["status"] = "searching"

    def _found(self, event: ResultsFound) -> Iterator[Told]:
        if not self._open:
            yield from self._search(event.query)
        # A search that was begun before the plan may stand in for a planned one in other words.
        planned = event.query if event.query in self._open else next(iter(self._open))
        place = self._open.pop(planned)
        self._items[place]["action"] = {
            "type": "search",
            "query": event.query,
            "queries": [event.query],
            "sources": [{"type": "url", "url": result.url} for result in event.results],
        }
        yield from self._close(place, "failed" if event.error is not None else "completed")

    def _close(self, place: int, status: str) -> Iterator[Told]:
        item = self._items[place]
        item["status"] = status
        if status == "completed":
            yield "response.web_search_call.completed", _at(item, place)
        yield "response.output_item.done", {"output_index": place, "item": dict(item)}

    def _say(self, text: str) -> Iterator[Told]:
        if self._message is None:
            yield from self._begin_message()
        self._text.append(text)
        yield "response.output_text.delta", {**self._in_message(), "delta": text, "logprobs": []}

    def _begin_message(self) -> Iterator[Told]:
        place = self._message = len(self._items)
        item: Json = {
            "id": f"msg_{self._hex}",
            "type": "message",
            "status": "in_progress",
            "role": "assistant",
            "content": [],
        }
        self._items.append(item)
        yield "response.output_item.added", {"output_index": place, "item": dict(item)}
        yield "response.content_part.added", {**self._in_message(), "part": text_part("", [])}

    def _complete(self, answer: Answer) -> Iterator[Told]:
        for place in sorted(self._open.values()):
            # Planned, and given up because others brought enough.
            yield from self._close(place, "incomplete")
        self._open = {}
        if self._message is None:
            yield from self._begin_message()
        assert self._message is not None
        annotations = [{"type": "url_citation", **citation} for citation in url_citations(answer, answer.answer)]
        for index, annotation in enumerate(annotations):
            yield (
                "response.output_text.annotation.added",
                {**self._in_message(), "annotation_index": index, "annotation": annotation},
            )
        part = text_part(answer.answer, annotations)
        item = self._items[self._message]
        item |= {"status": "completed", "content": [part]}
        yield "response.output_text.done", {**self._in_message(), "text": answer.answer, "logprobs": []}
        yield "response.content_part.done", {**self._in_message(), "part": part}
        yield "response.output_item.done", {"output_index": self._message, "item": dict(item)}
        yield "response.completed", {"response": self.response("completed", answer=answer)}

    def _in_message(self) -> Json:
        return {"item_id": f"msg_{self._hex}", "output_index": self._message, "content_index": 0}


def text_part(text: str, annotations: list[Json]) -> Json:
    """The one content part of the message."""
    return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}


def response_id(run_hex: str) -> str:
    """The run's id in the form of this API."""
    return f"resp_{run_hex}"


def _at(item: Json, place: int) -> dict[str, Any]:
    return {"output_index": place, "item_id": item["id"]}
