"""`/ui`: what only our own page asks for. Answers come as HTML blocks; no promise is made to other programs."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from agent.asked import check_question
from service.callers import Caller, caller_of
from service.hub import Hub, hub_of
from service.routes.runs import MAX_SEQ, received
from service.runs import Run
from service.schemas import AskRequest
from service.ui.about import about
from service.ui.shown import to_json
from service.ui.stream import UiReply
from service.ui.view import thread_page

router = APIRouter(prefix="/ui", include_in_schema=False)

Who = Annotated[Caller, Depends(caller_of)]
With = Annotated[Hub, Depends(hub_of)]


@router.get("/about")
async def read_about(request: Request, hub: With) -> dict[str, Any]:
    """What can be done here, and what is out of order."""
    return to_json(await about(hub, request.app.state.readiness))


@router.post("/ask")
async def ask(question: AskRequest, caller: Who, hub: With) -> Response:
    """As `POST /ask`; the run goes on when the page is closed or loaded again."""
    check_question(question.question, hub.settings.run.max_question_chars)
    options = question.options()

    async def begin() -> Run:
        return await hub.runs.start(caller, question.question, options, background=True)

    return UiReply(begin)


@router.get("/runs/{run_id}/events")
async def events(
    run_id: str,
    caller: Who,
    hub: With,
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0,
) -> Response:
    """Take up the stream of a run after the last event that was received."""
    run = await hub.runs.find(caller, run_id)

    async def begin() -> Run:
        return run

    return UiReply(begin, after=received(last_event_id, after), replay=True)


@router.post("/runs/{run_id}/resume")
async def resume(run_id: str, caller: Who, hub: With) -> Response:
    """Go on with an interrupted run."""

    async def begin() -> Run:
        return await hub.runs.resume(caller, run_id, background=True)

    return UiReply(begin)


@router.get("/threads/{thread_id}")
async def thread(thread_id: str, caller: Who, hub: With) -> dict[str, Any]:
    """A thread with its answers as HTML."""
    told = await hub.agent.threads.read(thread_id, caller.owner)
    # An answer of 40 claims takes 15 ms, and a thread has many.
    return await asyncio.to_thread(lambda: to_json(thread_page(told), brief=True))
