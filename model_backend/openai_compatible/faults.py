"""What went wrong with a model server, as one of our errors with its remedy. Knows the texts of servers."""

import json
import re

from model_backend.errors import (
    ContextTooLong,
    MalformedReply,
    ModelError,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)

LONGEST_QUOTE = 300
"""Characters of a server's own words that are passed on."""

INSIDE_A_REPLY = 500
"""Status taken for an error object inside a reply that had begun with HTTP 200, unless it names its own."""
_STATUS_CODES = frozenset(str(status) for status in range(400, 600))

_NOT_READY = frozenset({502, 503, 504})

START_OR_POINT = "Start the server, or set ASTERISM_MODEL__BASE_URL to one that runs."
FIX_THE_PATH = "Check ASTERISM_MODEL__BASE_URL: it usually ends with /v1."

_OVERFLOW = re.compile(
    r"context[ _](?:length|size|window)|max_model_len|maximum (?:context|allowed length|model length)"
    r"|too many (?:input )?tokens|prompt is too long",
    re.IGNORECASE,
)
"""How vLLM, SGLang, llama.cpp, llama-cpp-python and TGI say that a prompt does not fit."""
_NO_TOOLS = re.compile(r"enable-auto-tool-choice|tool-call-parser|does not support tools|tools? (?:are|is) not", re.I)
_TEMPLATE = re.compile(r"chat template|jinja|tool|NoneType|concatenate str", re.IGNORECASE)
"""How a chat template breaks on what it does not know; the server itself is well, although it says HTTP 500."""
_UNKNOWN_MODEL = re.compile(r"\bmodel\b", re.IGNORECASE)
_NOT_THERE = re.compile(r"not (?:found|exist|available)|unknown|does not exist|no such", re.IGNORECASE)


class RequestRefused(ModelRefused):
    """The key and the model are right, but something in the request is not to the server's liking."""


class ServerHiccup(ModelUnreachable):
    """A 5xx or a dropped connection: worth one more try while nothing was streamed."""


class ServerNotReady(ServerHiccup):
    """It says that it cannot work now: it still loads, or a proxy finds nobody behind it."""


def of_status(status: int, text: str, base_url: str) -> ModelError:
    """The error for an HTTP status and the server's words."""
    said = f" ({text})" if text else ""
    if _OVERFLOW.search(text) and status not in (401, 403, 404):
        return ContextTooLong(
            f"The prompt does not fit the model's window{said}.",
            remedy="Set ASTERISM_MODEL__CONTEXT_TOKENS to the server's window, or start the server with a larger one.",
        )
    if status in (401, 403):
        return ModelRefused(
            f"The model server at {base_url} refuses our key (HTTP {status}).",
            remedy="Set ASTERISM_MODEL__API_KEY to a key of that server.",
        )
    if status == 404 and not _UNKNOWN_MODEL.search(text):
        return ModelRefused(f"There is no chat API at {base_url} (HTTP 404).", remedy=FIX_THE_PATH)
    if 300 <= status < 400:
        return ModelRefused(
            f"The model server at {base_url} redirects elsewhere (HTTP {status}), and redirects are not followed.",
            remedy="Set ASTERISM_MODEL__BASE_URL to the final address.",
        )
    if status == 429:
        return ModelUnreachable(
            f"The model server at {base_url} is overloaded or the quota is spent (HTTP 429){said}.",
            remedy="Wait, or raise the server's limits.",
        )
    if status in _NOT_READY:
        return ServerNotReady(
            f"The model server at {base_url} is not ready (HTTP {status}){said}.",
            remedy="Wait until it has loaded the model; if it stays so, look into its log.",
        )
    if status >= 500 and not _TEMPLATE.search(text):
        return ServerHiccup(
            f"The model server at {base_url} failed (HTTP {status}){said}.",
            remedy="Look into the server's log, and restart it if need be.",
        )
    if _NO_TOOLS.search(text):
        return RequestRefused(
            f"The model server does not take function calls{said}.",
            remedy="Start vLLM with --enable-auto-tool-choice and --tool-call-parser, or choose another model.",
        )
    return RequestRefused(
        f"The model server at {base_url} does not take the request (HTTP {status}){said}.",
        remedy="Check ASTERISM_MODEL__NAME and the server's log.",
    )


def is_unknown_model(status: int, words: str) -> bool:
    """Whether the server says that it does not serve the named model."""
    if not _UNKNOWN_MODEL.search(words):
        return False
    return status == 404 or (status in (400, 422) and bool(_NOT_THERE.search(words)))


