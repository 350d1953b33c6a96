"""`/runs`: look at a run, take its stream up again, stop it, go on with it."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from agent.answer import Answer
from service.callers import Caller, caller_of
from service.hub import Hub, hub_of
from service.replies import RunReply, wants_stream
from service.routes.examples import ANSWER_EXAMPLE, RUN_EXAMPLE
from service.routes.told import EVENT_STREAM, problems
from service.runs import Run
from service.schemas import RunView

router = APIRouter(prefix="/runs", tags=["runs"])

MAX_SEQ = 2**53
"""Numbers above this are not exact in JavaScript."""
Who = Annotated[Caller, Depends(caller_of)]
With = Annotated[Hub, Depends(hub_of)]


def received(last_event_id: str | None, after: int) -> int:
    """The last event that a client says it has; `after` where its header holds no number."""
    if not last_event_id or not re.fullmatch("[0-9]+", last_event_id):
        return after
    return MAX_SEQ if len(last_event_id) > len(str(MAX_SEQ)) else min(int(last_event_id), MAX_SEQ)


@router.get("/{run_id}", responses={200: RUN_EXAMPLE, **problems(404, 422)})
async def read_run(run_id: str, caller: Who, hub: With) -> RunView:
    """One run: its state, and its answer when it has one."""
    return RunView.of(await hub.agent.threads.run(run_id, caller.owner))


@router.get(
    "/{run_id}/events",
    response_class=Response,
    responses={
        200: {"description": "Server-sent events.", "content": {"text/event-stream": EVENT_STREAM}},
        **problems(404, 422),
    },
)
async def events(
    run_id: str,
    caller: Who,
    hub: With,
    last_event_id: Annotated[str | None, Header(description="The `id` of the last event that was received.")] = None,
    after: Annotated[int, Query(ge=0, le=MAX_SEQ, description="The same, for clients that cannot set headers.")] = 0,
) -> Response:
    """Take up the stream of a run after the last event that was received, to its one terminal event."""
    run = await hub.runs.find(caller, run_id)
    return RunReply(lambda: _ready(run), stream=True, after=received(last_event_id, after), replay=True)


@router.post("/{run_id}/cancel", responses={200: RUN_EXAMPLE, **problems(404, 422)})
async def cancel(run_id: str, caller: Who, hub: With) -> RunView:
    """Stop a run; its model and page connections are closed. A run that has ended stays as it is."""
    return RunView.of(await hub.runs.cancel(caller, run_id))


@router.post(
    "/{run_id}/resume",
    response_model=Answer,
    responses={
        200: {
            "description": "As POST /ask.",
            "content": {**ANSWER_EXAMPLE["content"], "text/event-stream": EVENT_STREAM},
        },
        **problems(404, 409, 422, 429, 502, 504),
    },
)
async def resume(
    request: Request,
    run_id: str,
    caller: Who,
    hub: With,
    background: Annotated[bool, Query(description="Go on when the client leaves.")] = False,
) -> Response:
    """Go on with an interrupted run from the last step that was stored; answers as POST /ask does."""
    return RunReply(
        lambda: hub.runs.resume(caller, run_id, background=background), stream=wants_stream(request), replay=False
    )


async def _ready(run: Run) -> Run:
    return run
