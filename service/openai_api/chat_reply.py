"""The reply of `POST /v1/chat/completions`: one completion, or chunks that end with `[DONE]`."""

import json
from collections.abc import Sequence
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from agent.answer import Answer
from agent.events import AnswerDelta, RunCompleted, RunFailed, RunStarted
from service.openai_api.asked import Asked
from service.openai_api.errors import body_of_problem
from service.openai_api.sources import Json, citations_of, extras_of, search_results_of, url_citations
from service.problems import respond_problem
from service.replies import Begin, RunReply
from service.run_log import Logged

TOLD = frozenset({"run.started", "answer.delta", "run.completed", "run.failed"})
"""Events that have a place in a chat completion."""


class ChatReply(RunReply):
    """Sends a run as a chat completion."""

    def __init__(self, begin: Begin, asked: Asked, *, stream: bool) -> None:
        super().__init__(begin, stream=stream)
        self._asked = asked
        self._id = ""
        self._shown: list[str] = []

    def frames(self, batch: Sequence[Logged]) -> bytes:
        """See `RunReply`."""
        return b"".join(self._frames(entry) for entry in batch if entry.type in TOLD)

    def last(self) -> bytes:
        """See `RunReply`."""
        return b"data: [DONE]\n\n"

    def whole(self, scope: Scope, event: RunCompleted | RunFailed) -> Response:
        """See `RunReply`."""
        if isinstance(event, RunFailed):
            return respond_problem(scope, event.problem)
        answer = event.answer
        message = {
            "role": "assistant",
            "content": answer.answer,
            "refusal": None,
            "annotations": chat_annotations(answer, answer.answer),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        self._id = completion_id(event.run_id)
        body = self._envelope("chat.completion", [choice])
        return JSONResponse({**body, "usage": usage_of(answer), **self._beside(answer)})

    def _frames(self, entry: Logged) -> bytes:
        event = entry.event
        match event:
            case RunStarted():
                self._id = completion_id(event.run_id)
                return self._chunk({"role": "assistant", "content": "", "refusal": None})
            case AnswerDelta():
                return b"" if self._asked.checked_first else self._say(event.text)
            case RunCompleted():
                said = self._say(event.answer.answer) if self._asked.checked_first else b""
                return said + self._end(event.answer)
            case RunFailed():
                # Under this name for Perplexity's client; OpenAI's looks for `error` in any data.
                return b"event: error\n" + data_line(body_of_problem(event.problem))
            case _:
                return b""

    def _say(self, text: str) -> bytes:
        self._shown.append(text)
        return self._chunk({"content": text})

    def _end(self, answer: Answer) -> bytes:
        annotations = chat_annotations(answer, "".join(self._shown))
        parts = [self._chunk({"annotations": annotations}, "stop", self._beside(answer))]
        if self._asked.include_usage:
            body = self._envelope("chat.completion.chunk", [])
            parts.append(data_line({**body, "usage": usage_of(answer)}))
        return b"".join(parts)

    def _chunk(self, delta: Json, finish_reason: str | None = None, beside: Json | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        body = self._envelope("chat.completion.chunk", [choice])
        if self._asked.include_usage:
            body["usage"] = None
        return data_line({**body, **(beside or {})})

    def _envelope(self, kind: str, choices: list[Json]) -> Json:
        return {
            "id": self._id,
            "object": kind,
            "created": self._asked.created,
            "model": self._asked.model,
            "choices": choices,
        }

    def _beside(self, answer: Answer) -> Json:
        return {
            "citations": citations_of(answer),
            "search_results": search_results_of(answer),
            **({"related_questions": answer.related} if self._asked.related else {}),
            "asterism": extras_of(answer, self._asked.notes, kept=self._asked.kept),
        }


def chat_annotations(answer: Answer, shown: str) -> list[Json]:
    """The nested form of this API."""
    return [{"type": "url_citation", "url_citation": citation} for citation in url_citations(answer, shown)]


def usage_of(answer: Answer) -> Json:
    """Tokens of the run, over all its model calls, and how often it searched (Perplexity's word)."""
    usage = answer.usage
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens + usage.output_tokens,
        "num_search_queries": len(answer.searches),
    }


def completion_id(run_id: str) -> str:
    """The run's id in the form of this API."""
    return f"chatcmpl-{run_id.removeprefix('run_')}"


def data_line(body: Any) -> bytes:
    """One server-sent event without a name."""
    return b"data: " + json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n"
