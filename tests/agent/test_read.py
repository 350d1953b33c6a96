import asyncio
import time
from datetime import UTC, datetime

from agent.read import Outcome, PageDesk
from tools.errors import PageUnavailable
from tools.pages import Page


class SlowReader:
    """Reads `http://x/SECONDS`; `http://x/fail` fails."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.cancelled: list[str] = []

    async def read(self, url: str) -> Page:
        self.calls.append(url)
        name = url.rsplit("/", 1)[1]
        if name == "fail":
            raise PageUnavailable("The server answered 500.")
        try:
            await asyncio.sleep(float(name))
        except asyncio.CancelledError:
            self.cancelled.append(url)
            raise
        text = "words " * 100
        return Page(url=url, final_url=url, title="t", text=text, site="x", fetched_at=datetime.now(UTC))


async def outcomes(desk: PageDesk, urls: list[str], *, enough: int = 9, timeout_s: float = 1.0) -> list[Outcome]:
    return [outcome async for outcome in desk.outcomes(urls, enough=enough, timeout_s=timeout_s)]


async def test_every_address_has_exactly_one_outcome_and_reading_stops_at_the_deadline() -> None:
    reader = SlowReader()
    desk = PageDesk(reader)
    urls = ["http://x/0.01", "http://x/fail", "http://x/30"]
    found = await outcomes(desk, urls, timeout_s=0.1)
    assert sorted(o.url for o in found) == sorted(urls)
    by_url = {o.url: o for o in found}
    assert by_url["http://x/0.01"].page is not None
    assert by_url["http://x/fail"].reason == "The server answered 500."
    assert "time" in by_url["http://x/30"].reason
    await desk.aclose()
    assert reader.cancelled == ["http://x/30"]


async def test_reading_stops_at_enough_good_pages_and_the_rest_is_skipped() -> None:
    desk = PageDesk(SlowReader())
    found = await outcomes(desk, ["http://x/0.01", "http://x/0.02", "http://x/30"], enough=2)
    assert [o.skipped for o in found] == [False, False, True]
    await desk.aclose()


async def test_the_best_results_are_waited_for_a_moment_when_enough_others_came_first() -> None:
    desk = PageDesk(SlowReader())
    urls = ["http://x/0.1", "http://x/0.01", "http://x/0.02", "http://x/0.03", "http://x/30.1"]
    found = await outcomes(desk, urls, enough=2)
    assert {o.url for o in found if o.page} >= {"http://x/0.1"}
    assert [o.url for o in found if o.skipped] == ["http://x/0.03", "http://x/30.1"]
    await desk.aclose()


async def test_of_pages_at_hand_the_first_of_the_list_are_read_whichever_comes_first() -> None:
    urls = ["http://x/0.02", "http://x/0.03", "http://x/0.010", "http://x/0.01", "http://x/0.011"]
    for order in (urls, urls[::-1]):
        desk = PageDesk(SlowReader())
        found = await outcomes(desk, order, enough=3)
        assert {o.url for o in found if o.page} == set(order[:3])
        assert {o.url for o in found if o.skipped} == set(order[3:])
        assert list(desk.pages) == order[:3]
        await desk.aclose()


async def test_a_later_page_at_hand_takes_the_place_of_one_that_fails_or_is_slow() -> None:
    for gap in ("http://x/fail", "http://x/0.5"):
        desk = PageDesk(SlowReader())
        found = await outcomes(
            desk, ["http://x/0.01", "http://x/0.02", "http://x/0.03", gap, "http://x/0.04"], enough=4
        )
        assert [o.url for o in found if o.page] == [f"http://x/0.0{n}" for n in range(1, 5)]
        await desk.aclose()


async def test_a_best_result_that_hangs_costs_no_more_than_any_straggler() -> None:
    desk = PageDesk(SlowReader())
    started = time.monotonic()
    found = await outcomes(desk, ["http://x/30", "http://x/0.01", "http://x/0.02"], enough=2, timeout_s=9)
    assert time.monotonic() - started < 1
    assert [o.skipped for o in found] == [False, False, True]
    await desk.aclose()


class Painter(SlowReader):
    """Draws the page that takes half a second."""

    def is_drawing(self, url: str) -> bool:
        return url in self.calls and url.endswith("/0.5")


async def test_a_best_result_that_a_browser_is_drawing_gets_time_for_it() -> None:
    for first, drawn in (("http://x/0.5", True), ("http://x/0.6", False)):
        desk = PageDesk(Painter())
        started = time.monotonic()
        others = [f"http://x/0.0{n}" for n in range(1, 6)]
        found = await outcomes(desk, [first, *others, "http://x/30"], enough=6, timeout_s=9)
        assert (first in {o.url for o in found if o.page}) is drawn
        assert time.monotonic() - started < 2
        await desk.aclose()


async def test_a_page_begun_early_is_not_fetched_twice() -> None:
    reader = SlowReader()
    desk = PageDesk(reader)
    desk.begin(["http://x/0.01"])
    await asyncio.sleep(0.03)
    await outcomes(desk, ["http://x/0.01"])
    assert reader.calls == ["http://x/0.01"]


async def test_pages_that_nobody_waited_for_are_told_once_they_are_read() -> None:
    desk = PageDesk(SlowReader())
    desk.begin(["http://x/0.01", "http://x/0.02", "http://x/30"])
    await asyncio.sleep(0.05)
    assert [outcome.url for outcome in desk.also_read({"http://x/0.01"})] == ["http://x/0.02"]
    await desk.aclose()


async def test_closing_leaves_no_task() -> None:
    desk = PageDesk(SlowReader())
    desk.begin(["http://x/30", "http://x/31"])
    await asyncio.sleep(0)
    await desk.aclose()
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("read ")]


async def test_a_page_that_breaks_its_reader_costs_that_page_only() -> None:
    class Broken(SlowReader):
        async def read(self, url: str) -> Page:
            if url.endswith("/broken"):
                raise OverflowError("signed integer is greater than maximum")
            return await super().read(url)

    desk = PageDesk(Broken())
    found = {outcome.url: outcome for outcome in await outcomes(desk, ["http://x/broken", "http://x/0.01"])}
    assert found["http://x/broken"].reason == "The page could not be read."
    assert found["http://x/0.01"].page is not None
