"""Reading a response body within bounds: which kinds, which codings, how many bytes after decoding."""

import asyncio
import importlib.util
import time
from collections.abc import AsyncIterable, AsyncIterator

import httpcore2
import httpx2

from tools.errors import NotText, PageTooLarge, PageUnavailable

MAX_EXPANSION = 50
"""A body that reaches the limit at more than this times its size on the wire is a bomb; text packs to 1/3 to 1/30.

Bytes on the wire are counted in reads of 16 KB, so a limit of 5 MB sees the sharpest bomb as about 300.
"""

_TURN_S = 0.005
"""Longest stretch without giving the event loop a turn: a body of one-byte chunks never waits for the network."""

_SNIFFED_BYTES = 1024
_UNTOLD = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/force-download", "*/*"})
"""Types that say nothing; the first bytes decide."""
_APPLICATION = frozenset(
    {
        "application/xhtml+xml",
        "application/xml",
        "application/json",
        "application/x-ndjson",
        "application/yaml",
        "application/x-yaml",
        "application/pdf",
    }
)
_NOT_PROSE = frozenset({"text/css", "text/javascript", "text/ecmascript", "text/calendar", "text/vcard"})
_SCRIPTS = frozenset(
    {
        "text/javascript",
        "text/ecmascript",
        "application/javascript",
        "application/x-javascript",
        "application/ecmascript",
    }
)
_ANOTHER = "Use another source."


def _has_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # the parent package is missing
        return False


def known_codings() -> tuple[str, ...]:
    """Content codings that httpx2 can undo here, in bounded pieces: br and zstd depend on installed packages."""
    codings = ["gzip", "deflate"]
    if _has_module("brotli") or _has_module("brotlicffi"):
        codings.append("br")
    if _has_module("backports.zstd") or _has_module("compression.zstd"):
        codings.append("zstd")
    return tuple(codings)


def check_coding(headers: httpx2.Headers, known: tuple[str, ...]) -> None:
    """Refuse a coding we cannot undo, and more than one.

    A second layer multiplies: 64 KB can stand for 64 GB between the layers and still decode to nothing, which no cap
    on the result would stop. No web server has a reason for it.

    Raises:
        PageUnavailable: for an unknown coding or a second layer.
    """
    names = [name.strip().lower() for name in headers.get("content-encoding", "").split(",")]
    used = [name for name in names if name not in {"", "identity"}]
    if len(used) > 1 or any(name not in known for name in used):
        raise PageUnavailable("The page is packed in a way that is not accepted.", remedy=_ANOTHER)


def check_type(content_type: str) -> None:
    """Refuse what cannot be text, before its body is read.

    Raises:
        NotText: for images, media, archives, programs and styles.
    """
    mime = _mime(content_type)
    if mime in _UNTOLD or mime in _APPLICATION:
        return
    if mime.startswith("text/") and mime not in _NOT_PROSE:
        return
    if mime.startswith("application/") and mime.endswith(("+xml", "+json")):
        return
    raise NotText(f"The page is {mime[:60]!a}, not text.", remedy=_ANOTHER)


def check_part_type(content_type: str) -> None:
    """Like `check_type`, for what a page needs to draw itself: programs too.

    Raises:
        NotText: for images, media, archives and styles.
    """
    if _mime(content_type) not in _SCRIPTS:
        check_type(content_type)


async def read_body(response: httpx2.Response, content_type: str, max_bytes: int) -> tuple[bytes, bool]:
    """Read and decode a body; True beside it means that there was more.

    A text that is too long or breaks off is cut there, for its beginning is worth reading; half a PDF is not.

    Raises:
        PageTooLarge: for a PDF over the limit, or a body that expands like a bomb.
        NotText: when the server named no type and the bytes are not text.
        PageUnavailable: when the body breaks off before anything came, or cannot be decoded.
    """
    is_pdf = _mime(content_type) == "application/pdf"
    if is_pdf and _declared_bytes(response) > max_bytes:
        raise PageTooLarge("The PDF is larger than allowed.", remedy=_ANOTHER)
    body = bytearray()
    cut = False
    try:
        async for piece in _with_turns(response.aiter_bytes()):
            body += piece
            if len(body) > max_bytes:
                cut = True
                break
    except (httpcore2.ProtocolError, httpcore2.NetworkError, httpx2.DecodingError) as error:
        if not body:
            raise PageUnavailable("The server broke off its answer.", remedy="Try again later.") from error
        cut = True
    if len(body) > max_bytes:
        if response.num_bytes_downloaded * MAX_EXPANSION < len(body):
            raise PageTooLarge("The page unpacks to far more than its size.", remedy=_ANOTHER)
        del body[max_bytes:]
    if cut and (is_pdf or body.startswith(b"%PDF-")):
        raise PageTooLarge("The PDF is larger than allowed, or incomplete.", remedy=_ANOTHER)
    if _mime(content_type) in _UNTOLD:
        _check_bytes(body)
    return bytes(body), cut


async def _with_turns(pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Pass pieces on and let other tasks run in between."""
    last = time.monotonic()
    async for piece in pieces:
        yield piece
        if time.monotonic() - last > _TURN_S:
            await asyncio.sleep(0)
            last = time.monotonic()


def _check_bytes(body: bytearray) -> None:
    head = bytes(body[:_SNIFFED_BYTES])
    if b"\0" in head and not head.startswith((b"%PDF-", b"\xff\xfe", b"\xfe\xff")):
        raise NotText("The page is not text.", remedy=_ANOTHER)


def _declared_bytes(response: httpx2.Response) -> int:
    declared = response.headers.get("content-length", "")
    return int(declared[:18]) if declared.isascii() and declared.isdigit() else 0


def _mime(content_type: str) -> str:
    return content_type.split(";")[0].strip()
