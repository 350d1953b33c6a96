"""Errors under `/v1` in OpenAI's shape: `{"error": {message, type, param, code}}`."""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from agent.events import Problem
from service.errors import ServiceError

PREFIX = "/v1/"
TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}
"""`type` by status; other refusals are `invalid_request_error`, failures `server_error`."""
CODES = {"key-required": "invalid_api_key", "too-busy": "rate_limit_exceeded", "invalid-request": "invalid_value"}
"""Our codes that OpenAI's clients know under another word."""
FIRST_FAILURE_STATUS = 500
INVALID = 400
"""What OpenAI's clients take for a wrong request; 422 means little to them."""


class FieldRefused(ServiceError):
    """A field of the request is wrong, or asks for what this service does not do."""

    status = INVALID

    def __init__(self, message: str, *, param: str | None, code: str = "invalid_value") -> None:
        super().__init__(message)
        self.param = param
        self.code = code


class ModelUnknown(FieldRefused):
    """There is no such model."""

    status = 404

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no model {name[:80]!a}; there are {' and '.join(known)}.", param="model", code="model_not_found"
        )


class ResponseUnknown(FieldRefused):
    """The caller has no such response to go on after."""

    status = 404

    def __init__(self, response_id: str) -> None:
        super().__init__(
            f"There is no response {response_id!a}; it may not have been stored. Send the conversation in `input`.",
            param="previous_response_id",
            code="previous_response_not_found",
        )


def error_body(message: str, status: int, code: str, param: str | None = None) -> dict[str, object]:
    """The body of an error."""
    kind = "server_error" if status >= FIRST_FAILURE_STATUS else TYPES.get(status, "invalid_request_error")
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def body_of_problem(problem: Problem) -> dict[str, object]:
    """A problem document in the other shape."""
    code = CODES.get(problem.code, problem.code.replace("-", "_"))
    return error_body(problem.detail, problem.status, code)


def problem_in_shape(problem: Problem, headers: Mapping[str, str]) -> Response:
    """See `service.problems.Shape`."""
    status = INVALID if problem.status == 422 else problem.status
    return JSONResponse(body_of_problem(problem), status_code=status, headers=dict(headers))


def install_errors(app: FastAPI) -> None:
    """Let every error under `/v1/` leave in this shape."""

    async def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, FieldRefused)
        body = error_body(str(error), error.status, error.code, error.param)
        return JSONResponse(body, status_code=error.status)

    app.state.error_shapes[PREFIX] = problem_in_shape
    app.add_exception_handler(FieldRefused, refuse)
