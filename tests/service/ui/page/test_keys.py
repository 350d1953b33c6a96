"""The page by keyboard, by finger and by pointer: where the focus goes, what a key does, what is never blocked."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.service.ui.page.conftest import DESK, PHONE, Visit
from tests.service.ui.page.person import Person, Screen
from tests.service.ui.page.play import CITED, CONTRADICTED, FOLLOW_UP, HELD, UNSUPPORTED, play

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

FOCUSED = """() => { const at = document.activeElement;
    return at === document.body ? '' : (at.getAttribute('aria-label') || at.textContent || at.id).trim(); }"""


async def stops(person: Person, most: int = 40) -> list[str]:
    """What Tab comes to, from the top of the page to its end."""
    await person.measures("document.querySelector('.skip').focus()")
    found: list[str] = [await person.measures(FOCUSED)]
    for _ in range(most):
        await person.page.keyboard.press("Tab")
        name = await person.measures(FOCUSED)
        if not name or name in found[:1]:
            break
        found.append(name)
    return found


async def test_tab_goes_through_the_page_as_it_is_seen(visit: Visit) -> None:
    async with visit(play("en"), DESK) as (person, _):
        await person.asks()
        await person.has_answer()
        order = await stops(person)
        expected = [
            "Skip to answer",
            "Skip to question box",
            "Asterism",
            "History",
            "Settings",
            "Answered from 2 pages",
        ]
        expected += ["Source 1, tower.example: supports this sentence", "4 supported", "Copy", "Regenerate"]
        expected += ["Edit question", "question", "Options", "Ask"]
        places = [
            next((at for at, name in enumerate(order) if name.endswith(one) or name.startswith(one)), None)
            for one in expected
        ]
        assert None not in places, order
        assert places == sorted(places), order  # type: ignore[type-var]
        # All marks are one stop.
        assert len([name for name in order if name.startswith("Source ")]) == 1


async def test_the_card_opens_by_keyboard_and_gives_the_focus_back(visit: Visit) -> None:
    async with visit(play("en"), DESK) as (person, _):
        await person.asks()
        await person.has_answer()
        first, second = person.marks("supported").nth(0), person.marks("supported").nth(1)
        await first.focus()
        await person.page.keyboard.press("ArrowRight")
        await expect(second).to_be_focused()
        await expect(person.card).to_contain_text("1901")
        await person.page.keyboard.press("Enter")
        await expect(person.card.get_by_role("link")).to_be_focused()
        await person.page.keyboard.press("Escape")
        await expect(person.card).to_be_hidden()
        await expect(second).to_be_focused()


@pytest.mark.parametrize("opener", ["history", "settings"])
async def test_a_sheet_takes_the_focus_and_gives_it_back(visit: Visit, opener: str) -> None:
    async with visit(play("en"), DESK) as (person, _):
        await person.presses(opener)
        sheet = person.page.get_by_role("dialog", name=person.says(opener))
        await expect(sheet).to_be_visible()
        assert await person.measures("document.activeElement.closest('dialog') !== null")
        await person.page.keyboard.press("Escape")
        await expect(sheet).to_be_hidden()
        await expect(person.button(opener)).to_be_focused()


async def test_the_pointer_may_travel_from_the_mark_into_the_card(visit: Visit) -> None:
    async with visit(play("en"), DESK) as (person, _):
        await person.asks()
        await person.has_answer()
        await person.looks_behind(person.marks("supported").first)
        copy = person.card.get_by_role("button", name=person.says("copy_quote"))
        box = await copy.bounding_box()
        assert box is not None
        await person.page.mouse.move(box["x"] + 5, box["y"] + 5, steps=12)
        await copy.click()
        await person.reads("quote_copied")
        assert "87 metres" in await person.measures("navigator.clipboard.readText()")
        await person.page.mouse.move(5, 700, steps=3)
        await expect(person.card).to_be_hidden()


async def test_a_tap_on_a_mark_keeps_the_page_and_its_sentence_in_sight(visit: Visit) -> None:
    async with visit(play("zh-CN"), PHONE) as (person, _):
        await person.asks()
        await person.has_answer()
        before = person.page.url
        mark = person.marks("supported").last
        await mark.tap()
        await expect(person.card).to_be_visible()
        assert person.page.url == before
        assert len(person.page.context.pages) == 1
        sheet, at = await person.card.bounding_box(), await mark.bounding_box()
        assert sheet is not None
        assert at is not None
        assert at["y"] + at["height"] <= sheet["y"]
        await person.card.get_by_role("button", name=person.says("close")).tap()
        await expect(person.card).to_be_hidden()
        await expect(mark).to_be_focused()


async def test_enter_that_ends_a_composition_does_not_send(visit: Visit) -> None:
    async with visit(play("zh-CN"), PHONE) as (person, _):
        await person.box.fill("红隼")
        for init in ("{ key: 'Enter', isComposing: true }", "{ key: 'Enter', keyCode: 229 }"):
            await person.measures(
                "document.getElementById('question').dispatchEvent("
                f"new KeyboardEvent('keydown', {{ ...{init}, bubbles: true, cancelable: true }}))"
            )
        await person.box.press("Shift+Enter")
        await expect(person.box).to_have_value("红隼\n")
        await expect(person.page.locator(".turn")).to_have_count(0)


async def test_a_draft_survives_and_the_slash_leads_to_it(visit: Visit) -> None:
    async with visit(play("en"), DESK) as (person, _):
        await person.box.fill("How high is")
        await person.page.reload()
        await expect(person.box).to_have_value("How high is")
        await person.button("settings").focus()
        await person.page.keyboard.press("/")
        await expect(person.box).to_be_focused()
        await expect(person.box).to_have_value("How high is")
        await person.asks()
        await person.has_answer()
        await person.page.reload()
        await expect(person.box).to_have_value("")


async def test_an_address_with_a_question_asks_it_once(visit: Visit) -> None:
    async with visit(play("en"), DESK, "/?q=How+high+is+the+Kestrel+tower%3F") as (person, stage):
        await person.has_answer()
        await expect(person.page).to_have_title(re.compile("Kestrel tower"))
        assert "q=" not in person.page.url
        await person.page.reload()
        await person.has_answer()
        assert len((await stage.fetch("GET", "/threads")).json()["threads"]) == 1


async def test_single_letters_lead_to_marks_and_sources_and_can_be_switched_off(visit: Visit) -> None:
    async with visit(play("en", UNSUPPORTED), DESK) as (person, _):
        await person.asks()
        await person.has_answer()
        await person.measures("document.activeElement.blur()")
        await person.page.keyboard.press("n")
        await expect(person.marks("unsupported").first).to_be_focused()
        await person.page.keyboard.press("[")
        await expect(person.marks("supported").first).to_be_focused()
        await person.page.keyboard.press("?")
        keys = person.page.get_by_role("dialog", name=person.says("keys"))
        await expect(keys).to_contain_text(person.says("next_problem"))
        await person.picture("help")
        await keys.get_by_role("checkbox", name=person.says("letters")).uncheck()
        await person.page.keyboard.press("Escape")
        await person.measures("document.activeElement.blur()")
        await person.page.keyboard.press("n")
        await expect(person.marks("unsupported").first).not_to_be_focused()
        await person.page.keyboard.press("Control+k")
        await expect(person.page.get_by_role("dialog", name=person.says("history"))).to_be_visible()
        await person.page.keyboard.press("Escape")
        await person.page.keyboard.press("Control+Shift+O")
        await expect(person.page.get_by_role("heading", name=person.says("hero"))).to_be_visible()


async def test_an_answer_is_copied_with_its_sources_and_its_doubts(visit: Visit) -> None:
    async with visit(play("en", CONTRADICTED), DESK) as (person, _):
        await person.asks()
        await person.has_answer()
        await person.presses("copy")
        await person.page.get_by_role("menuitem", name=person.says("copy_markdown")).click()
        await person.reads("copied", n=2)
        copied = await person.measures("navigator.clipboard.readText()")
        assert CONTRADICTED["en"] in copied
        assert "](<http://tower.example/kestrel>)" in copied
        assert f"- It was built in 1902. ({person.says('w_contradicted')})" in copied


async def test_two_tabs_follow_one_run(visit: Visit) -> None:
    async with visit(play("en", HELD), DESK) as (person, stage):
        await person.asks()
        await expect(person.marks("unchecked")).to_have_count(1)
        other = Person(await person.page.context.new_page(), DESK, person.url)
        with other.watching():
            await other.page.goto(person.page.url)
            await expect(other.marks("unchecked")).to_have_count(1)
            stage.play.model.cue.set()
            await person.has_answer()
            await other.has_answer()
            await expect(other.marks("supported")).to_have_count(2)
            stage.play.model.lines = CITED["en"]
            await other.asks(FOLLOW_UP["en"])
            await other.has_answer(turns=2)
        assert other.wrong == []
        await other.page.close()
        await person.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # One comes back to it.
        await person.has_answer(turns=2)
        await person.page.reload()
        await person.has_answer(turns=2)


async def test_what_is_asked_in_a_thread_that_is_gone_is_not_lost(visit: Visit) -> None:
    async with visit(play("en"), DESK) as (person, stage):
        await person.asks()
        await person.has_answer()
        address = person.page.url
        await stage.fetch("DELETE", f"/threads/{address.split('=')[1]}")
        person.forgives_refusals = True
        await person.asks(FOLLOW_UP["en"])
        await person.reads("thread_gone")
        await person.presses("ask_again")
        await person.has_answer(turns=2)
        assert person.page.url != address
        await person.page.goto(address)
        await person.reads("thread_gone")
        await person.asks()
        await person.has_answer()
        await expect(person.page.get_by_text(person.says("thread_gone"))).to_be_hidden()


async def test_a_thread_that_comes_late_is_not_put_on_a_page_that_was_left(visit: Visit) -> None:
    async with visit(play("en"), DESK) as (person, _):
        await person.asks()
        await person.has_answer()
        address = person.page.url
        held = asyncio.Event()

        async def late(route: Route) -> None:
            await held.wait()
            await route.continue_()

        await person.page.route("**/ui/threads/*", late)
        await person.page.goto(address)
        await person.page.keyboard.press("Control+Shift+O")
        await expect(person.page.locator(".turn")).to_have_count(0)
        async with person.page.expect_response("**/ui/threads/*"):
            held.set()
        await person.asks(FOLLOW_UP["en"])
        await person.has_answer(turns=1)
        await person.page.unroute("**/ui/threads/*")


async def test_escape_in_the_box_stops_the_answer(visit: Visit) -> None:
    async with visit(play("en", HELD), DESK) as (person, _):
        await person.asks()
        await expect(person.marks("unchecked")).to_have_count(1)
        await person.box.press("Escape")
        await person.reads("stopped")


async def test_one_goes_back_to_an_earlier_thread_by_the_browsers_button(visit: Visit) -> None:
    async with visit(play("en"), DESK) as (person, _):
        await person.asks()
        await person.has_answer()
        await person.page.get_by_role("link", name="Asterism").click()
        await expect(person.page.get_by_role("heading", name=person.says("hero"))).to_be_visible()
        await person.page.go_back()
        await person.has_answer()
        await expect(person.page.get_by_role("heading", name=person.question, level=2)).to_be_visible()


async def test_the_language_is_changed_by_its_own_name(visit: Visit) -> None:
    async with visit(play("en"), DESK) as (person, _):
        await person.presses("other_language")
        chinese = Person(person.page, Screen("desktop", "zh-CN"), person.url)
        await expect(person.page.get_by_role("heading", name=chinese.says("hero"))).to_be_visible()
        await chinese.presses("other_language")
        await expect(person.page.get_by_role("heading", name=person.says("hero"))).to_be_visible()


async def test_a_screen_reader_hears_the_end_and_failures_and_not_every_word(visit: Visit) -> None:
    async with visit(play("en", HELD), DESK) as (person, stage):
        await person.asks()
        await expect(person.marks("unchecked")).to_have_count(1)
        spoken = person.page.locator("#status")
        assert "87 metres" not in await spoken.inner_text()
        await expect(person.turn()).to_have_attribute("aria-busy", "true")
        stage.play.model.cue.set()
        await expect(spoken).to_have_text(person.says("ready_said", n=2, bad=0))
        stage.play.model.down = True
        await person.asks(FOLLOW_UP["en"])
        await expect(person.page.get_by_role("alert").first).to_contain_text(person.says("model_down"))


async def test_no_state_lasts_for_long_without_new_words(visit: Visit) -> None:
    async with visit(play("en", HELD), DESK, None, color_scheme="light") as (person, _):
        await person.page.clock.install()
        await person.opens()
        await person.asks()
        await expect(person.marks("unchecked")).to_have_count(1)
        await person.page.clock.fast_forward(9_000)
        await person.reads("slow", stage=person.says("stage_writing"))
