"""The page in a real browser: one walk through what most people do."""

import pytest

from tests.doubles import make_agent
from tests.service.serving import QUESTION, Replying, serving
from tests.service.ui.browser import chromium


@pytest.mark.slow
async def test_one_asks_watches_looks_at_a_passage_asks_on_and_finds_it_again() -> None:
    answer = "The Kestrel tower is 87 metres high [1]. It was built in 1902 [1].\n\n- It is **tall** [1]."
    async with serving(make_agent(Replying(answer=answer, delay_s=0.01))) as served, chromium() as browser:
        page = await browser.new_page(locale="en")
        page.set_default_timeout(10_000)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("request", lambda it: wrong.append(it.url) if not it.url.startswith((served.url, "blob:")) else None)

        await page.goto(f"{served.url}/?q={QUESTION}")
        await page.wait_for_selector('.turn[data-state="done"]')
        assert "1 contradicted" in await page.inner_text(".summary")

        await page.hover('.mark[data-v="contradicted"]')
        card = page.locator(".card")
        await card.wait_for()
        assert "1901" in await card.inner_text()
        await page.keyboard.press("Escape")
        assert await card.count() == 0

        await page.fill("#question", "And the harbour?")
        await page.press("#question", "Enter")
        await page.wait_for_selector('.turn:nth-child(2)[data-state="done"]')
        await page.reload()
        await page.wait_for_selector('.turn:nth-child(2)[data-state="done"]')

        await page.click("#open-history")
        await page.fill('.history input[type="search"]', "harbour")
        await page.wait_for_selector(".threads li")
        assert QUESTION in await page.inner_text(".threads")
        assert wrong == []
