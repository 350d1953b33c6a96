"""Replies of a run, one code path for JSON and streams: they watch the client, and a client that leaves ends them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from agent.events import RunCompleted, RunFailed
from service.problems import respond_problem
from service.run_log import Logged
from service.runs import Run

Begin = Callable[[], Awaitable[Run]]
"""Starts or finds the run; waits in the queue, may refuse."""
SSE_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Proxies must pass a stream on as it comes."""


class RunReply(Response):
    """Sends a run to the client. Subclasses give it another wire form (`frames`, `last`, `whole`)."""

    heartbeat = b": still here\n\n"
    """Sent after each silence, so that proxies keep the connection and a client that has gone is noticed."""

    lull_s = 0.0
    """See `Run.listen`."""

    def __init__(self, begin: Begin, *, stream: bool, after: int = 0, replay: bool = False) -> None:
        super().__init__()
        self._begin = begin
        self._stream = stream
        self._after = after
        self._replay = replay

    def frames(self, batch: Sequence[Logged]) -> bytes:
        """Events as bytes of the stream. By default server-sent events under their own names."""
        return b"".join(
            b"event: %b\nid: %d\ndata: %b\n\n" % (entry.type.encode(), entry.seq, entry.data) for entry in batch
        )

    def last(self) -> bytes:
        """What ends the stream after the terminal event; nothing by default."""
        return b""

    def whole(self, scope: Scope, event: RunCompleted | RunFailed) -> Response:
        """The reply of a run that is not streamed: by default the answer, or the problem."""
        if isinstance(event, RunFailed):
            return respond_problem(scope, event.problem)
        return JSONResponse(event.answer.model_dump(mode="json"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Work and watch the client at the same time; whichever ends first ends the other."""
        work = asyncio.create_task(self._work(scope, receive, send), name="reply")
        watch = asyncio.create_task(_gone(receive), name="watch client")
        try:
            await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ours = not work.done()
            work.cancel()
            watch.cancel()
            await asyncio.gather(work, watch, return_exceptions=True)
        if not ours and not work.cancelled():
            work.result()

    async def _work(self, scope: Scope, receive: Receive, send: Send) -> None:
        run = await self._begin()
        if self._stream:
            await self._send_stream(run, scope, receive, send)
        else:
            await self._send_whole(run, scope, receive, send)

    async def _send_whole(self, run: Run, scope: Scope, receive: Receive, send: Send) -> None:
        last: Logged | None = None
        async with run.listen() as batches:
            async for batch in batches:
                last = batch[-1] if batch else last
        if last is None or not isinstance(event := last.event, RunCompleted | RunFailed):
            raise RuntimeError("a run ended without a terminal event")
        response = self.whole(scope, event)
        response.headers["X-Run-Id"] = run.id
        await response(scope, receive, send)

    async def _send_stream(self, run: Run, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        async with run.listen(self._after, lull_s=self.lull_s) as batches:
            async for batch in batches:
                if not started:
                    refused = None if self._replay else failed_at_once(batch)
                    if refused is not None:
                        await respond_problem(scope, refused.problem)(scope, receive, send)
                        return
                    started = True
                    await send(self._stream_start(run))
                body = self.frames(batch) if batch else self.heartbeat
                if body:
                    await send({"type": "http.response.body", "body": body, "more_body": True})
        if not started:
            await send(self._stream_start(run))
        await send({"type": "http.response.body", "body": self.last(), "more_body": False})

    def _stream_start(self, run: Run) -> dict[str, object]:
        response = Response(media_type="text/event-stream", headers={**SSE_HEADERS, "X-Run-Id": run.id})
        headers = [pair for pair in response.raw_headers if pair[0] != b"content-length"]
        return {"type": "http.response.start", "status": 200, "headers": headers}


def failed_at_once(batch: Sequence[Logged]) -> RunFailed | None:
    """The failure of a run that failed before it began: nothing is sent yet, so it can still be a plain refusal."""
    if batch and batch[0].type == "run.failed":
        event = batch[0].event
        assert isinstance(event, RunFailed)
        return event
    return None


async def _gone(receive: Receive) -> None:
    """Return when the client has left."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return


def wants_stream(request: Request) -> bool:
    """Whether the client asks for server-sent events by its Accept header."""
    return "text/event-stream" in request.headers.get("accept", "").lower()
