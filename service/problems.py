"""Errors on the wire: `application/problem+json` (RFC 9457) everywhere, or the shape that a path prefix registers."""

import math
from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import compile_path
from starlette.types import Scope

from agent.events import Problem
from agent.problems import INTERNAL, TABLE, problem_of
from service.errors import ServiceError

Shape = Callable[[Problem, Mapping[str, str]], Response]
"""Makes the response of an error: its problem, and headers that must be on it."""

MEDIA_TYPE = "application/problem+json"
RETRY_LATER_S = 5
"""`Retry-After` of errors that pass by themselves and do not say when."""
RETRYABLE = {429, 503}
MAX_TOLD = 5
"""Wrong fields named in one problem; the rest follows when these are right."""


def problem_response(problem: Problem, headers: Mapping[str, str]) -> Response:
    """The problem document."""
    body = problem.model_dump(mode="json")
    return JSONResponse(body, status_code=problem.status, headers=dict(headers), media_type=MEDIA_TYPE)


def respond(scope: Scope, error: BaseException) -> Response:
    """The response of any error, in the shape of the path."""
    problem = to_problem(error)
    headers = dict(getattr(error, "headers", None) or {})
    if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(methods_at(scope))) or headers.get("Allow", "")
    if problem.status in RETRYABLE:
        wait_s = getattr(error, "retry_after_s", None) or RETRY_LATER_S
        headers["Retry-After"] = str(max(1, math.ceil(wait_s)))
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return shape_for(scope)(problem, headers)


def methods_at(scope: Scope) -> set[str]:
    """Every documented method of the path; the router itself names only those of the first route that fits."""
    app = scope.get("app")
    paths = app.openapi()["paths"] if isinstance(app, FastAPI) else {}
    fitting = [operations for template, operations in paths.items() if compile_path(template)[0].match(scope["path"])]
    return {method.upper() for operations in fitting for method in operations}


def respond_problem(scope: Scope, problem: Problem) -> Response:
    """The response of a run that failed before anything was sent."""
    headers = {"Retry-After": str(RETRY_LATER_S)} if problem.status in RETRYABLE else {}
    return shape_for(scope)(problem, headers)


def shape_for(scope: Scope) -> Shape:
    """The shape that the longest registered prefix of the path has; problem documents otherwise."""
    app = scope.get("app")
    shapes: dict[str, Shape] = app.state.error_shapes if isinstance(app, FastAPI) else {}
    path = str(scope.get("path", ""))
    fitting = [prefix for prefix in shapes if path.startswith(prefix)]
    return shapes[max(fitting, key=len)] if fitting else problem_response


def to_problem(error: BaseException) -> Problem:
    """Any error as a problem."""
    if isinstance(error, ServiceError):
        return _problem(error.code, error.status, str(error), error.remedy)
    if isinstance(error, RequestValidationError | ValidationError):
        return _problem("invalid-request", 422, "The request is not valid.", _wrong_fields(error))
    if isinstance(error, HTTPException):
        return _of_http(error)
    return problem_of(error)


def _problem(code: str, status: int, title: str, remedy: str) -> Problem:
    return Problem(
        type=f"urn:asterism:problem:{code}", title=title, status=status, detail=f"{title} {remedy}".strip(), code=code
    )


def _of_http(error: HTTPException) -> Problem:
    """What the router refuses: no such path, no such method, a body that cannot be read."""
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return _problem("invalid-request", 422, "The request's body cannot be read.", "Send JSON as UTF-8.")
    phrase = HTTPStatus(error.status_code).phrase
    code = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, phrase.lower().replace(" ", "-"))
    told = {404: "There is nothing at this address.", 405: "This address does not take this method."}
    return _problem(code, error.status_code, told.get(error.status_code, str(error.detail) or phrase), "")


def _wrong_fields(error: RequestValidationError | ValidationError) -> str:
    """Which fields are wrong and how; their values are not repeated."""
    told = [
        f"{'.'.join(str(part) for part in wrong['loc'])}: {wrong['msg']}." for wrong in list(error.errors())[:MAX_TOLD]
    ]
    return " ".join(told).replace("..", ".")


def install(app: FastAPI) -> None:
    """Let every error leave as a problem."""

    async def handle(request: Request, error: Exception) -> Response:
        return respond(request.scope, error)

    for kind in (ServiceError, RequestValidationError, HTTPException, *TABLE):
        app.add_exception_handler(kind, handle)
    app.add_exception_handler(Exception, handle)


__all__ = ["INTERNAL", "MEDIA_TYPE", "install", "problem_response", "respond", "respond_problem", "to_problem"]
