"""An evaluation that is killed in the middle goes on: the same result, and nothing that was answered is asked twice."""

import asyncio
import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from agent.settings import EvalSettings, ModelSettings, Settings
from eval.harness.folder import RunFolder
from eval.harness.run import evaluate
from tests.eval.evaldata import small_plan, write_towers
from tests.eval.towers_model import TowersModel

TOWERS = 4
CALLS = 2 * TOWERS
"""A decision and an answer each."""


async def start(folder: Path, base_url: str) -> asyncio.subprocess.Process:
    environment = {
        **os.environ,  # noqa: TID251
        "ASTERISM_MODEL__NAME": "tiny",
        "ASTERISM_MODEL__BASE_URL": base_url,
        "ASTERISM_EVAL__DATA_DIR": str(folder),
    }
    words = "from service.cli import main; main()"
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", words, "eval", "run", "--suites", "alce", "--arms", "search"),
        *("--concurrency", "1", "--run", "one"),
        env=environment,
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )


async def test_after_kill_9_the_rest_is_asked_and_nothing_twice(tmp_path: Path) -> None:
    write_towers(tmp_path, TOWERS)
    model = TowersModel(wrong_search=frozenset([1]), hang_at=6)
    async with model.server as server, asyncio.timeout(60):
        process = await start(tmp_path, server.base_url)
        await model.hangs.wait()
        process.send_signal(signal.SIGKILL)
        await process.wait()
        folder = RunFolder(tmp_path / "eval" / "runs" / "one")
        before = (folder.path / "alce.jsonl").read_bytes()
        settings = Settings(
            model=ModelSettings(name="tiny", base_url=server.base_url), eval=EvalSettings(data_dir=str(tmp_path))
        )
        plan = small_plan(tmp_path, "alce", settings=settings, arms=("search",), concurrency=1, name="one")
        await evaluate(replace(plan, runs=folder.path.parent))
    after = (folder.path / "alce.jsonl").read_bytes()
    assert before
    assert after.startswith(before)
    cases = [json.loads(line)["case"] for line in after.splitlines()]
    assert sorted(cases) == sorted(set(cases))
    assert len(cases) == TOWERS
    # Only the call that hung when the program was killed, and so had no answer, is asked again.
    assert sorted(model.asked.values()) == [1] * (CALLS - 1) + [2]
    [row] = folder.read("alce.figures")["rows"]
    assert row["figures"]["accuracy"]["value"] == 3 / TOWERS
