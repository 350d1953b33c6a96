"""The renderer: owns the browser, draws one page in one fresh context, ends what misbehaves."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from tools.errors import CleanError
from tools.fetch import Fetched
from tools.render.chromium import FLAGS, SHUT_DOORS, Nowhere, find_browser, may_sandbox, memory_bytes
from tools.render.limits import RenderLimits
from tools.render.traffic import FetchPart, Traffic

if TYPE_CHECKING:
    from playwright.async_api import Browser, CDPSession, Page, Playwright

log = logging.getLogger(__name__)

START_TIMEOUT_S = 20.0
"""Longest wait for the browser; it takes 0.3 to 1 s on a quiet machine."""
CLOSE_TIMEOUT_S = 1.0
"""Longest wait for a page or the browser to close; then the browser is killed."""
LOOK_EVERY_S = 0.05
"""How often the page's size and the browser's memory are looked at."""
_OTHER_SOURCE = "Ask for another source."


class Renderer:
    """Draws pages; safe to be called from many tasks at once. Belongs to one event loop; `aclose` it there."""

    def __init__(self, fetch_part: FetchPart, limits: RenderLimits, *, browser: str = "", user_agent: str = "") -> None:
        """Build a renderer; starts nothing yet.

        Args:
            fetch_part: Answers the page's requests.
            limits: Bounds of one page.
            browser: Path or name of a Chromium; empty takes the first one installed.
            user_agent: How the browser introduces itself to scripts.
        """
        self._fetch_part = fetch_part
        self._limits = limits
        self._named = browser
        self._user_agent = user_agent
        self._turns = asyncio.Semaphore(limits.pages)
        self._starting = asyncio.Lock()
        self._engine: _Engine | None = None
        self._beginning: asyncio.Task[None] | None = None
        self._launch: asyncio.Task[_Engine] | None = None
        """A browser that is starting: nobody who stops waiting stops it half-way, which would leave its processes."""
        self._closed = False

    async def start(self) -> None:
        """Start the browser in the background, so that the first page need not wait for it; returns at once."""
        if self._beginning is None:
            self._beginning = asyncio.create_task(self._begin(), name="start the browser")

    async def _begin(self) -> None:
        # The page that needs it will try again, and tell the reason.
        with suppress(CleanError):
            await self._ready_engine()

    async def render(self, document: Fetched) -> bytes:
        """The page as its scripts have drawn it: HTML in UTF-8, at most `max_chars` long.

        Args:
            document: The page as it was fetched; it is not fetched again.

        Raises:
            CleanError: when it cannot be drawn, with the reason.
        """
        try:
            async with asyncio.timeout(self._limits.timeout_s), self._turns:
                engine = await self._ready_engine()
                html = await self._draw(engine, document)
        except TimeoutError as error:
            message = f"The page was not drawn within {self._limits.timeout_s:g} s."
            raise CleanError(message, remedy=_OTHER_SOURCE) from error
        return html.encode("utf-8", "replace")

    async def aclose(self) -> None:
        """End the browser."""
        self._closed = True
        if self._beginning is not None:
            self._beginning.cancel()
            await asyncio.gather(self._beginning, return_exceptions=True)
        async with self._starting:
            if self._launch is not None:
                with suppress(CleanError):
                    self._engine = await self._launch
            if self._engine is not None:
                await self._engine.stop()
                self._engine = None

    @property
    def pids(self) -> tuple[int, ...]:
        """Processes of the browser as last seen; empty when it does not run."""
        return self._engine.seen if self._engine else ()

    async def _ready_engine(self) -> "_Engine":
        async with self._starting:
            if self._closed:
                raise CleanError("The browser is shut down.", remedy="Start the service again.")
            if self._engine is not None and not self._engine.is_alive:
                await self._engine.stop()
                self._engine = None
            if self._engine is None:
                self._engine = await self._started()
            return self._engine

    async def _started(self) -> "_Engine":
        launch = self._launch or asyncio.create_task(_Engine.start(self._named), name="launch the browser")
        self._launch = launch
        try:
            return await asyncio.shield(launch)
        finally:
            if launch.done():
                self._launch = None

    async def _draw(self, engine: "_Engine", document: Fetched) -> str:
        try:
            async with engine.page(self._user_agent) as page:
                traffic = Traffic(page, document, self._fetch_part, self._limits)
                # Of the context, so that windows the page opens are under it too.
                await page.context.route("**/*", traffic.answer)
                watch = asyncio.create_task(self._watch(engine))
                try:
                    await page.goto(document.final_url, wait_until="commit", timeout=0)
                    return await self._settled(page, traffic)
                finally:
                    watch.cancel()
                    await asyncio.gather(watch, return_exceptions=True)
        except _playwright_error() as error:
            reason = "ended the browser" if not engine.is_alive else "cannot be drawn"
            raise CleanError(f"The page {reason}.", remedy=_OTHER_SOURCE) from error

    async def _settled(self, page: "Page", traffic: Traffic) -> str:
        """The HTML, once nothing was asked for and nothing was added for a while; at the latest shortly before time."""
        give_up_at = time.monotonic() + 0.7 * self._limits.timeout_s
        inside = _Inside(page)
        size, since = -1, time.monotonic()
        while time.monotonic() < give_up_at:
            now_size = await inside.size()
            if now_size != size:
                size, since = now_size, time.monotonic()
            if size >= self._limits.max_chars:
                break
            if min(time.monotonic() - since, traffic.quiet_s) >= self._limits.quiet_s and size > 0:
                break
            await asyncio.sleep(LOOK_EVERY_S)
        return await inside.html(self._limits.max_chars)

    async def _watch(self, engine: "_Engine") -> None:
        while True:
            pids = await engine.pids()
            if memory_bytes(pids) > self._limits.max_memory_bytes:
                log.warning("a page took more memory than allowed; the browser is started again")
                engine.kill()
                return
            await asyncio.sleep(LOOK_EVERY_S)


class _Engine:
    """One browser with its driver."""

    def __init__(self, driver: "Playwright", browser: "Browser", nowhere: Nowhere, control: "CDPSession") -> None:
        self._driver = driver
        self._browser = browser
        self._nowhere = nowhere
        self._control = control
        self._pid = 0
        self.seen: tuple[int, ...] = ()
        """Its processes, as last asked for."""

    @classmethod
    async def start(cls, named: str) -> "_Engine":
        """Start the browser.

        Raises:
            CleanError: when there is none, or it does not start.
        """
        program = find_browser(named)
        from playwright.async_api import Error, async_playwright

        sandbox = may_sandbox()
        if not sandbox:
            log.warning("the browser runs without its sandbox, as it must for root; start the service as another user")
        nowhere = Nowhere()
        driver = None
        try:
            driver = await async_playwright().start()
            browser = await driver.chromium.launch(
                executable_path=program,
                args=list(FLAGS),
                env={"HOME": "/nonexistent", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
                proxy={"server": nowhere.proxy},
                chromium_sandbox=sandbox,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=START_TIMEOUT_S * 1000,
            )
            engine = cls(driver, browser, nowhere, await browser.new_browser_cdp_session())
            await engine.pids()
        except BaseException as error:
            if driver is not None:
                await driver.stop()
            nowhere.close()
            if isinstance(error, Error):
                raise CleanError("The browser does not start.", remedy="Run `asterism doctor`.") from error
            raise
        return engine

    @property
    def is_alive(self) -> bool:
        """Whether pages can be opened."""
        return self._browser.is_connected()

    @asynccontextmanager
    async def page(self, user_agent: str) -> AsyncIterator["Page"]:
        """An empty page in a context of its own, gone afterwards with everything it stored."""
        context = await self._browser.new_context(
            user_agent=user_agent or None, service_workers="block", accept_downloads=False, java_script_enabled=True
        )
        try:
            await context.add_init_script(SHUT_DOORS)
            yield await context.new_page()
        finally:
            try:
                async with asyncio.timeout(CLOSE_TIMEOUT_S):
                    await context.close()
            except (TimeoutError, _playwright_error()):
                self.kill()

    async def pids(self) -> tuple[int, ...]:
        """The browser's processes; remembers which one is the first of them."""
        told: dict[str, Any] = await self._control.send("SystemInfo.getProcessInfo")
        processes = told["processInfo"]
        self._pid = next(process["id"] for process in processes if process["type"] == "browser")
        self.seen = tuple(process["id"] for process in processes)
        return self.seen

    def kill(self) -> None:
        """End the browser at once."""
        if self._pid and self.is_alive:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    async def stop(self) -> None:
        """End the browser and its driver, and wait until they are gone."""
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._browser.close()
        except (TimeoutError, _playwright_error()):
            self.kill()
        await self._driver.stop()
        self._nowhere.close()


