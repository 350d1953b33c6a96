"""One Chromium for a process of tests, one page for each kind of screen; for each test a service and somebody at it.

A page costs some 0.8 s of processor time to open and 0.3 s to use again. What it keeps is cleared, but for the files of
the service, which are the same for all.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from tests.service.ui.browser import chromium

pytest.importorskip("playwright.async_api", reason="the extra `render` is not installed")

from tests.service.ui.page.person import Person, Screen
from tests.service.ui.page.play import Play
from tests.service.ui.page.stage import Stage

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

Visit = Callable[..., AbstractAsyncContextManager[tuple[Person, Stage]]]

DESK, PHONE = FIRST = (Screen("desktop", "en"), Screen("phone", "zh-CN"))
SCREENS = (*FIRST, Screen("desktop", "zh-CN"), Screen("phone", "en"))


@pytest.fixture(params=SCREENS, ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    found: Screen = request.param
    return found


class Desks:
    """Pages that are used again."""

    def __init__(self, browser: "Browser") -> None:
        self._browser = browser
        self._pages: dict[Screen, Page] = {}

    @asynccontextmanager
    async def page(self, screen: Screen, **options: Any) -> "AsyncIterator[Page]":
        """A page on a screen; with further `options` of a context it is a new one."""
        if options:
            context = await self._browser.new_context(**{**screen.options, **options})
            yield await context.new_page()
            await context.close()
            return
        if screen not in self._pages:
            context = await self._browser.new_context(**screen.options)
            self._pages[screen] = await context.new_page()
        page = self._pages.pop(screen)
        yield page
        # A test that failed does not come here: its page is not used again.
        await page.evaluate("localStorage.clear()")
        await page.context.clear_cookies()
        await page.goto("about:blank")
        self._pages[screen] = page


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def desks() -> AsyncIterator[Desks]:
    async with chromium() as browser:
        yield Desks(browser)


@pytest.fixture
def visit(desks: Desks) -> Visit:
    """Opens the page of a play on a screen; whatever went wrong on the page fails the test."""

    @asynccontextmanager
    async def visiting(
        play: Play, screen: Screen, path: str | None = "/", *, require_key: bool = False, **options: Any
    ) -> AsyncIterator[tuple[Person, Stage]]:
        async with Stage(play, require_key=require_key) as stage, desks.page(screen, **options) as page:
            person = Person(page, screen, stage.url)
            with person.watching():
                if path is not None:
                    await person.opens(path)
                yield person, stage
            assert person.wrong == []

    return visiting
