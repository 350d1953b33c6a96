"""What the OpenAPI document tells of this API's replies."""

from typing import Any

from pydantic import BaseModel

from service.openai_api.errors import error_body

JSON = "application/json"
SSE = "text/event-stream"
OBJECT = {"type": "object"}
EVENT = {"type": "object", "required": ["data"], "properties": {"data": {"type": "string"}}}
"""A server-sent event as OpenAPI describes one: its data is JSON, or `[DONE]`."""
ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}
CHAT_EXAMPLE: dict[str, Any] = {
    "id": "chatcmpl-5f0c…",
    "object": "chat.completion",
    "created": 1795000000,
    "model": "asterism",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {
                "role": "assistant",
                "content": "The Kestrel tower is 87 metres high [1].",
                "annotations": [
                    {
                        "type": "url_citation",
                        "url_citation": {
                            "start_index": 0,
                            "end_index": 40,
                            "url": "http://tower.example/kestrel",
                            "title": "Kestrel tower",
                        },
                    }
                ],
            },
        }
    ],
    "citations": ["http://tower.example/kestrel"],
    "usage": {"prompt_tokens": 812, "completion_tokens": 14, "total_tokens": 826, "num_search_queries": 1},
}
RESPONSE_EXAMPLE: dict[str, Any] = {
    "id": "resp_5f0c…",
    "object": "response",
    "status": "completed",
    "model": "asterism",
    "output": [
        {"type": "web_search_call", "id": "ws_5f0c…_0", "status": "completed"},
        {"type": "message", "id": "msg_5f0c…", "role": "assistant", "status": "completed", "content": []},
    ],
}
MODEL_EXAMPLE = {"id": "asterism", "object": "model", "created": 1795000000, "owned_by": "asterism"}


def _answer(example: dict[str, Any], stream_example: str) -> dict[str, Any]:
    return {
        "description": "The answer; with `stream: true` as server-sent events.",
        "content": {
            JSON: {"schema": OBJECT, "example": example},
            SSE: {"itemSchema": EVENT, "example": stream_example},
        },
    }


ANSWERS = {
    "chat": _answer(
        CHAT_EXAMPLE, 'data: {"id":"chatcmpl-5f0c…","object":"chat.completion.chunk",…}\n\ndata: [DONE]\n\n'
    ),
    "responses": _answer(
        RESPONSE_EXAMPLE,
        'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"The ",…}\n\n',
    ),
}
MODEL_LIST = {
    "description": "The models.",
    "content": {JSON: {"schema": OBJECT, "example": {"object": "list", "data": [MODEL_EXAMPLE]}}},
}
MODEL_ONE = {"description": "The model.", "content": {JSON: {"schema": OBJECT, "example": MODEL_EXAMPLE}}}
MEANINGS = {
    400: ("The request is wrong, or asks for what is not done here.", "unsupported_parameter"),
    401: ("An API key is needed.", "invalid_api_key"),
    403: ("A page of another site may not do this.", "origin_refused"),
    404: ("There is no such model or response.", "model_not_found"),
    408: ("The request's body did not arrive in time.", "body_too_slow"),
    409: ("The run was cancelled.", "run_cancelled"),
    413: ("The body is too long.", "body_too_large"),
    429: ("Too many questions at once; `Retry-After` says when to come back.", "rate_limit_exceeded"),
    500: ("Something broke inside.", "internal"),
    502: ("The search failed.", "search_failed"),
    503: ("The model cannot be reached.", "model_unreachable"),
    504: ("Time ran out.", "deadline_exceeded"),
}
EVERYWHERE = (401, 403, 500, 503)


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error replies of an operation: these, and those that any may give."""
    return {
        status: {
            "description": MEANINGS[status][0],
            "content": {
                JSON: {"schema": ERROR_SCHEMA, "example": error_body(MEANINGS[status][0], status, MEANINGS[status][1])}
            },
        }
        for status in sorted({*statuses, *EVERYWHERE})
    }


def takes(kind: type[BaseModel], example: dict[str, Any]) -> dict[str, Any]:
    """An operation's body in the OpenAPI document; the body itself is read by `read_body`."""
    schema = kind.model_json_schema()
    whole = _inlined(schema, schema.pop("$defs", {}))
    return {"requestBody": {"required": True, "content": {JSON: {"schema": whole, "example": example}}}}


def _inlined(node: Any, defs: dict[str, Any]) -> Any:
    """The schema without references: they would point into the wrong document. Our types hold no cycles."""
    if isinstance(node, list):
        return [_inlined(part, defs) for part in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(defs[node["$ref"].rsplit("/", 1)[1]], defs)
    return {key: _inlined(value, defs) for key, value in node.items() if key != "discriminator"}