class _Inside:
    """A look at a page from a world of its own in it, whose functions the page cannot have replaced."""

    def __init__(self, page: "Page") -> None:
        self._page = page
        self._control: CDPSession | None = None
        self._world = 0

    async def size(self) -> int:
        """Characters of text in the page; -1 while it is loading anew."""
        try:
            size = await self._value("document.body ? document.body.textContent.length : 0")
        except _playwright_error():
            if self._page.is_closed():
                raise
            self._world = 0
            return -1
        return size if isinstance(size, int) else 0

    async def html(self, max_chars: int) -> str:
        """The document's HTML, cut."""
        html = await self._value(f"document.documentElement.outerHTML.slice(0, {max_chars})")
        return html if isinstance(html, str) else ""

    async def _value(self, expression: str) -> object:
        if self._control is None:
            self._control = await self._page.context.new_cdp_session(self._page)
        if not self._world:
            self._world = await self._enter(self._control)
        told = await self._control.send(
            "Runtime.evaluate", {"expression": expression, "contextId": self._world, "returnByValue": True}
        )
        return told["result"].get("value")

    async def _enter(self, control: "CDPSession") -> int:
        tree = await control.send("Page.getFrameTree")
        frame_id = tree["frameTree"]["frame"]["id"]
        world = await control.send("Page.createIsolatedWorld", {"frameId": frame_id, "worldName": "asterism"})
        return int(world["executionContextId"])


def _playwright_error() -> type[Exception]:
    from playwright.async_api import Error

    return Error
