"""The one table: error class -> code, HTTP status, exit code. Looked up along the class's ancestry."""

import os

from agent.errors import (
    AgentError,
    DeadlineExceeded,
    InvalidQuestion,
    Misconfigured,
    RunNotFound,
    RunNotResumable,
    StoreUnusable,
    ThreadNotFound,
)
from agent.events import Problem
from model_backend.attachments import AttachmentRefused
from model_backend.errors import (
    ContextTooLong,
    MalformedReply,
    ModelError,
    ModelMisconfigured,
    ModelRefused,
    ModelTimeout,
)
from tools.errors import LibraryError, NothingToIndex, NotInLibrary, SearchError, SearchQuotaExceeded, ToolError

USAGE = 2
"""Exit code of a wrong command line, as click has it."""

TABLE: dict[type[Exception], tuple[str, int, int]] = {
    InvalidQuestion: ("invalid-request", 422, USAGE),
    ThreadNotFound: ("thread-not-found", 404, os.EX_NOINPUT),
    RunNotFound: ("run-not-found", 404, os.EX_NOINPUT),
    RunNotResumable: ("run-not-resumable", 409, os.EX_USAGE),
    Misconfigured: ("misconfigured", 500, os.EX_CONFIG),
    StoreUnusable: ("store-unusable", 503, os.EX_IOERR),
    DeadlineExceeded: ("deadline-exceeded", 504, os.EX_TEMPFAIL),
    AgentError: ("run-failed", 500, os.EX_SOFTWARE),
    SearchQuotaExceeded: ("search-quota-exceeded", 503, os.EX_TEMPFAIL),
    SearchError: ("search-failed", 502, os.EX_UNAVAILABLE),
    NotInLibrary: ("not-in-library", 404, os.EX_NOINPUT),
    NothingToIndex: ("nothing-to-index", 422, os.EX_DATAERR),
    LibraryError: ("library-unusable", 503, os.EX_IOERR),
    ToolError: ("tool-failed", 502, os.EX_UNAVAILABLE),
    ModelTimeout: ("model-timeout", 504, os.EX_UNAVAILABLE),
    AttachmentRefused: ("attachment-refused", 400, os.EX_DATAERR),
    ModelRefused: ("model-refused", 502, os.EX_CONFIG),
    ContextTooLong: ("context-too-long", 422, os.EX_DATAERR),
    MalformedReply: ("model-malformed-reply", 502, os.EX_UNAVAILABLE),
    ModelMisconfigured: ("misconfigured", 500, os.EX_CONFIG),
    ModelError: ("model-unreachable", 503, os.EX_UNAVAILABLE),
}
INTERNAL = ("internal", 500, os.EX_SOFTWARE)
"""A bug: no details leave the process."""


def row_of(error: BaseException) -> tuple[str, int, int]:
    """(code, HTTP status, exit code) of an error."""
    for ancestor in type(error).__mro__:
        if ancestor in TABLE:
            return TABLE[ancestor]
    return INTERNAL


def problem_of(error: BaseException) -> Problem:
    """The error as a problem document; of a bug only its kind is told."""
    code, status, _ = row_of(error)
    if code == "internal":
        return Problem(title="Something broke inside.", status=status, detail="See the log for the run id.", code=code)
    remedy = getattr(error, "remedy", "")
    detail = f"{error} {remedy}".strip()
    return Problem(type=f"urn:asterism:problem:{code}", title=str(error), status=status, detail=detail, code=code)
