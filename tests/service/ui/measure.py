"""Measures the page in Chromium: `python -m tests.service.ui.measure`.

Prints bytes, requests and first paint of the empty page, then what a streamed answer costs: bytes on the wire, longest
task of the main thread, layout shift. The model is a double that says some 3,000 tokens at 100 a second.
"""

import asyncio
import contextlib
import os
import statistics
from typing import TYPE_CHECKING

from tests.doubles import make_agent
from tests.service.serving import QUESTION, Replying, Served, serving
from tests.service.ui.browser import chromium

if TYPE_CHECKING:
    from playwright.async_api import Browser

SECTION = (
    "## The tower\n\nThe Kestrel tower is 87 metres high [1]. It was built in 1901 by the **harbour board** [1][2]. "
    "The harbour of Kestrel Bay was dug in 1888 [2], and the first ships brought salt and timber [2].\n\n"
    "- Visitors may climb it from May to September [1]\n- The old cranes are kept as monuments [2]\n\n"
    "| Year | What |\n|---|---|\n| 1888 | harbour dug [2] |\n| 1901 | tower built [1] |\n\n"
)
SECTIONS = 26
"""Some 12,000 characters: 3,000 tokens of four."""
TOKENS_PER_S = 100.0
OBSERVE = """() => {
  window.seen = { long: [], shift: 0 };
  new PerformanceObserver((list) => list.getEntries().forEach((one) => window.seen.long.push(one.duration)))
    .observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((one) => {
    if (!one.hadRecentInput) window.seen.shift += one.value;
  })).observe({ type: "layout-shift", buffered: true });
}"""
PAINT = 'performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0'
LOADED = "performance.getEntriesByType('resource').map((one) => one.decodedBodySize)"
DOCUMENT = "performance.getEntriesByType('navigation')[0].decodedBodySize"


async def main() -> None:
    model = Replying(delay_s=1 / TOKENS_PER_S, answer=SECTION * SECTIONS)
    async with serving(make_agent(model)) as served, chromium() as browser:
        await empty_page(served, browser)
        await streamed(served, browser)
        await wire(served)


async def empty_page(served: Served, browser: "Browser", times: int = 9) -> None:
    """Cold cache each time."""
    paints: list[float] = []
    for _ in range(times):
        context = await browser.new_context(locale="en")
        page = await context.new_page()
        foreign: list[str] = []
        page.on("request", lambda it: _note(foreign, it.url, served.url))  # noqa: B023  read within the same round
        await page.goto(served.url, wait_until="networkidle")
        paints.append(float(await page.evaluate(PAINT)))
        sizes = await page.evaluate(LOADED)
        total = sum(sizes) + int(await page.evaluate(DOCUMENT))
        await context.close()
    print(
        f"empty page: {total:,} bytes uncompressed (bar 100,000) in {len(sizes) + 1} requests, {len(foreign)} foreign"
    )
    print(f"first contentful paint: {statistics.median(paints):.0f} ms, median of {times} (bar 300)")


def _note(foreign: list[str], url: str, ours: str) -> None:
    if not url.startswith(ours):
        foreign.append(url)


async def streamed(served: Served, browser: "Browser") -> None:
    """One long answer, from the question to the last verdict."""
    page = await browser.new_page(locale="en", viewport={"width": 1280, "height": 800})
    await page.goto(served.url)
    await page.evaluate(OBSERVE)
    await page.fill("#question", QUESTION)
    await page.press("#question", "Enter")
    await page.wait_for_selector('.turn[data-state="done"]', timeout=120_000)
    seen = await page.evaluate("window.seen")
    longest = max(seen["long"], default=0.0)
    print(f"main thread: {len(seen['long'])} tasks over 50 ms, longest {longest:.0f} ms (bar 0)")
    print(f"layout shift: {seen['shift']:.4f} (bar 0.01)")


async def wire(served: Served) -> None:
    """What the stream of the same answer takes: its text as it comes, and what is told of it at the end."""
    sent = {"text": 0, "done": 0, "else": 0}
    name = "text"
    async with served.client.stream("POST", "/ui/ask", json={"question": QUESTION}, timeout=120) as response:
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = "done" if line == "event: done" else "else"
            sent[name] += len(line.encode()) + 1
            name = name if line else "text"
    text = len((SECTION * SECTIONS).encode())
    share = {part: f"{taken:,} bytes ({taken / text:.1f} times)" for part, taken in sent.items()}
    print(f"wire: {text:,} bytes of text take {share['text']} as they come (bar 6), steps {share['else']},")
    print(f"      and {share['done']} at the end: the text with its verdicts, passages, sources")


if __name__ == "__main__":
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stderr(nowhere):
        asyncio.run(main())
