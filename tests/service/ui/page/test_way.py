"""The whole way: what people do with the page, on a desk and on a phone, in English and Chinese."""

import asyncio
import re
from base64 import b64decode

import pytest
from playwright.async_api import FilePayload, Route, expect

from agent.settings import ServiceSettings
from tests.doubles import memory_settings
from tests.service.ui.page.conftest import DESK, Visit
from tests.service.ui.page.person import Screen
from tests.service.ui.page.play import (
    CITED,
    CONTRADICTED,
    CUT,
    DISAGREEING,
    DISPUTED,
    FOLLOW_UP,
    HELD,
    QUERY,
    SUM,
    UNSEARCHED,
    UNSUPPORTED,
    play,
)
from tests.service.ui.page.stage import until
from tools.errors import SearchUnreachable

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # one point
WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQIAAAAAAA=="  # one sample
PASTE = """async (png) => {
    const bytes = Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'tower.png', { type: 'image/png' }));
    const box = document.getElementById('question');
    box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""


async def test_one_asks_watches_and_looks_at_the_passage_behind_a_mark(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, HELD, unreadable=("http://gone.example/",)), screen) as (person, stage):
        await person.picture("home")
        await person.asks()
        await expect(person.marks("unchecked")).to_have_count(1)
        await person.reads("writing")
        await expect(person.button("stop")).to_be_visible()
        await person.picture("writing")
        stage.play.model.cue.set()

        await person.has_answer()
        await person.reads("done", n=2)
        await person.reads("n_supported", n=2)
        await expect(person.button("stop")).to_be_hidden()
        await person.looks_behind(person.marks("supported").first)
        await expect(person.card).to_contain_text(person.says("v_supported"))
        await expect(person.card.locator("blockquote")).to_contain_text("87")
        await expect(person.card.get_by_role("link")).to_have_attribute(
            "href", re.compile(r"^http://[^#]+#:~:text=\S*87")
        )
        await person.picture("card")
        await person.page.keyboard.press("Escape")
        await expect(person.card).to_be_hidden()

        await person.turn().locator("summary").first.click()
        steps = person.turn().get_by_role("listitem").filter(visible=True)
        await expect(steps.filter(has_text=person.question[:-1]).first).to_be_visible()
        await expect(steps.filter(has_text="gone.example")).to_contain_text("404")
        await person.picture("steps")


async def test_one_asks_on_and_the_new_question_stands_at_the_top(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language), screen) as (person, _):
        await person.asks()
        await person.has_answer()
        await person.asks(FOLLOW_UP[screen.language])
        await person.has_answer(turns=2)
        heading = person.page.get_by_role("heading", name=FOLLOW_UP[screen.language], level=2)
        box = await heading.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 120
        await person.picture("follow-up")


async def test_what_is_asked_while_an_answer_comes_waits_and_is_asked_next(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, HELD), screen) as (person, stage):
        await person.asks()
        await expect(person.turn().locator(".mark")).to_have_count(1)
        await person.asks(FOLLOW_UP[screen.language])
        await person.reads("asked_next")
        await expect(person.page.locator(".turn")).to_have_count(1)
        await person.picture("queued")
        stage.play.model.cue.set()
        await person.has_answer(turns=2)
        await expect(person.page.get_by_text(person.says("asked_next"))).to_be_hidden()


async def test_stop_stops_the_model_and_keeps_what_came(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, HELD), screen) as (person, stage):
        await person.asks()
        await expect(person.turn().locator(".mark")).to_have_count(1)
        await person.presses("stop")
        await person.reads("stopped")
        await expect(person.turn().locator(".answer")).to_contain_text("87")
        await until(lambda: stage.play.model.left_early > 0)
        await person.picture("stopped")
        stage.play.model.cue.set()
        await person.presses("ask_again")
        await person.has_answer()


async def test_one_asks_the_same_again(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language), screen) as (person, stage):
        await person.asks()
        await person.has_answer()
        stage.play.model.lines = CONTRADICTED[screen.language]
        await person.presses("regenerate")
        await expect(person.marks("contradicted")).to_have_count(1)
        await person.has_answer()
        await person.page.reload()
        await person.has_answer()
        await expect(person.marks("contradicted")).to_have_count(1)


async def test_one_asks_in_other_words_and_the_new_question_takes_the_old_ones_place(
    visit: Visit, screen: Screen
) -> None:
    async with visit(play(screen.language), screen) as (person, _):
        await person.asks()
        await person.has_answer()
        await person.presses("edit")
        await expect(person.box).to_have_value(person.question)
        await expect(person.box).to_be_focused()
        await person.box.fill(FOLLOW_UP[screen.language])
        await person.presses("ask_edited")
        await expect(person.page.get_by_role("heading", name=FOLLOW_UP[screen.language], level=2)).to_be_visible()
        await person.has_answer()
        await person.page.reload()
        await person.has_answer()
        await expect(person.page.get_by_role("heading", name=FOLLOW_UP[screen.language], level=2)).to_be_visible()


async def test_a_thread_is_renamed_and_found_by_its_words(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language), screen) as (person, _):
        await person.asks()
        await person.has_answer()
        await person.presses("history")
        history = person.page.get_by_role("dialog", name=person.says("history"))
        await history.get_by_role("button", name=f"{person.says('rename')}: {person.question}").click()
        field = history.get_by_role("textbox", name=person.says("rename"))
        await field.fill("Towers ⁂ 塔")
        await field.press("Enter")
        await expect(history.get_by_role("link", name="Towers ⁂ 塔")).to_be_visible()
        await person.picture("history")
        search = history.get_by_role("searchbox")
        await search.fill("zeppelin")
        await expect(history).to_contain_text(person.says("history_no_match", q="zeppelin"))
        await search.fill("1901")
        await expect(history.get_by_role("link", name="Towers ⁂ 塔")).to_be_visible()
        await history.get_by_role("link", name="Towers ⁂ 塔").click()
        await expect(history).to_be_hidden()
        await person.has_answer()


async def test_a_deleted_thread_can_be_taken_back_and_is_gone_otherwise(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language), screen) as (person, stage):
        await person.asks()
        await person.has_answer()
        await person.presses("history")
        history = person.page.get_by_role("dialog", name=person.says("history"))
        delete = history.get_by_role("button", name=f"{person.says('delete')}: {person.question}")
        await delete.click()
        await person.reads("deleted")
        await person.reads("history_empty")
        await person.picture("deleted")
        await person.presses("undo")
        await expect(delete).to_be_visible()
        assert len((await stage.fetch("GET", "/threads")).json()["threads"]) == 1
        await delete.click()
        await person.reads("deleted")
        await person.page.reload()
        while (await stage.fetch("GET", "/threads")).json()["threads"]:  # noqa: ASYNC110 - gone soon after the page
            await asyncio.sleep(0.01)
        await person.presses("history")
        await person.reads("history_empty")


async def test_a_page_loaded_again_goes_on_with_the_answer(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, HELD), screen) as (person, stage):
        await person.asks()
        await expect(person.turn().locator(".mark")).to_have_count(1)
        await person.page.reload()
        await expect(person.turn().locator(".mark")).to_have_count(1)
        await expect(person.button("stop")).to_be_visible()
        stage.play.model.cue.set()
        await person.has_answer()
        await expect(person.marks("supported")).to_have_count(2)
        assert stage.play.model.asked == 2


async def test_a_server_that_is_away_is_told_and_the_question_is_kept(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language), screen) as (person, stage):
        person.forgives_refusals = True
        await stage.stop()
        await person.asks()
        await person.reads("offline_title")
        await person.reads("offline_detail")
        await person.picture("offline")
        await stage.start()
        await person.presses("retry")
        await person.has_answer()
        await expect(person.page.get_by_role("heading", name=person.question, level=2)).to_be_visible()


async def test_an_answer_cut_off_by_a_restart_goes_on(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, HELD), screen) as (person, stage):
        person.forgives_refusals = True
        await person.asks()
        await expect(person.turn().locator(".mark")).to_have_count(1)
        await stage.stop()
        await stage.start()
        await person.reads("cut")
        await person.picture("cut-off")
        await person.page.reload()
        await person.reads("cut")
        stage.play.model.cue.set()
        await person.presses("go_on")
        await person.has_answer()
        await expect(person.marks("supported")).to_have_count(2)


async def test_a_busy_service_says_when_to_come_back(visit: Visit, screen: Screen) -> None:
    full = memory_settings(service=ServiceSettings(max_runs=1, max_queue=0))
    async with visit(play(screen.language, HELD, settings=full), screen, None, color_scheme="dark") as (person, stage):
        person.forgives_refusals = True
        await person.page.clock.install()
        await person.opens()
        taking = asyncio.create_task(stage.fetch("POST", "/ask", json={"question": "?"}))
        await until(lambda: stage.app.state.hub.admission.running)
        await person.asks()
        await person.reads("busy")
        await person.reads("busy_wait", n=2)
        await person.picture("busy")
        stage.play.model.cue.set()
        await taking
        await person.page.clock.fast_forward(3000)
        await person.presses("retry")
        await person.has_answer()


async def test_a_model_that_is_down_is_named_and_asked_again(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language), screen) as (person, stage):
        stage.play.model.down = True
        await person.asks()
        await person.reads("model_down")
        await expect(person.turn()).to_contain_text("127.0.0.1:8000")
        await person.picture("model-down")
        stage.play.model.down = False
        await person.presses("retry")
        await person.has_answer()


async def test_a_model_that_dies_in_mid_answer_leaves_what_it_said(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, CUT), screen) as (person, stage):
        await person.asks()
        await expect(person.turn()).to_have_attribute("aria-busy", "false")
        await person.picture("model-died")
        await expect(person.turn().locator(".answer")).to_contain_text("87")
        stage.play.model.lines = CITED[screen.language]
        await person.presses("ask_again")
        await expect(person.marks("supported")).to_have_count(4)
        await person.has_answer()


async def test_an_abstention_says_what_was_tried_and_what_can_be_done(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, UNSEARCHED, web={}), screen) as (person, stage):
        stage.play.model.query = QUERY[screen.language]
        await person.asks()
        await person.has_answer()
        await person.picture("abstention")
        await expect(person.turn()).to_contain_text(QUERY[screen.language])
        await person.presses("other_words")
        await expect(person.box).to_have_value(person.question)
        await person.box.press("Escape")
        await person.presses("without_sources")
        await expect(person.turn().locator(".answer")).to_contain_text(UNSEARCHED[screen.language])
        await person.has_answer()


async def test_a_contradiction_shows_what_either_says(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, CONTRADICTED), screen) as (person, _):
        await person.asks()
        await person.has_answer()
        await person.reads("n_contradicted", n=1)
        await person.looks_behind(person.marks("contradicted").first)
        await expect(person.card).to_contain_text(person.says("v_contradicted"))
        for key, value in (("answer_says", "1902"), ("page_says", "1901")):
            await expect(person.card.get_by_role("term").filter(has_text=person.says(key))).to_be_visible()
            await expect(person.card.get_by_role("definition").filter(has_text=value)).to_be_visible()
        await person.picture("contradiction")


async def test_unsupported_sentences_are_marked_and_can_be_hidden(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, UNSUPPORTED), screen) as (person, _):
        await person.asks()
        await person.has_answer()
        await person.reads("n_unsupported", n=1)
        await person.picture("unsupported")
        doubtful = person.marks("unsupported").first
        await person.looks_behind(doubtful)
        await expect(person.card).to_contain_text(person.says("v_unsupported"))
        await person.picture("unsupported-card")
        await person.page.keyboard.press("Escape")
        await person.page.get_by_role("checkbox", name=person.says("hide_unsupported")).check()
        await expect(doubtful).to_be_hidden()
        await expect(person.marks("supported").first).to_be_visible()


async def test_a_picture_is_refused_by_a_model_that_takes_none(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language), screen) as (person, _):
        await expect(person.button("attach")).to_be_hidden()
        await person.measures(PASTE, PNG)
        await person.reads("no_images", model="actor")
        await person.picture("image-refused")
        await person.asks()
        await person.has_answer()


async def test_a_picture_pasted_before_the_page_knows_the_model_waits_for_it(visit: Visit) -> None:
    shown, known = play("en"), asyncio.Event()
    shown.model.profile = "megrez-3b-omni"

    async def late(route: Route) -> None:
        await known.wait()
        await route.continue_()

    async with visit(shown, DESK, path=None) as (person, _):
        await person.page.route("**/ui/about", late)
        await person.opens()
        await person.measures(PASTE, PNG)
        known.set()
        await expect(person.button("remove_file", name="tower.png")).to_be_visible()
        await person.page.unroute("**/ui/about")


async def test_files_chosen_together_are_all_taken(visit: Visit) -> None:
    shown = play("en")
    shown.model.profile = "megrez-3b-omni"
    async with visit(shown, DESK) as (person, _):
        async with person.page.expect_file_chooser() as choosing:
            await person.presses("attach")
        chooser = await choosing.value
        await chooser.set_files(
            [
                FilePayload(name="tower.png", mimeType="image/png", buffer=b64decode(PNG)),
                FilePayload(name="bell.wav", mimeType="audio/wav", buffer=b64decode(WAV)),
            ]
        )
        await expect(person.button("remove_file", name="tower.png")).to_be_visible()
        await expect(person.button("remove_file", name="bell.wav")).to_be_visible()


async def test_pages_that_cannot_be_read_are_listed_with_the_reason(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, unreadable=("http://gone.example/a",)), screen) as (person, _):
        await person.asks()
        await person.has_answer()
        if screen.phone:
            await person.presses("n_sources", n=2)
        await person.reads("could_not_read")
        await expect(person.page.get_by_text("404").locator("visible=true").first).to_be_visible()
        await person.picture("sources")


async def test_a_search_that_is_down_is_not_an_empty_web(visit: Visit, screen: Screen) -> None:
    down = SearchUnreachable("Nobody answers at 127.0.0.1:8888.", provider="searxng", remedy="Start SearXNG.")
    async with visit(play(screen.language, UNSEARCHED, search_error=down), screen) as (person, stage):
        stage.play.model.query = QUERY[screen.language]
        await person.asks()
        await person.reads("search_down")
        await expect(person.turn()).to_contain_text("127.0.0.1:8888")
        await person.picture("search-down")
        await person.presses("without_sources")
        await person.has_answer()


async def test_what_needs_no_search_is_said_to_be_unsearched(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, UNSEARCHED, searches=False), screen) as (person, stage):
        await person.asks(SUM[screen.language])
        await person.has_answer()
        await person.reads("done_direct")
        await person.picture("no-search")
        stage.play.model.lines = CITED[screen.language]
        await person.presses("search_anyway")
        await person.has_answer()
        await person.reads("done", n=2)


async def test_an_answer_ends_on_a_page_that_nobody_looks_at(visit: Visit) -> None:
    async with visit(play("en"), DESK, None, color_scheme="light") as (person, stage):
        await person.page.add_init_script("window.requestAnimationFrame = () => 0")
        await person.opens()
        await person.asks()
        await person.has_answer()
        await person.reads("done", n=2)
        assert stage.play.model.asked == 2
        events = await person.measures("performance.getEntriesByType('resource').map((one) => one.name)")
        assert [name for name in events if "/events" in name] == []


async def test_a_refusal_of_an_older_key_is_not_asked_about(visit: Visit) -> None:
    async with visit(play("en", settings=memory_settings()), DESK, None, require_key=True) as (person, stage):
        person.forgives_refusals = True
        await person.opens()
        await person.page.get_by_label(person.says("key_label")).fill(await stage.key())
        await person.page.keyboard.press("Enter")
        secret = await stage.key()
        refused = 0

        async def refuse_once(route: Route) -> None:
            nonlocal refused
            refused += 1
            await person.page.evaluate("key => localStorage.setItem('asterism.key', key)", secret)
            await (route.continue_() if refused > 1 else route.fulfill(status=401, json={}))

        await person.page.route("**/ui/ask", refuse_once, times=2)
        await person.asks()
        await person.has_answer()
        assert refused == 2


async def test_a_lost_connection_is_taken_up_again(visit: Visit) -> None:
    async with visit(play("en", HELD), DESK, None, color_scheme="light") as (person, stage):
        person.forgives_refusals = True
        await person.opens()
        await person.asks()
        await expect(person.marks("unchecked")).to_have_count(1)
        await person.page.context.set_offline(True)
        stage.cut()
        await person.reads("reconnecting")
        await person.picture("reconnecting")
        await person.page.context.set_offline(False)
        await person.reads("writing")
        stage.play.model.cue.set()
        await person.has_answer()
        await expect(person.marks("supported")).to_have_count(2)


async def test_sides_of_a_disagreement_stand_side_by_side(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, DISAGREEING, web=DISPUTED[screen.language]), screen) as (person, _):
        await person.asks()
        await person.has_answer()
        await person.reads("disagree")
        await expect(person.turn().locator(".sides li")).to_have_count(2)
        await person.picture("disagreement")


async def test_a_thread_is_shared_by_a_link_and_the_link_taken_back(visit: Visit, screen: Screen) -> None:
    sharing = memory_settings(service=ServiceSettings(share=True))
    async with visit(play(screen.language, settings=sharing), screen) as (person, stage):
        await person.asks()
        await person.has_answer()
        await person.presses("share")
        await person.presses("share_make")
        await expect(person.button("share_copy")).to_be_visible()
        await person.picture("share")
        await person.presses("share_copy")
        link = await person.measures("navigator.clipboard.readText()")
        assert link.startswith(f"{stage.url}/shared/")
        await person.page.goto(link)
        await person.has_answer()
        await expect(person.button("edit")).to_have_count(0)
        await expect(person.box).to_be_hidden()
        await person.looks_behind(person.marks("supported").first)
        await person.picture("shared")
        await person.page.keyboard.press("Escape")
        await person.page.get_by_role("link", name="Asterism").first.click()
        await expect(person.box).to_be_visible()
