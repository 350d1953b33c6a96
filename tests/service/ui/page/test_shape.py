"""What the page weighs, how fast it is there, and that nothing in it moves, hides, or is too small to hit."""

import json
from statistics import median
from typing import Any

import pytest
from playwright.async_api import expect

from tests.service.ui.page.conftest import DESK, FIRST, Visit
from tests.service.ui.page.person import Person, Screen
from tests.service.ui.page.play import HELD, TABLE, UNSUPPORTED, WAIT, long_answer, play

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

MAX_PAINT_MS = 300
MAX_TASK_MS = 50
MAX_SHIFT = 0.01
OWN_DOOR = "DevToolsSession"
"""Marks in a trace what comes from the test."""
MAX_FIRST_LINE_PX = 200
MIN_TARGET_PX = 24
TRIES = 5
"""A loaded machine is late now and then; a page that is slow is slow each time."""

PAINT = """new Promise((told) => {
    const look = (list) => list.getEntriesByName('first-contentful-paint').forEach((one) => told(one.startTime));
    new PerformanceObserver(look).observe({ type: 'paint', buffered: true });
    setTimeout(told, 5000, 5000);
})"""
"""Waited for: on a busy machine a page is there before it is painted."""
WATCH_SHIFTS = """() => { window.shifts = 0; new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) window.shifts += shift.value; }).observe({ type: 'layout-shift' }); }"""
TOO_SMALL = """(min) => {
const all = [...document.querySelectorAll('button, select, input, summary, a[href]')];
return all.map((el) => el.closest('label') ?? el).filter((el) => {
    if (el.closest('.answer') && el.tagName === 'A') return false;  // within a line of text
    el.scrollIntoView({ block: 'center' });
    const box = el.getBoundingClientRect();
    if (box.width < 2 || !el.checkVisibility({ visibilityProperty: true }) || el.matches('.vh, .skip')) return false;
    const x = box.x + box.width / 2, y = box.y + box.height / 2, reach = min / 2 - 1;
    const hits = [[-reach, 0], [reach, 0], [0, -reach], [0, reach]].every(([dx, dy]) => {
        const hit = document.elementFromPoint(x + dx, y + dy);
        return hit && el.contains(hit);
    });
    return !hits;
}).map((el) => el.outerHTML.slice(0, 120)); }"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def test_the_first_paint_is_there_before_anybody_waits(visit: Visit) -> None:
    async with visit(play("en"), DESK) as (person, _):
        paints = []
        for _ in range(TRIES):
            await person.opens()
            paints.append(await person.measures(PAINT))
        print(f"first contentful paint: {median(paints):.0f} ms (median of {TRIES})")
        assert min(paints) < MAX_PAINT_MS


async def longest_task_ms(person: Person) -> float:
    """Of the page's main thread, in processor time, while the answer streams and settles.

    What the test itself asks of the page through the browser's own door is left out, with all that comes of it: to read
    a long answer takes 70 ms.
    """
    browser = person.page.context.browser
    assert browser is not None
    await browser.start_tracing(page=person.page, categories=["toplevel", "__metadata"])
    await person.asks()
    await person.has_answer()
    trace: list[dict[str, Any]] = json.loads(await browser.stop_tracing())["traceEvents"]
    main = {(one["pid"], one["tid"]) for one in trace if one.get("args", {}).get("name") == "CrRendererMain"}
    spans = [one for one in trace if (one["pid"], one["tid"]) in main and one["ph"] == "X"]
    asked = [one["ts"] for one in spans if OWN_DOOR in json.dumps(one.get("args"))]
    tasks = [one for one in spans if one["name"].endswith("RunTask")]
    own = [one for one in tasks if not any(one["ts"] <= at < one["ts"] + one["dur"] for at in asked)]
    return float(max(one.get("tdur", one["dur"]) for one in own)) / 1000


@pytest.mark.slow
async def test_a_long_answer_streams_without_holding_the_page(visit: Visit) -> None:
    lines = long_answer("en")
    longest = []
    for _ in range(3):
        async with visit(play("en", {"en": lines}), DESK) as (person, _):
            longest.append(await longest_task_ms(person))
            assert len(await person.turn().locator(".answer").inner_text()) > 10_000
            if longest[-1] <= MAX_TASK_MS:
                break
    print(f"longest task of the main thread: {min(longest):.0f} ms")
    assert min(longest) <= MAX_TASK_MS


@pytest.mark.parametrize("screen", FIRST, ids=str)
async def test_the_answer_begins_at_the_top_and_nothing_moves_when_it_settles(visit: Visit, screen: Screen) -> None:
    held = {"en": f"{TABLE['en']}\n\n{HELD['en']}", "zh-CN": f"{TABLE['zh-CN']}\n\n{HELD['zh-CN']}"}
    async with visit(play(screen.language, held), screen) as (person, stage):
        await person.asks()
        await expect(person.turn().locator(".answer")).to_contain_text("87")
        top = await person.turn().locator(".answer").bounding_box()
        assert top is not None
        assert top["y"] <= MAX_FIRST_LINE_PX
        await person.measures(WATCH_SHIFTS)
        stage.play.model.cue.set()
        await person.has_answer()
        await expect(person.marks("supported").first).to_be_visible()
        settled = await person.turn().locator(".answer").bounding_box()
        assert settled is not None
        assert settled["y"] == top["y"]
        await person.measures("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert await person.measures("window.shifts") <= MAX_SHIFT


@pytest.mark.parametrize("screen", FIRST, ids=str)
async def test_everything_that_is_pressed_is_large_enough(visit: Visit, screen: Screen) -> None:
    async with visit(play(screen.language, UNSUPPORTED, unreadable=("http://gone.example/",)), screen) as (person, _):
        await person.presses("options")
        assert await person.measures(TOO_SMALL, MIN_TARGET_PX) == []
        await person.asks()
        await person.has_answer()
        assert await person.measures(TOO_SMALL, MIN_TARGET_PX) == []
        await person.looks_behind(person.marks("supported").first)
        await person.picture("targets")


async def test_nothing_scrolls_sideways_on_the_narrowest_screen(visit: Visit) -> None:
    long = "Kestrel" * 30
    table = f"| {long} | b |\n|---|---|\n| 1 | 2 |"
    text = f"{TABLE['en']}\n\n{long} is 87 metres high [1][2]. `{long}`\n\n```\n{long}\n```\n\n{table}"
    async with visit(play("en", {"en": text}, title=long), DESK) as (person, _):
        await person.page.set_viewport_size({"width": 320, "height": 640})
        assert await person.measures(SIDEWAYS) <= 0
        await person.presses("options")
        assert await person.measures(SIDEWAYS) <= 0
        await person.asks(f"How high is {long}?")
        await person.has_answer()
        assert await person.measures(SIDEWAYS) <= 0
        await person.picture("narrow")
        for opener in ("history", "settings"):
            await person.presses(opener)
            sheet = person.page.get_by_role("dialog")
            assert await sheet.evaluate("(el) => el.scrollWidth - el.clientWidth") <= 0
            await person.picture(f"narrow-{opener}")
            await person.page.keyboard.press("Escape")
        await person.page.set_viewport_size({"width": 1280, "height": 800})


async def test_nothing_moves_for_those_who_asked_for_calm(visit: Visit) -> None:
    for motion, moving in (("no-preference", True), ("reduce", False)):
        async with visit(play("en", HELD), DESK) as (person, _):
            await person.page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
            await person.asks()
            await expect(person.turn().locator(".mark")).to_have_count(1)
            assert (await person.measures("document.getAnimations().length") > 0) is moving


async def test_the_page_does_not_follow_the_text_and_says_that_there_is_more(visit: Visit) -> None:
    text = long_answer("en", 1500)
    at = len(text) // 4
    async with visit(play("en", {"en": f"{text[:at]}{WAIT}{text[at:]}"}), DESK) as (person, stage):
        await person.asks()
        await expect(person.turn().locator(".mark").nth(10)).to_be_attached()
        before = await person.measures("scrollY")
        await expect(person.button("new_text")).to_be_visible()
        stage.play.model.cue.set()
        await person.has_answer()
        assert await person.measures("scrollY") == before
        await person.picture("long")
