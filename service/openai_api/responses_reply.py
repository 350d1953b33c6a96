"""The reply of `POST /v1/responses`: one response, or OpenAI's sequence of events."""

import json
from collections.abc import Sequence

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from agent.events import RunFailed
from service.openai_api.asked import Asked
from service.openai_api.response_items import ResponseItems
from service.openai_api.sources import Json
from service.problems import respond_problem
from service.replies import Begin, RunReply
from service.run_log import Logged
from service.runs import Run

TOLD = frozenset({"run.started", "queries.planned", "results.found", "answer.delta", "run.completed", "run.failed"})
"""Events that have a place in a response."""


class ResponsesReply(RunReply):
    """Sends a run as a response."""

    def __init__(self, begin: Begin, asked: Asked, echoed: Json, *, stream: bool) -> None:
        super().__init__(begin, stream=stream)
        self._items = ResponseItems(asked, echoed)
        self._seq = 0

    def frames(self, batch: Sequence[Logged]) -> bytes:
        """See `RunReply`; sequence numbers rise by one from 0."""
        frames: list[bytes] = []
        for entry in batch:
            if entry.type not in TOLD:
                continue
            for name, fields in self._items.feed(entry.event):
                body = {"type": name, "sequence_number": self._seq, **fields}
                data = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
                frames.append(f"event: {name}\ndata: {data}\n\n".encode())
                self._seq += 1
        return b"".join(frames)

    async def _send_whole(self, run: Run, scope: Scope, receive: Receive, send: Send) -> None:
        """As the stream, of which only the last word is sent: the items come from all events, not from the last."""
        failed: RunFailed | None = None
        whole: Json = {}
        async with run.listen() as batches:
            async for batch in batches:
                for entry in batch:
                    if entry.type not in TOLD:
                        continue
                    event = entry.event
                    failed = event if isinstance(event, RunFailed) else None
                    for _, fields in self._items.feed(event):
                        whole = fields.get("response", whole)
        response = respond_problem(scope, failed.problem) if failed else JSONResponse(whole)
        response.headers["X-Run-Id"] = run.id
        await response(scope, receive, send)
