"""Timed questions: the moments of a run as its events tell them, and what the replay servers were asked meanwhile."""

import time
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx2

from agent.build import open_agent
from agent.events import RunCompleted, RunFailed
from agent.run import Agent
from agent.settings import FetchSettings, ModelSettings, RunSettings, SearchSettings, Settings, StoreSettings
from eval.bench.pace import Calls, CriticalPath, Pace, critical_path
from eval.bench.provider import ReplaySearch
from eval.bench.replay import ReplayAddresses
from eval.bench.replay_app import KEYWORDS, REWORDED
from eval.bench.topics import topic_of

Variant = Literal["keywords", "reworded"]
"""`keywords`: the model's query shortens the question; `reworded`: it says other words, so a fresh search is needed."""

MODELS: dict[Variant, str] = {"keywords": KEYWORDS, "reworded": REWORDED}

STAGES = {
    "run.started": "started",
    "queries.planned": "decided",
    "results.found": "results",
    "page.read": "first page",
    "passages.selected": "sources",
    "answer.delta": "first token",
    "claims.checked": "checked",
    "run.completed": "end",
}
"""The stage that the first event of each type marks, in the order of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """One run."""

    stages: dict[str, float]
    """Seconds from the question to each stage."""
    path: CriticalPath
    """What was possible with the prompts of this run."""
    calls: Calls
    """What the model was asked."""
    pages_read: int
    """Pages read to the end, as the answer tells."""
    searches: int
    """Queries that reached the search server."""
    model_calls: int
    """Requests that reached the model server."""
    citations: int
    """Ties between the answer and the pages."""
    warnings: tuple[str, ...]


def bench_settings(addresses: ReplayAddresses, variant: Variant, folder: Path) -> Settings:
    """Defaults, but for what keeps the bench on loopback."""
    return Settings(
        model=ModelSettings(name=MODELS[variant], base_url=addresses.model_url, fallback="none"),
        search=SearchSettings(),
        fetch=FetchSettings(allow_hosts=list(addresses.hosts)),
        run=RunSettings(),
        store=StoreSettings(url=f"sqlite:///{folder / f'{variant}.db'}"),
    )


async def time_runs(
    addresses: ReplayAddresses, pace: Pace, variant: Variant, folder: Path, *, runs: int
) -> list[Timed]:
    """Ask `runs` questions one after another, after one that is not counted (imports, worker processes, connections).

    Raises:
        RuntimeError: when a run fails.
    """
    settings = bench_settings(addresses, variant, folder)
    providers = [ReplaySearch(addresses.base_url)]
    async with open_agent(settings, providers=providers) as agent, _log_client(addresses) as log:
        timed = [await _time_run(agent, log, pace, variant, number) for number in range(runs + 1)]
    return timed[1:]


def _log_client(addresses: ReplayAddresses) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=addresses.base_url, trust_env=False, verify=False)


async def _time_run(agent: Agent, log: httpx2.AsyncClient, pace: Pace, variant: Variant, number: int) -> Timed:
    await log.get("/log")
    stages: dict[str, float] = {}
    last: object = None
    started = time.monotonic()
    async with aclosing(agent.stream(topic_of(number).question)) as events:
        async for event in events:
            now = time.monotonic() - started
            stages.setdefault(STAGES.get(event.type, event.type), now)
            if event.type == "answer.delta":
                stages["last token"] = now
            last = event
    if isinstance(last, RunFailed):
        raise RuntimeError(f"a run of the bench failed: {last.problem.detail}")
    assert isinstance(last, RunCompleted)
    entries = (await log.get("/log")).json()
    plan = next(entry for entry in entries if entry["kind"] == "plan")
    answer = next(entry for entry in reversed(entries) if entry["kind"] == "answer")
    calls = Calls(
        plan_prompt=plan["prompt_tokens"],
        plan_tokens=plan["completion_tokens"],
        answer_prompt=answer["prompt_tokens"],
    )
    return Timed(
        stages=stages,
        path=critical_path(pace, calls, fresh_search=variant == "reworded"),
        calls=calls,
        pages_read=sum(page.status == "read" for page in last.answer.pages),
        searches=sum(entry["kind"] == "search" for entry in entries),
        model_calls=sum(entry["kind"] in ("plan", "answer") for entry in entries),
        citations=len(last.answer.citations),
        warnings=tuple(last.answer.warnings),
    )
