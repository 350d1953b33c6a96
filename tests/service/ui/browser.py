"""A real Chromium for tests of the page; skipped where there is none."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process draws one test after another: a new one for each costs a tenth of all the time.
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
]


@asynccontextmanager
async def chromium() -> "AsyncIterator[Browser]":
    """Debian's Chromium, without a window; where it is there, the build that has none: it takes a quarter less time."""
    api = pytest.importorskip("playwright.async_api", reason="the extra `render` is not installed")
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed (apt install chromium)")
    async with api.async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()
