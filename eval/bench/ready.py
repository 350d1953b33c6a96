"""How soon the passages are ready when one page hangs: search, six pages, cleaning and ranking, without a model.

Run with `python -m eval.bench.ready [--runs N] [--check]`: replay servers answer a search in 400 ms and pages in
300 ms, one of six never. Exit code 1 when `--check` is given and the bar is missed.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from agent.build import open_agent
from agent.events import PassagesSelected, RunCompleted, RunFailed
from agent.run import Agent
from agent.settings import FetchSettings, SearchSettings, Settings, StoreSettings
from eval.bench.pace import Pace
from eval.bench.provider import ReplaySearch
from eval.bench.replay import replaying
from eval.bench.topics import topic_of

PAGES = 6
HANGING = 2
"""The third result: neither the first to be wanted nor the last."""
BAR_S = 1.1
"""Longest time from the question to the passages (median)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """One question."""

    seconds: float
    """From the question to the chosen passages."""
    read: int
    """Pages read."""
    failed: tuple[str, ...]
    """Why the others were not."""
    passages: int
    """Passages chosen: a run that chose none would be fast as well."""


async def measure_ready(runs: int) -> list[Ready]:
    """Ask `runs` questions one after another, after one that is not counted.

    Raises:
        RuntimeError: when a run fails, or the replay servers do not start.
    """
    pace = Pace(hanging_page=HANGING)
    with tempfile.TemporaryDirectory(prefix="asterism-ready-") as folder:
        async with replaying(pace) as addresses:
            settings = Settings(
                search=SearchSettings(max_results=PAGES),
                fetch=FetchSettings(allow_hosts=list(addresses.hosts), max_pages=PAGES),
                store=StoreSettings(url=f"sqlite:///{Path(folder) / 'ready.db'}"),
            )
            async with open_agent(settings, providers=[ReplaySearch(addresses.base_url)]) as agent:
                return [await _ask(agent, number) for number in range(runs + 1)][1:]


async def _ask(agent: Agent, number: int) -> Ready:
    started = time.monotonic()
    seconds, passages = 0.0, 0
    async with aclosing(agent.stream(topic_of(number).question)) as events:
        async for event in events:
            if isinstance(event, PassagesSelected) and not seconds:
                seconds, passages = time.monotonic() - started, event.passages
            if isinstance(event, RunFailed):
                raise RuntimeError(f"a run failed: {event.problem.detail}")
            if isinstance(event, RunCompleted):
                pages = event.answer.pages
    return Ready(
        seconds=round(seconds, 3),
        read=sum(page.status == "read" for page in pages),
        failed=tuple(page.reason or "" for page in pages if page.status == "failed"),
        passages=passages,
    )


def report(found: Sequence[Ready]) -> str:
    """The figures for people."""
    seconds = sorted(one.seconds for one in found)
    lines = [
        f"search 400 ms, {PAGES} pages of 300 ms, one hanging, {len(found)} questions",
        f"passages ready after {median(seconds):.2f} s (slowest {seconds[-1]:.2f} s), bar {BAR_S} s: "
        f"{'held' if median(seconds) <= BAR_S else 'MISSED'}",
        f"pages read {median(one.read for one in found):g}, passages {median(one.passages for one in found):g}",
    ]
    return "\n".join([*lines, *sorted({f"given up: {reason}" for one in found for reason in one.failed})])


def main() -> int:
    """Measure, print, and say with `--check` whether the bar is held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    found = asyncio.run(measure_ready(chosen.runs))
    print(report(found))
    return int(chosen.check and median(one.seconds for one in found) > BAR_S)


if __name__ == "__main__":
    raise SystemExit(main())
