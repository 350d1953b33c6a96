"""The routes of the API that OpenAI's and Perplexity's clients speak."""

import time
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from agent.asked import check_question
from agent.errors import RunNotFound
from agent.options import AskOptions
from agent.records import RunRecord
from service.callers import Caller, caller_of
from service.hub import Hub, hub_of
from service.openai_api.asked import Asked
from service.openai_api.body import read_body
from service.openai_api.chat_reply import ChatReply
from service.openai_api.chat_request import ChatRequest
from service.openai_api.errors import FieldRefused, ModelUnknown, ResponseUnknown
from service.openai_api.forgetting import Begun, ForgettingReply
from service.openai_api.messages import Conversation
from service.openai_api.responses_reply import ResponsesReply
from service.openai_api.responses_request import ResponsesRequest
from service.openai_api.told import ANSWERS, MODEL_LIST, MODEL_ONE, errors, takes
from service.runs import Run

router = APIRouter(prefix="/v1", tags=["OpenAI"])
Who = Annotated[Caller, Depends(caller_of)]
With = Annotated[Hub, Depends(hub_of)]
OUR_MODEL = "asterism"
EXAMPLE = "When was the Skerrin Observatory opened?"


@router.post(
    "/chat/completions",
    response_class=Response,
    openapi_extra=takes(ChatRequest, {"model": "asterism", "messages": [{"role": "user", "content": EXAMPLE}]}),
    responses={200: ANSWERS["chat"], **errors(400, 404, 408, 409, 413, 429, 502, 504)},
)
async def chat_completions(request: Request, caller: Who, hub: With) -> Response:
    """Answer the last user message of a conversation, as OpenAI and Perplexity do.

    The conversation comes with every request and is not kept, unless `store` is true. `annotations` tie spans of the
    answer (Unicode code points) to pages, `citations` and `search_results` are in the order of the marks, and
    `asterism` holds claims, verdicts and the rest.
    """
    asked = await read_body(request, ChatRequest)
    _require_model(asked.model, hub)
    conversation = _asked_by(asked.conversation_asked(), hub, "messages")
    known = Asked(
        model=asked.model,
        created=int(time.time()),
        notes=(*conversation.notes, *asked.notes(hub.settings.run.answer_tokens)),
        kept=bool(asked.store),
        include_usage=bool(asked.stream_options and asked.stream_options.include_usage),
        checked_first=(asked.verify or hub.settings.run.verify) != "flag",
        related=bool(asked.return_related_questions),
    )
    begun = _begin(hub, caller, conversation, asked.options(conversation.turns))
    reply = ChatReply(begun, known, stream=bool(asked.stream))
    return reply if known.kept else ForgettingReply(reply, begun, hub, caller)


@router.post(
    "/responses",
    response_class=Response,
    openapi_extra=takes(ResponsesRequest, {"model": "asterism", "input": EXAMPLE}),
    responses={200: ANSWERS["responses"], **errors(400, 404, 408, 409, 413, 429, 502, 504)},
)
async def responses(request: Request, caller: Who, hub: With) -> Response:
    """Answer a question, as OpenAI's Responses API does, with the searches as items and citations as annotations."""
    asked = await read_body(request, ResponsesRequest)
    _require_model(asked.model, hub)
    conversation = _asked_by(asked.conversation_asked(), hub, "input")
    before = await _run_before(asked.previous_response_id, hub, caller)
    kept = asked.store is not False or before is not None
    known = Asked(
        model=asked.model,
        created=int(time.time()),
        notes=(*conversation.notes, *asked.notes(hub.settings.run.answer_tokens)),
        kept=kept,
    )
    begun = _begin(hub, caller, conversation, _responses_options(asked, conversation, before))
    reply = ResponsesReply(begun, known, echoed_of(asked, kept=kept), stream=bool(asked.stream))
    return reply if kept else ForgettingReply(reply, begun, hub, caller)


@router.get("/models", response_class=Response, responses={200: MODEL_LIST, **errors()})
async def models(request: Request, hub: With) -> Response:
    """The names that `model` may have."""
    return JSONResponse({"object": "list", "data": [_model(name, request) for name in known_models(hub)]})


@router.get("/models/{name:path}", response_class=Response, responses={200: MODEL_ONE, **errors(404)})
async def model(request: Request, name: str, hub: With) -> Response:
    """One of them."""
    _require_model(name, hub)
    return JSONResponse(_model(name, request))


def known_models(hub: Hub) -> list[str]:
    """Our own name, and that of the model behind it."""
    return list(dict.fromkeys([OUR_MODEL, hub.agent.model.name]))


def echoed_of(asked: ResponsesRequest, *, kept: bool) -> dict[str, Any]:
    """Fields that the response repeats."""
    plain = asked.model_dump(mode="json", include={"instructions", "max_output_tokens", "previous_response_id"})
    return {
        **plain,
        "metadata": asked.metadata or {},
        "store": kept,
        "tools": [{"type": tool.type} for tool in asked.tools or ()],
        "tool_choice": asked.tool_choice if isinstance(asked.tool_choice, str) else "auto",
    }


def _model(name: str, request: Request) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": request.app.state.models_since, "owned_by": "asterism"}


def _require_model(name: str, hub: Hub) -> None:
    known = known_models(hub)
    if name not in known:
        raise ModelUnknown(name, known)


def _asked_by(conversation: Conversation | None, hub: Hub, param: str) -> Conversation:
    """The conversation, when it holds a question that can be asked.

    Raises:
        FieldRefused: when nobody asks anything.
        InvalidQuestion: when it is too long.
    """
    if conversation is None:
        raise FieldRefused("There is no user message, so there is no question.", param=param)
    check_question(conversation.question, hub.settings.run.max_question_chars)
    return conversation


async def _run_before(response_id: str | None, hub: Hub, caller: Caller) -> RunRecord | None:
    """The run of an earlier response.

    Raises:
        ResponseUnknown: when the caller has no such response, or it was not kept.
    """
    if response_id is None:
        return None
    try:
        return await hub.agent.threads.run(f"run_{response_id.removeprefix('resp_')}", caller.owner)
    except RunNotFound as error:
        raise ResponseUnknown(response_id) from error


def _responses_options(asked: ResponsesRequest, conversation: Conversation, before: RunRecord | None) -> AskOptions:
    if before is None:
        return asked.options(conversation.turns, None)
    return asked.options(before.options.turns, before.thread_id)


def _begin(hub: Hub, caller: Caller, conversation: Conversation, options: AskOptions) -> Begun:
    async def begin() -> Run:
        return await hub.runs.start(caller, conversation.question, replace(options, attachments=conversation.files))

    return Begun(begin)
