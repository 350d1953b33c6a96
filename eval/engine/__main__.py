"""`python -m eval.engine`: teach the tiny model, serve it with vLLM, and run every check.

Needs an environment of its own with the engine (`eval/engine/install.sh FOLDER`), since vLLM pins other versions of
our libraries.
"""

import argparse
import asyncio
import hashlib
import json
import re
import socket
import time
from collections.abc import Awaitable
from dataclasses import asdict, replace
from pathlib import Path

from eval.engine.checks import CHECKS, Place, Restart
from eval.engine.dialogues import collect
from model_backend.serving import LaunchPlan, launch_plan, serving
from model_backend.templates import template_path

HERE = Path(__file__).parent
PROFILE_ID = "megrez-3b-instruct"
WINDOW = 4096
READY_TIMEOUT_S = 400.0
"""28 to 53 s on an idle machine of two cores; with a load of ten it was not ready after 180 s."""
BOUNDARY = re.compile(r"=== [0-9a-f]{16} ===")
PASSIVE = "OMP_WAIT_POLICY=PASSIVE"
"""Threads that wait sleep: spinning ones take the cores from whoever they wait for when other work is beside them."""
VARIABLES = (
    *("HF_HUB_OFFLINE=1", "VLLM_NO_USAGE_STATS=1", "VLLM_CPU_KVCACHE_SPACE=1", "TORCHDYNAMO_DISABLE=1"),
    PASSIVE,
)
"""No downloads, no usage reports, 1 GiB of cache, and no compiler for half a million parameters."""


async def main() -> int:
    """Everything, in order; 0 when every check holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", type=Path, default=Path(".venv-engine"), help="the engine's environment")
    environment: Path = parser.parse_args().environment.absolute()
    started = time.monotonic()
    weights = await _taught(environment)
    print(f"model ready after {time.monotonic() - started:.0f} s", flush=True)
    plan = _plan(environment, weights)
    place = Place(plan.base_url, plan.served_name)
    log = environment / "engine.log"
    log.unlink(missing_ok=True)
    held: list[bool] = []
    restart = Restart(place, environment)
    async with serving(plan, log=log, ready_timeout_s=READY_TIMEOUT_S):
        print(f"vLLM ready after {time.monotonic() - started:.0f} s", flush=True)
        for check in CHECKS:
            held.append(await _told(check.__name__, check(place)))
        await restart.begin()
    held.append(await _told("the_server_goes_away_in_a_run", restart.end_without_server()))
    async with serving(plan, log=log, ready_timeout_s=READY_TIMEOUT_S):
        held.append(await _told("the_server_comes_back", restart.again()))
    failed = held.count(False)
    print(f"{held.count(True)} passed, {failed} failed in {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


async def _told(name: str, check: Awaitable[str]) -> bool:
    began = time.monotonic()
    try:
        seen = await check
    except Exception as error:  # noqa: BLE001  whatever goes wrong is told, and the next check runs
        print(f"✗ {name}: {type(error).__name__}: {error}", flush=True)
        return False
    print(f"✓ {name} ({time.monotonic() - began:.1f} s): {seen}", flush=True)
    return True


async def _taught(environment: Path) -> Path:
    """The folder of the taught model; taught anew when prompts, template or recipe changed."""
    dialogues = json.dumps([asdict(one) for one in await collect()], ensure_ascii=False)
    template = template_path("megrez_tool.jinja")
    # Boundaries are random in every run and say nothing.
    recipe = BOUNDARY.sub("", dialogues) + template.read_text(encoding="utf-8") + (HERE / "train.py").read_text()
    folder = environment / f"tiny-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}"
    if not (folder / "config.json").exists():
        source = environment / "dialogues.json"
        source.write_text(dialogues, encoding="utf-8")
        command = ["env", PASSIVE, environment / "bin" / "python", HERE / "train.py", source, template, folder]
        process = await asyncio.create_subprocess_exec(*map(str, command))
        if await process.wait():
            raise SystemExit("the tiny model was not learned")
    return folder


def _plan(environment: Path, weights: Path) -> LaunchPlan:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    plan = launch_plan(
        PROFILE_ID,
        engine="vllm",
        model=str(weights),
        port=port,
        context_tokens=WINDOW,
        executable=str(environment / "bin" / "vllm"),
        extra=("--enforce-eager", "--max-num-seqs", "8"),
    )
    return replace(plan, command=("env", *VARIABLES, *plan.command))


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
