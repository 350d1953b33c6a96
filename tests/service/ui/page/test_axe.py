"""axe-core over every state of the page, in both themes: no violation of WCAG 2.2 A and AA, nor of good practice."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import pytest
from playwright.async_api import expect

from tests.doubles import memory_settings
from tests.service.ui.page.conftest import Visit
from tests.service.ui.page.person import Person, Screen
from tests.service.ui.page.play import (
    CITED,
    CONTRADICTED,
    CUT,
    FOLLOW_UP,
    HELD,
    QUERY,
    TABLE,
    UNSEARCHED,
    UNSUPPORTED,
    play,
)
from tests.service.ui.page.stage import Stage
from tools.errors import SearchUnreachable

pytest.importorskip("axe_playwright_python", reason="axe is not installed (make dev)")
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOR_RULES = ["color-contrast", "link-in-text-block"]
"""All that a theme can break: themes differ in colors alone."""
RUN = """async (only) => (await axe.run({ runOnly: only, resultTypes: ['violations'] })).violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`))"""


THEMES: dict[Literal["dark", "light"], list[str]] = {"dark": COLOR_RULES, "light": TAGS}


@lru_cache
def axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


class Auditor:
    """Looks at states in both themes, and remembers what is wrong with them."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.violations: list[str] = []

    async def looks_at(self, state: str) -> None:
        page = self.person.page
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(axe())
        for theme, only in THEMES.items():
            await page.emulate_media(color_scheme=theme)
            self.violations += [f"{state}, {theme}: {one}" for one in await page.evaluate(RUN, only)]
            await self.person.picture(f"{state}-{theme}")


async def test_the_way_of_one_answer(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, HELD, unreadable=("http://gone.example/",)), screen) as (person, stage):
        audit = Auditor(person)
        await audit.looks_at("home")
        await person.presses("options")
        await audit.looks_at("options")
        await person.asks()
        await expect(person.marks("unchecked")).to_have_count(1)
        await person.asks(FOLLOW_UP[screen.language])
        await person.reads("asked_next")
        await audit.looks_at("queued")
        stage.play.model.lines = TABLE[screen.language]
        stage.play.model.cue.set()
        await person.has_answer(turns=2)
        await person.turn().locator("summary").first.click()
        await audit.looks_at("steps")
        await person.turn(-1).get_by_role("button", name=person.says("copy"), exact=True).click()
        await expect(person.page.get_by_role("menu")).to_be_visible()
        await audit.looks_at("menu")
        await person.page.keyboard.press("Escape")
        await person.looks_behind(person.marks("supported").first)
        await audit.looks_at("card")
        assert audit.violations == []


async def test_sheets(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, unreadable=("http://gone.example/",)), screen) as (person, _):
        audit = Auditor(person)
        await person.asks()
        await person.has_answer()
        await person.presses("settings")
        await audit.looks_at("settings")
        await person.presses("keys")
        await audit.looks_at("keys")
        await person.page.keyboard.press("Escape")
        await person.page.keyboard.press("Escape")
        await person.presses("history")
        history = person.page.get_by_role("dialog", name=person.says("history"))
        await history.get_by_role("button", name=f"{person.says('rename')}: {person.question}").click()
        await audit.looks_at("rename")
        await person.page.keyboard.press("Escape")
        await history.get_by_role("button", name=f"{person.says('delete')}: {person.question}").click()
        await person.reads("deleted")
        await audit.looks_at("deleted")
        await person.presses("undo")
        await history.get_by_role("link").first.click()
        await person.has_answer()
        if screen.phone:
            await person.presses("n_sources", n=2)
            await audit.looks_at("sources")
        assert audit.violations == []


Prepare = Callable[[Person, Stage], Awaitable[None]]


async def _ask(person: Person, _: Stage) -> None:
    await person.asks()
    await expect(person.turn()).to_have_attribute("aria-busy", "false")


async def _card(verdict: str, person: Person, stage: Stage) -> None:
    await _ask(person, stage)
    await person.looks_behind(person.marks(verdict).first)


async def _contradicted(person: Person, stage: Stage) -> None:
    await _card("contradicted", person, stage)


async def _unsupported(person: Person, stage: Stage) -> None:
    await _card("unsupported", person, stage)


async def _stopped(person: Person, stage: Stage) -> None:
    stage.play.model.lines = HELD[person.screen.language]
    await person.asks()
    await expect(person.turn().locator(".mark")).to_have_count(1)
    await person.presses("stop")
    await person.reads("stopped")


async def _down(person: Person, stage: Stage) -> None:
    stage.play.model.down = True
    await person.asks()
    await person.reads("model_down")


async def _abstaining(person: Person, stage: Stage) -> None:
    stage.play.model.query = QUERY[person.screen.language]
    stage.play.searcher.web = stage.play.reader.web = {}
    await _ask(person, stage)


async def _searching_in_vain(person: Person, stage: Stage) -> None:
    stage.play.model.query = QUERY[person.screen.language]
    stage.play.searcher.error = SearchUnreachable("Nobody answers at 127.0.0.1:8888.", remedy="Start SearXNG.")
    await _ask(person, stage)


STATES = {
    "contradicted": (CONTRADICTED, _contradicted),
    "unsupported": (UNSUPPORTED, _unsupported),
    "stopped": (CITED, _stopped),
    "model-down": (CITED, _down),
    "cut": (CUT, _ask),
    "abstention": (UNSEARCHED, _abstaining),
    "search-down": (UNSEARCHED, _searching_in_vain),
}


@pytest.mark.parametrize("state", STATES)
async def test_a_state(visit: Visit, screen: Screen, state: str) -> None:
    lines, prepare = STATES[state]
    async with visit(play(screen.language, lines), screen) as (person, stage):
        await prepare(person, stage)
        audit = Auditor(person)
        await audit.looks_at(state)
        assert audit.violations == []


async def test_a_service_that_needs_a_key_asks_for_it(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, settings=memory_settings()), screen, None, require_key=True) as (
        person,
        stage,
    ):
        person.forgives_refusals = True
        await person.opens()
        dialog = person.page.get_by_role("dialog", name=person.says("key_title"))
        await expect(dialog).to_be_visible()
        audit = Auditor(person)
        await audit.looks_at("key")
        field = dialog.get_by_label(person.says("key_label"))
        await field.fill("ask_wrong")
        await field.press("Enter")
        await person.reads("key_wrong")
        await field.fill(await stage.key())
        await field.press("Enter")
        await expect(dialog).to_be_hidden()
        await person.asks()
        await person.has_answer()
        assert audit.violations == []
