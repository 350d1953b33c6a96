"""See the package; exits with 1 when a promise was broken."""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.asked import new_id
from agent.events import Event, RunCompleted, RunFailed
from agent.options import AskOptions
from agent.run import Agent
from agent.services import Services
from agent.settings import RunSettings, Settings, StoreSettings
from agent.store import open_threads
from agent.threads import Threads
from eval.run_fuzz.promises import broken_promises
from eval.run_fuzz.world import QUESTIONS, Dice, RandomModel, RandomWeb, random_web

AT_ONCE = 8
"""Runs that share one store and one process."""
STAGE_S = 0.15
"""Longest that a stage before the answer waits."""
SLACK_S = 5.0
"""A run may outlast its deadline by what the fallback model and a busy machine take; a stall lasts far longer."""


@dataclass
class Tally:
    """What came of many runs."""

    endings: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    """Each with the seed of its run."""


async def fuzz(runs: int, *, seed: int = 0) -> Tally:
    """That many runs; the same seed makes the same worlds (not the same timing)."""
    tally = Tally()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: tally.broken.append(f"never retrieved: {context.get('message')}"))
    with tempfile.TemporaryDirectory(prefix="asterism-fuzz-") as folder:
        path = Path(folder) / "threads.db"
        async with open_threads(f"sqlite:///{path}", path) as threads:
            gate = asyncio.Semaphore(AT_ONCE)
            before = asyncio.all_tasks()

            async def one(number: int) -> None:
                async with gate:
                    told = await fuzz_one(threads, number, tally.endings)
                    tally.broken += [f"run {number}: {sentence}" for sentence in told]

            await asyncio.gather(*(one(seed * 1_000_003 + number) for number in range(runs)))
            left = {task.get_name() for task in asyncio.all_tasks() - before}
            tally.broken += [f"a task was left behind: {name}" for name in sorted(left)]
            tally.broken += await _left_in_store(threads)
    loop.set_exception_handler(None)
    return tally


async def fuzz_one(threads: Threads, seed: int, endings: "Counter[str]") -> list[str]:
    """One run in a world of its own; the promises it broke."""
    rng = random.Random(seed)
    dice = Dice(rng, trouble=rng.choice([0.0, 0.1, 0.4]), bugs=rng.choice([0.0, 0.0, 0.03]))
    web = RandomWeb(dice, random_web(rng))
    deadline_s = rng.choice([0.3, 5.0, 5.0])
    options = _options(rng)
    fallback = RandomModel(Dice(random.Random(seed + 1), trouble=0, bugs=0), "fallback") if rng.random() < 0.6 else None
    services = Services(
        model=RandomModel(dice), fallback=fallback, searcher=web, reader=web, settings=_settings(deadline_s)
    )
    leave_after = rng.randint(1, 40) if rng.random() < 0.3 else 0
    go_on = rng.random() < 0.7
    run_id = new_id("run")
    agent = Agent(services, threads)
    await agent.prepare()
    started = time.monotonic()
    events = await _heard(agent.stream(rng.choice(QUESTIONS), options, run_id=run_id), leave_after, threads, go_on)
    took_s = time.monotonic() - started
    ended = isinstance(events[-1], RunCompleted | RunFailed)
    after_seq = 0
    if not ended and go_on:
        # As after a restart: another agent, the same store and web.
        after_seq = len(events)
        started = time.monotonic()
        events = await _heard(Agent(services, threads).resume(run_id, after_seq=after_seq), 0, threads, go_on)
        took_s, ended = time.monotonic() - started, True
        endings["resumed"] += 1
    endings[events[-1].type if ended else "left"] += 1
    told = broken_promises(events, options, web.texts, after_seq=after_seq) if ended else []
    if took_s > deadline_s + SLACK_S:
        told.append(f"it took {took_s:.1f} s where {deadline_s} s are allowed")
    last = events[-1]
    if isinstance(last, RunFailed) and last.problem.code == "internal" and not dice.thrown:
        told.append(f"something broke inside: {last.problem.title}")
    expected = {"run.completed": "completed", "run.failed": "failed"}.get(last.type, "cancelled")
    status = (await threads.run(run_id)).status
    if status != expected:
        told.append(f"the store says {status} of a run that was {expected}")
    return told


async def _heard(run: AsyncGenerator[Event], leave_after: int, threads: Threads, go_on: bool) -> list[Event]:
    """What a run tells until it ends or its listener leaves; `go_on` notes it as interrupted then, to be resumed."""
    events: list[Event] = []
    async with aclosing(run) as stream:
        async for event in stream:
            events.append(event)
            if len(events) == leave_after and not isinstance(event, RunCompleted | RunFailed):
                if go_on:
                    # As a process does that is told to stop: noted first, cancelled then.
                    await threads.end(event.run_id, "interrupted")
                break
    return events


def _options(rng: random.Random) -> AskOptions:
    turns = (("How high is the Kestrel tower?", "It is 87 metres high."),) if rng.random() < 0.3 else ()
    choices: dict[str, Any] = {
        "search": rng.choice(["auto", "auto", "always", "never"]),
        "depth": rng.choice(["quick", "standard", "deep"]),
        "verify": rng.choice([None, "flag", "drop", "repair"]),
        "language": rng.choice([None, "en", "zh"]),
    }
    return AskOptions(turns=turns, **choices)


def _settings(deadline_s: float) -> Settings:
    run = RunSettings(
        deadline_s=deadline_s,
        plan_timeout_s=STAGE_S,
        search_timeout_s=STAGE_S,
        read_timeout_s=STAGE_S,
        repair_timeout_s=STAGE_S,
    )
    return Settings(store=StoreSettings(url="memory://"), run=run)


async def _left_in_store(threads: Threads) -> list[str]:
    rows = await threads.database.read(lambda tx: tx.execute("SELECT COUNT(DISTINCT thread_id) FROM checkpoints"))
    running = await threads.database.read(lambda tx: tx.execute("SELECT COUNT(*) FROM runs WHERE status = 'running'"))
    told = [f"the states of {rows[0][0]} runs were left in the store"] if rows[0][0] else []
    return told + ([f"{running[0][0]} runs are still called running"] if running[0][0] else [])


def main() -> int:
    """Run, print, and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    # The faults are on purpose: their tracebacks tell nothing.
    logging.disable(logging.CRITICAL)
    started = time.monotonic()
    tally = asyncio.run(fuzz(chosen.runs, seed=chosen.seed))
    ended = ", ".join(f"{count} {name}" for name, count in tally.endings.most_common())
    print(f"{chosen.runs} runs in {time.monotonic() - started:.1f} s: {ended}; {len(tally.broken)} promises broken")
    print("\n".join(tally.broken[:40]))
    return 1 if tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
