"""What the OpenAPI document tells of errors, the same everywhere."""

from typing import Any, get_args

from agent.events import Event, Problem

EXAMPLES: dict[int, dict[str, Any]] = {
    400: {"code": "attachment-refused", "title": "The model takes no pictures."},
    401: {"code": "key-required", "title": "An API key is needed."},
    403: {"code": "origin-refused", "title": "A page of another site may not do this."},
    404: {"code": "thread-not-found", "title": "There is no such thread."},
    405: {"code": "method-not-allowed", "title": "This address does not take this method."},
    408: {"code": "body-too-slow", "title": "The request's body did not arrive in time."},
    409: {"code": "run-cancelled", "title": "The run was cancelled."},
    413: {"code": "body-too-large", "title": "The body is longer than 1,000,000 bytes."},
    422: {"code": "invalid-request", "title": "The request is not valid."},
    429: {"code": "too-busy", "title": "64 questions are being answered and 128 wait."},
    500: {"code": "internal", "title": "Something broke inside."},
    502: {"code": "search-failed", "title": "The search provider refuses us."},
    503: {"code": "model-unreachable", "title": "Nobody listens at the model's address."},
    504: {"code": "model-timeout", "title": "The model did not answer in time."},
}
EVENT_TYPES = sorted(get_args(event.model_fields["type"].annotation)[0] for event in get_args(get_args(Event)[0]))
EVENT_STREAM: dict[str, Any] = {
    "itemSchema": {
        "type": "object",
        "required": ["event", "id", "data"],
        "properties": {
            "event": {"type": "string", "enum": EVENT_TYPES},
            "id": {"type": "string", "pattern": "^[0-9]+$"},
            "data": {"type": "string", "contentMediaType": "application/json"},
        },
    },
    "example": 'event: run.started\nid: 1\ndata: {"run_id":"run_…","seq":1,"type":"run.started",…}\n\n'
    'event: answer.delta\nid: 9\ndata: {"run_id":"run_…","seq":9,"type":"answer.delta","text":"The "}\n\n',
}
"""A stream of events: exactly one `run.completed` or `run.failed`, which is the last."""
EVERYWHERE = (401, 403, 500, 503)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error responses of an operation: these, and those that any may give."""
    return {
        status: {
            "description": EXAMPLES[status]["title"],
            "model": Problem,
            "content": {
                "application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": {
                        "type": f"urn:asterism:problem:{EXAMPLES[status]['code']}",
                        "status": status,
                        "detail": EXAMPLES[status]["title"],
                        **EXAMPLES[status],
                    },
                }
            },
        }
        for status in sorted({*statuses, *EVERYWHERE})
    }
