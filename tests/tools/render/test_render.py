"""Pages that need scripts, in a real Chromium on loopback: drawn, and kept within walls."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.processes import children
from tests.tools.fetch.raw import Raw, fetching
from tests.tools.render.site import Door, private_door, site
from tools.clean import Cleaned, clean
from tools.errors import CleanError
from tools.fetch import Fetcher
from tools.reader import PageReader
from tools.render import Renderer, RenderLimits, find_browser

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow, pytest.mark.browser]

LIMITS = RenderLimits(timeout_s=25.0, max_requests=40, max_chars=300_000, max_memory_bytes=700_000_000)
NOT_HERE = "no Chromium, or the extra `render` is not installed (apt install chromium)"


def is_installed() -> bool:
    try:
        return bool(find_browser(""))
    except CleanError:
        return False


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


if not is_installed():
    pytest.skip(NOT_HERE, allow_module_level=True)


class Here:
    """Cleans in this process: these pages are our own."""

    async def clean(self, body: bytes, *, content_type: str | None, url: str) -> Cleaned:
        return clean(body, content_type=content_type, url=url)


class World:
    """One site, a private door, another host of the operator's own, and one browser for all tests."""

    def __init__(self, raw: Raw, door: Door, ours: Door, fetcher: Fetcher) -> None:
        self.raw = raw
        self.door = door
        self.ours = ours
        self.fetcher = fetcher
        self.renderer = Renderer(fetcher.fetch_part, LIMITS)

    async def drawn(self, path: str, renderer: Renderer | None = None) -> str:
        document = await self.fetcher.fetch(self.raw.url(path))
        return (await (renderer or self.renderer).render(document)).decode()

    def asked(self, path: str) -> int:
        return sum(head.startswith(f"GET {path}") for head in self.raw.heads)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with private_door() as door, private_door() as ours, site(door, ours) as raw:
        allowed = frozenset({f"127.0.0.1:{raw.port}", f"127.0.0.1:{ours.port}"})
        async with fetching(raw, allow_hosts=allowed) as fetcher:
            world = World(raw, door, ours, fetcher)
            await world.renderer.start()
            yield world
            await world.renderer.aclose()


async def test_what_scripts_draw_from_data_is_there_and_the_page_is_fetched_once(world: World) -> None:
    before = world.asked("/app ")
    html = await world.drawn("/app")
    assert "The Kestrel carries 87 tons" in html
    assert "The Dunlin carries 12 tons" in html
    assert world.asked("/app ") == before + 1
    assert world.asked("/look.css") == 0


async def test_a_page_that_needs_scripts_is_read_like_any_other(world: World) -> None:
    page = await PageReader(world.fetcher, Here(), renderer=world.renderer).read(world.raw.url("/app"))
    assert page.title == "Boats"
    assert "The Plover carries 41 tons" in page.text


async def test_no_way_out_of_a_page_leads_to_a_private_address_or_to_another_host_of_its_reader(world: World) -> None:
    html = await world.drawn("/attacks")
    assert "ended" in html, "the page did not come to the end of its attempts"
    doors = len([*world.door.addresses, world.ours.addresses[0]])
    assert html.count("fetch:refused") == doors
    assert html.count("turn:refused") == doors
    assert "SECRET" not in html
    assert not [word for word in ("socket:open", "frame:open", "image:loaded", "script:loaded") if word in html]
    assert world.door.knocks == world.ours.knocks == []
    # The doors themselves do see who knocks, and the reader may go where its page may not.
    assert b"SECRET" in (await world.fetcher.fetch(world.ours.addresses[0])).body
    assert world.ours.knocks == ["tcp"]


async def test_a_page_that_hangs_ends_in_time_and_closing_leaves_no_process(world: World) -> None:
    renderer = Renderer(world.fetcher.fetch_part, RenderLimits(timeout_s=1.2))
    await renderer.start()
    async with asyncio.timeout(20):
        while not renderer.pids:  # noqa: ASYNC110 - a busy machine takes its time
            await asyncio.sleep(0.02)
    started = time.monotonic()
    with pytest.raises(CleanError, match="not drawn within"):
        await world.drawn("/hangs", renderer)
    assert time.monotonic() - started < 4
    pids = renderer.pids
    await renderer.aclose()
    async with asyncio.timeout(3):
        while any(map(is_running, pids)):  # noqa: ASYNC110 - the kernel tells nobody
            await asyncio.sleep(0.02)
    assert pids
    with pytest.raises(CleanError, match="shut down"):
        await world.drawn("/app", renderer)


async def test_closing_while_the_browser_starts_leaves_no_process(world: World) -> None:
    before = set(children())
    renderer = Renderer(world.fetcher.fetch_part, LIMITS)
    await renderer.start()
    while set(children()) <= before:  # noqa: ASYNC110 - the kernel tells nobody
        await asyncio.sleep(0.01)
    await renderer.aclose()
    async with asyncio.timeout(5):
        while not set(children()) <= before:  # noqa: ASYNC110 - the kernel tells nobody
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("query", ["?q=it's", "?a|b^c", "?name=%27x%27"])
async def test_an_address_that_a_browser_spells_otherwise_is_drawn(world: World, query: str) -> None:
    assert "Kestrel" in await world.drawn(f"/app{query}")


async def test_a_page_gets_so_many_requests_and_no_more(world: World) -> None:
    assert "Words." in await world.drawn("/greedy")
    assert world.asked("/part") == LIMITS.max_requests


async def test_a_page_that_never_stops_growing_is_cut(world: World) -> None:
    assert LIMITS.max_chars / 2 < len(await world.drawn("/endless")) <= LIMITS.max_chars


async def test_a_page_cannot_change_how_it_is_read(world: World) -> None:
    html = await world.drawn("/liar")
    assert "What everybody sees." in html
    assert len(html) < 1000


async def test_a_page_that_takes_too_much_memory_costs_the_browser_and_no_more(world: World) -> None:
    with pytest.raises(CleanError, match="ended the browser"):
        await world.drawn("/hungry")
    assert "Kestrel" in await world.drawn("/app")


async def test_a_caller_who_stops_waiting_leaves_no_page_open(world: World) -> None:
    caller = asyncio.create_task(world.drawn("/hangs"))
    await asyncio.sleep(0.4)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert "Kestrel" in await world.drawn("/app")


async def test_a_browser_that_is_not_there_is_told_with_its_remedy(world: World) -> None:
    renderer = Renderer(world.fetcher.fetch_part, LIMITS, browser="/nowhere/chromium")
    with pytest.raises(CleanError, match="no browser") as caught:
        await world.drawn("/app", renderer)
    assert "RENDER_BROWSER" in caught.value.remedy
    await renderer.aclose()
