"""`POST /ask`: a question in, an answer or its events out."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import Response

from agent.answer import Answer
from agent.asked import check_question
from service.callers import Caller, caller_of
from service.hub import Hub, hub_of
from service.idempotency import MAX_KEY_CHARS
from service.replies import RunReply, wants_stream
from service.routes.examples import ANSWER_EXAMPLE
from service.routes.told import EVENT_STREAM, problems
from service.runs import Run
from service.schemas import AskRequest

router = APIRouter(tags=["ask"])


@router.post(
    "/ask",
    response_model=Answer,
    responses={
        200: {
            "description": "The answer; or, when streamed, server-sent events that end with exactly one "
            "`run.completed` or `run.failed`.",
            "content": {**ANSWER_EXAMPLE["content"], "text/event-stream": EVENT_STREAM},
        },
        **problems(400, 404, 408, 409, 413, 422, 429, 502, 504),
    },
)
async def ask(
    request: Request,
    question: AskRequest,
    caller: Annotated[Caller, Depends(caller_of)],
    hub: Annotated[Hub, Depends(hub_of)],
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=MAX_KEY_CHARS, pattern=r"^[!-~]+$")] = None,
) -> Response:
    """Ask a question.

    The answer comes as one JSON object, or, with `stream: true` or `Accept: text/event-stream`, as events while it is
    made. A client that leaves stops the work, unless it asked with `background: true`. The same `Idempotency-Key`
    with the same body gives the same run again.
    """
    check_question(question.question, hub.settings.run.max_question_chars)
    options = question.options()

    async def begin() -> Run:
        if idempotency_key is None:
            return await start()
        fingerprint = hashlib.sha256(question.model_dump_json(exclude={"stream"}).encode()).hexdigest()
        return await hub.once.run(caller, idempotency_key, fingerprint, start)

    async def start() -> Run:
        return await hub.runs.start(caller, question.question, options, background=question.background)

    return RunReply(begin, stream=question.stream or wants_stream(request))