def unknown_model(name: str, served: tuple[str, ...], base_url: str) -> ModelRefused:
    """The error for a name that is not served."""
    remedy = f"Set ASTERISM_MODEL__NAME to one of: {', '.join(served)}." if served else "Check ASTERISM_MODEL__NAME."
    return ModelRefused(f"The model server at {base_url} does not serve {name!r}.", remedy=remedy)


def not_json(content_type: str, base_url: str) -> MalformedReply:
    """The error for a page where a completion should be."""
    kind = content_type.split(";")[0].strip() or "something without a content type"
    return MalformedReply(f"{base_url} answered with {kind}, not with a chat completion.", remedy=FIX_THE_PATH)


def broken_off(base_url: str) -> ServerHiccup:
    """The error for a stream that ends before it is finished."""
    return ServerHiccup(
        f"The model server at {base_url} broke off in the middle of its reply.",
        remedy="Look into the server's log: it may have crashed or run out of memory.",
    )


def too_slow(base_url: str, *, waited_s: float, first: bool) -> ModelTimeout:
    """The error for a server that is silent too long."""
    which, setting = ("first", "FIRST") if first else ("next", "NEXT")
    return ModelTimeout(
        f"The model server at {base_url} gave no {which} token within {waited_s:g} s.",
        remedy=f"See whether the server is busy or stuck, or raise ASTERISM_MODEL__{setting}_TOKEN_TIMEOUT_S.",
    )


def silent(base_url: str, *, waited_s: float) -> ModelTimeout:
    """The error for a server that takes a question about itself and does not answer."""
    return ModelTimeout(
        f"The model server at {base_url} did not answer within {waited_s:g} s.",
        remedy="See whether the server is still loading, busy or stuck.",
    )


def sdk_errors() -> tuple[type[Exception], ...]:
    """What the SDK and its HTTP client raise for a server that fails or talks nonsense."""
    import httpx2
    import openai

    return (
        openai.OpenAIError,
        httpx2.HTTPError,
        httpx2.InvalidURL,
        httpx2.StreamError,
        ValueError,  # JSON or UTF-8 that cannot be decoded
        RecursionError,  # JSON nested too deep
    )


def of_sdk(error: Exception, base_url: str) -> ModelError:
    """Our error for one that the SDK or its HTTP client raised; what is neither is taken for a malformed reply."""
    import httpx2
    import openai

    cause = error.__cause__ if isinstance(error, openai.APIConnectionError) and error.__cause__ else error
    if isinstance(error, openai.APIStatusError):
        return of_status(error.status_code, server_words(error.body), base_url)
    if isinstance(cause, httpx2.ConnectTimeout | httpx2.ConnectError):
        return ModelUnreachable(f"No model server answers at {base_url}.", remedy=START_OR_POINT)
    if isinstance(cause, httpx2.TimeoutException):
        return ModelTimeout(f"The model server at {base_url} did not take the request in time.", remedy=START_OR_POINT)
    if isinstance(cause, httpx2.UnsupportedProtocol | httpx2.InvalidURL):
        return ModelUnreachable(
            f"{base_url} is not an address of a server.", remedy="Set ASTERISM_MODEL__BASE_URL to http://HOST:PORT/v1."
        )
    if isinstance(cause, httpx2.TransportError):
        return broken_off(base_url)
    if isinstance(error, openai.APIError):
        status = int(error.code) if error.code in _STATUS_CODES else INSIDE_A_REPLY
        return of_status(status, _short(error.message), base_url)
    return MalformedReply(
        f"What {base_url} sent is not a chat completion.",
        remedy="Check that ASTERISM_MODEL__BASE_URL names an OpenAI-compatible server.",
    )


def server_words(body: object) -> str:
    """The message inside an error body, whatever its shape; empty for HTML."""
    if isinstance(body, dict):
        inner = body.get("error", body)
        if isinstance(inner, dict):
            inner = inner.get("message") or inner.get("detail") or inner
        return _short(inner if isinstance(inner, str) else json.dumps(inner, ensure_ascii=False, default=str))
    if isinstance(body, str) and not body.lstrip().startswith("<"):
        return _short(body)
    return ""


def _short(text: str) -> str:
    """One line of bounded length, without a full stop at the end."""
    line = "".join(c if c.isprintable() else " " for c in text)
    line = " ".join(line.split()).rstrip(".")
    return line if len(line) <= LONGEST_QUOTE else line[:LONGEST_QUOTE] + "…"
