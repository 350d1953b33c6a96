"""Reading a request's body: valid, or refused with one sentence that names the field."""

from collections.abc import Sequence
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from service.openai_api.errors import FieldRefused

Body = TypeVar("Body", bound=BaseModel)

MEDIA = frozenset(
    {"image_url", "input_audio", "input_image", "input_file", "file", "file_url", "pdf_url", "video_url", "image"}
)
"""Kinds of content that are not text."""
PARTS = frozenset({"UserText", "ImagePart", "AudioPart", "InputImage"})
TAGS = PARTS | {"user", "assistant", "system", "developer", "str"}
"""Names of alternatives that pydantic puts into the path of an error."""

UNSUPPORTED = {
    "n": "One answer is given to a question: `n` must be 1.",
    "best_of": "One answer is given to a question: `best_of` must be 1.",
    "tools": "Tools of the caller are not called: the service searches and reads by itself. "
    "On /v1/responses the tool `web_search` is taken.",
    "tool_choice": "There are no tools of the caller to choose from.",
    "functions": "Functions of the caller are not called: the service searches and reads by itself.",
    "function_call": "Functions of the caller are not called: the service searches and reads by itself.",
    "logprobs": "Log probabilities are not given.",
    "top_logprobs": "Log probabilities are not given.",
    "logit_bias": "The words of the answer cannot be biased.",
    "audio": "Answers are text only.",
    "modalities": "Answers are text only.",
    "response_format": "Answers are text with marks: only the format `text` is given.",
    "text": "Answers are text with marks: only the format `text` is given.",
    "stop": "The answer cannot be stopped at a word.",
    "return_images": "Images are not given.",
    "search_mode": "Only the web is searched.",
    "search_after_date_filter": "Dates cannot be bounded; use `search_recency_filter`.",
    "search_before_date_filter": "Dates cannot be bounded; use `search_recency_filter`.",
    "last_updated_after_filter": "Dates cannot be bounded; use `search_recency_filter`.",
    "last_updated_before_filter": "Dates cannot be bounded; use `search_recency_filter`.",
    "search_domain_filter": "Give up to 20 host names to search in, such as `example.org`; excluding one (`-host`) "
    "is not supported.",
    "background": "Answers in the background are not given here; POST /ask takes `background`.",
    "conversation": "Conversations are not kept under an id of their own; use `previous_response_id`.",
    "prompt": "Prompt templates are not kept here.",
}
"""Fields that some services take and this one does not, or not with every value."""


async def read_body(request: Request, kind: type[Body]) -> Body:
    """The body as `kind`.

    Raises:
        FieldRefused: when it is not valid; its sentence names the first wrong field and repeats no value.
    """
    try:
        return kind.model_validate_json(await request.body())
    except ValidationError as error:
        raise refusal_of(error) from error


def refusal_of(error: ValidationError) -> FieldRefused:
    """The one thing to tell: of the alternatives that failed, the one that got furthest."""
    wrong = error.errors(include_url=False, include_context=False)
    fields = {item["loc"][0] for item in wrong[:1] if item["loc"]}
    told = max((item for item in wrong if set(item["loc"][:1]) <= fields), key=lambda item: len(path_of(item["loc"])))
    path = path_of(told["loc"])
    param = spelled(path)
    if not path:
        return FieldRefused("The body is not a JSON object.", param=None, code="invalid_json")
    if path[-1] == "type" and str(told["input"]) in MEDIA:
        param = spelled(path[:-1])
        return FieldRefused(
            f"`{param}` is {told['input']!r}, which is not taken. Nothing was fetched. Send text, or a picture or"
            " recording as data.",
            param=param,
            code="unsupported_content",
        )
    if path[0] in UNSUPPORTED:
        return FieldRefused(UNSUPPORTED[str(path[0])], param=str(path[0]), code="unsupported_parameter")
    code = "missing_required_parameter" if told["type"] == "missing" else "invalid_value"
    return FieldRefused(f"`{param}` is not valid: {told['msg']}.", param=param, code=code)


def path_of(loc: Sequence[Any]) -> list[str | int]:
    """The path in the request, without what names alternatives of our types."""
    return [part for part in loc if isinstance(part, int) or (part not in TAGS and not set(str(part)) & set("[-("))]


def spelled(path: Sequence[str | int]) -> str:
    """The path as one writes it: `messages[0].content`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
