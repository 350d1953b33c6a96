"""Somebody at the page: asks, presses, reads. What there is to press is found by role and name, in their language."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from playwright.async_api import ConsoleMessage, Error, Locator, Page, Request, expect

from service.ui.assets import STATIC
from tests.service.ui.page.play import QUESTION

PICTURES = Path(__file__).parents[4] / "test-output" / "ui"
"""Kept on every run, to be looked at."""
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
OURS = ("blob:", "data:")
REFUSED = "Failed to load resource"
"""What the console says of every answer that is not 2xx."""

TIMEOUT_MS = 8_000
"""States come within tenths of a second; a loaded machine gets time."""
expect.set_options(timeout=TIMEOUT_MS)


@lru_cache
def catalogue(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((STATIC / f"{language}.json").read_text("utf-8"))
    return found


@dataclass(frozen=True)
class Screen:
    """How large, and in which language."""

    size: str
    language: str

    def __str__(self) -> str:
        return f"{self.size}-{self.language}"

    @property
    def phone(self) -> bool:
        return self.size == "phone"

    @property
    def options(self) -> dict[str, Any]:
        """Of the browser's context. Nothing moves by itself, so that nothing has to be waited for."""
        width, height = SIZES[self.size]
        return {
            "viewport": {"width": width, "height": height},
            "locale": self.language,
            "has_touch": self.phone,
            "is_mobile": self.phone,
            "reduced_motion": "reduce",
            "permissions": ["clipboard-read", "clipboard-write"],
        }


@dataclass
class Person:
    """Somebody at a page of the service at `url`."""

    page: Page
    screen: Screen
    url: str
    wrong: list[str] = field(default_factory=list)
    """Errors of the page, and requests to anywhere else."""
    forgives_refusals: bool = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note what goes wrong meanwhile."""
        self.page.set_default_timeout(TIMEOUT_MS)
        self.page.on("pageerror", self._fail)
        self.page.on("console", self._hear)
        self.page.context.on("request", self._see)
        try:
            yield
        finally:
            self.page.remove_listener("pageerror", self._fail)
            self.page.remove_listener("console", self._hear)
            self.page.context.remove_listener("request", self._see)

    def _fail(self, error: Error) -> None:
        self.wrong.append(f"error: {error}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not (self.forgives_refusals and message.text.startswith(REFUSED)):
            self.wrong.append(f"console: {message.text}")

    def _see(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", *OURS)):
            self.wrong.append(f"request: {request.url}")

    def says(self, key: str, **values: object) -> str:
        """The words of the catalogue."""
        words = catalogue(self.screen.language)
        text = words.get(f"{key}_one", words[key]) if values.get("n") == 1 else words[key]
        return re.sub(r"\{(\w+)\}", lambda slot: str(values.get(slot[1], "")), text)

    @property
    def question(self) -> str:
        return QUESTION[self.screen.language]

    async def opens(self, path: str = "/") -> None:
        await self.page.goto(self.url + path)
        await expect(self.box).to_be_visible()

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name=self.says("ask_label"), exact=True)

    async def asks(self, question: str | None = None) -> None:
        await self.box.fill(question or self.question)
        await self.box.press("Enter")

    def button(self, key: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=self.says(key, **values), exact=True)

    async def presses(self, key: str, **values: object) -> None:
        await self.button(key, **values).click()

    def turn(self, at: int = -1) -> Locator:
        return self.page.locator(".turn").nth(at)

    async def has_answer(self, turns: int = 1) -> None:
        """So many turns stand there, and the last is answered."""
        await expect(self.page.locator(".turn")).to_have_count(turns)
        await expect(self.turn()).to_have_attribute("data-state", "done")

    async def reads(self, key: str, **values: object) -> None:
        """The words are on the page."""
        await expect(self.page.get_by_text(self.says(key, **values)).locator("visible=true").first).to_be_visible()

    def marks(self, verdict: str) -> Locator:
        """The marks of the last answer with this verdict, by what a screen reader says."""
        words = re.escape(self.says(f"m_{verdict}"))
        return self.turn().get_by_role("button", name=re.compile(f"{words}$"))

    @property
    def card(self) -> Locator:
        return self.page.get_by_role("dialog", name=self.says("card"))

    async def looks_behind(self, mark: Locator) -> None:
        """Open the card of a mark, as one does on this screen."""
        if self.screen.phone:
            await mark.tap()
        else:
            await mark.hover()
        await expect(self.card).to_be_visible()

    async def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=PICTURES / f"{name}-{self.screen}.png")

    async def measures(self, script: str, *args: Any) -> Any:
        return await self.page.evaluate(script, *args)
