"""The same run on Ray workers: each reads the suite once and asks its share; lines come back here and are kept here.

Needs the extra `ray`. With no cluster to join (`RAY_ADDRESS`), Ray starts on this machine, without its dashboard.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import Misconfigured
from eval.harness.case import Arm, Loaded, Suite
from eval.harness.folder import Line
from eval.harness.run import ask_here, read_suite
from eval.suites import load_suite

if TYPE_CHECKING:
    from eval.harness.plan import Plan

SHARE = 8
"""Cases sent to a worker at once: few enough that a killed run loses little."""


@lru_cache(maxsize=1)
def read_once(suite_name: str, data: Path) -> Loaded:
    """A suite, kept by the worker's process for its next share; it ends with the process."""
    suite = load_suite(suite_name)
    assert isinstance(suite, Suite)
    return read_suite(suite, data)


async def ask_share(plan: "Plan", suite_name: str, wanted: Sequence[tuple[Arm, str]]) -> list[Line]:
    """What a worker does with its share: the same as one process would."""
    loaded = await asyncio.to_thread(read_once, suite_name, plan.data)
    return [line async for line in ask_here(plan, suite_name, loaded, wanted)]


async def spread_over_ray(plan: "Plan", suite_name: str, wanted: Sequence[tuple[Arm, str]]) -> AsyncGenerator[Line]:
    """Ask on `plan.ray` workers; each line as soon as its share is done.

    Raises:
        Misconfigured: when Ray is not installed.
    """
    try:
        import ray
    except ImportError as error:
        raise Misconfigured("Ray is not installed.", remedy="Install it: pip install 'asterism[ray]'.") from error
    if not ray.is_initialized():
        quiet: dict[str, Any] = {"include_dashboard": False, "configure_logging": False, "log_to_driver": False}
        try:
            ray.init(num_cpus=plan.ray, **quiet)
        except ValueError:
            # A cluster is there already (RAY_ADDRESS), and its size is not ours to say.
            ray.init(configure_logging=False, log_to_driver=False)
    ask = ray.remote(num_cpus=1)(_ask_share)
    shares = [wanted[at : at + SHARE] for at in range(0, len(wanted), SHARE)]
    waiting = list(reversed(shares))
    running: dict[Any, None] = {}
    try:
        while waiting or running:
            while waiting and len(running) < plan.ray:
                running[ask.remote(plan, suite_name, waiting.pop())] = None
            ready, _ = await asyncio.to_thread(ray.wait, list(running), num_returns=1)
            for reference in ready:
                del running[reference]
                for text in await asyncio.to_thread(ray.get, reference):
                    line: Line = json.loads(text)
                    yield line
    finally:
        for reference in running:
            ray.cancel(reference, force=True)


def _ask_share(plan: "Plan", suite_name: str, wanted: Sequence[tuple[Arm, str]]) -> list[str]:
    # As text: a worker may have other versions of what the lines are made of.
    return [json.dumps(line, ensure_ascii=False) for line in asyncio.run(ask_share(plan, suite_name, wanted))]
