"""What a page under way may ask for, and who answers: never the network, always the guarded fetcher."""

import time
from collections.abc import Awaitable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from tools.errors import ToolError
from tools.fetch import Fetched
from tools.render.limits import RenderLimits

if TYPE_CHECKING:
    from playwright.async_api import Frame, Page, Request, Route

FETCHED = frozenset({"script", "xhr", "fetch"})
"""Kinds of requests that bring text; pictures, fonts, films, frames, streams and pings are refused."""


class FetchPart(Protocol):
    """The guarded fetcher, for what a page asks for."""

    def __call__(self, url: str, *, page_url: str, timeout_s: float | None = None) -> Awaitable[Fetched]:
        """Bytes, or FetchError."""


class Traffic:
    """Answers every request of one page, within its limits."""

    def __init__(self, page: "Page", document: Fetched, fetch_part: FetchPart, limits: RenderLimits) -> None:
        self._page = page
        self._document = document
        self._fetch_part = fetch_part
        self._limits = limits
        self._begun = self._bytes = self._under_way = 0
        self._last = time.monotonic()

    @property
    def quiet_s(self) -> float:
        """Seconds since the last request ended; 0 while any is under way."""
        return 0.0 if self._under_way else time.monotonic() - self._last

    async def answer(self, route: "Route") -> None:
        """Answer one request, whatever it is; one whose page is gone needs no answer."""
        from playwright.async_api import Error

        with suppress(Error):
            await self._answer(route)

    async def _answer(self, route: "Route") -> None:
        request = route.request
        if self._is_document(request):
            await route.fulfill(
                status=200, content_type=self._document.content_type or "text/html", body=self._document.body
            )
        elif request.resource_type == "stylesheet" and request.method == "GET":
            # Scripts wait for style sheets, and how a page looks is not read.
            await route.fulfill(status=200, content_type="text/css", body="")
        elif request.resource_type in FETCHED and request.method == "GET":
            await self._fetch(route)
        else:
            # A navigation that is `aborted` leaves the page as it stands; any other error would replace it by a notice.
            await route.abort("aborted" if request.is_navigation_request() else "blockedbyclient")

    def _is_document(self, request: "Request") -> bool:
        """The page itself; that it goes elsewhere by script is not followed, for what it then says is of another."""
        return (
            request.resource_type == "document"
            and _frame_of(request) == self._page.main_frame
            and _plain(request.url) == _plain(self._document.final_url)
        )

    async def _fetch(self, route: "Route") -> None:
        self._begun += 1
        if self._begun > self._limits.max_requests or self._bytes > self._limits.max_bytes:
            await route.abort("blockedbyclient")
            return
        self._under_way += 1
        try:
            fetched = await self._fetch_part(route.request.url, page_url=self._document.final_url)
        except ToolError:
            await route.abort("failed")
            return
        finally:
            self._under_way -= 1
            self._last = time.monotonic()
        self._bytes += len(fetched.body)
        if fetched.truncated or self._bytes > self._limits.max_bytes:
            await route.abort("failed")
            return
        headers = {"content-type": fetched.content_type or "text/plain"} | _shared(route.request)
        await route.fulfill(status=200, headers=headers, body=fetched.body)


def _shared(request: "Request") -> dict[str, str]:
    """Let the page read it wherever it comes from: nothing personal was sent for it, so everybody could."""
    return {
        "access-control-allow-origin": request.headers.get("origin", "*"),
        "access-control-allow-credentials": "true",
    }


def _frame_of(request: "Request") -> "Frame | None":
    """Where the answer will be shown; None for a window that is only being opened."""
    from playwright.async_api import Error

    try:
        return request.frame
    except Error:
        return None


def _plain(url: str) -> str:
    parts = urlsplit(url)
    # A browser spells some signs otherwise (`'` is `%27`).
    return unquote(f"{parts.scheme}://{parts.netloc}{parts.path or '/'}?{parts.query}")
