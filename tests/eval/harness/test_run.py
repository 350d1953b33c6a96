import json
from pathlib import Path

import pytest

from agent.errors import Misconfigured
from eval.harness.folder import RunFolder
from eval.harness.run import evaluate
from tests.eval.evaldata import small_plan, write_rgb


def figure(folder: RunFolder, suite: str, part: str, metric: str) -> float:
    rows = folder.read(f"{suite}.figures")["rows"]
    found = next(row for row in rows if row["part"] == part)["figures"][metric]["value"]
    assert isinstance(found, float)
    return found


async def test_a_suite_is_asked_through_the_real_run_and_scored(tmp_path: Path) -> None:
    write_rgb(tmp_path)
    folder, skipped = await evaluate(small_plan(tmp_path, "rgb", arms=("search",)))
    assert skipped == {}
    assert figure(folder, "rgb", "noise 0", "accuracy") == 1.0
    assert figure(folder, "rgb", "counterfactual en", "misled") == 1.0
    lines = [json.loads(line) for line in (folder.path / "rgb.jsonl").read_text("utf-8").splitlines()]
    assert lines[0]["events"][0]["type"] == "run.started"
    assert lines[0]["events"][-1]["type"] == "run.completed"
    assert folder.settings["suites"]["rgb"]["files"]["rgb/zh_int.jsonl.gz"] == "changed"
    assert "answer" in folder.settings["identity"]["prompts"]


async def test_a_wrong_gold_answer_changes_the_figure(tmp_path: Path) -> None:
    write_rgb(tmp_path, gold="2001年")
    folder, _ = await evaluate(small_plan(tmp_path, "rgb", arms=("search",)))
    assert figure(folder, "rgb", "noise 0", "accuracy") == 0.0
    assert figure(folder, "rgb", "noise 0", "answered_wrong") == 1.0
    assert figure(folder, "rgb", "noise 0", "recall_read") == 0.0


async def test_a_suite_whose_data_is_missing_is_skipped_with_a_sentence(tmp_path: Path) -> None:
    _, skipped = await evaluate(small_plan(tmp_path, "rgb"))
    assert "There is no file" in skipped["rgb"]
    assert "ASTERISM_EVAL__DATA_DIR" in skipped["rgb"]


async def test_what_is_answered_is_not_asked_again_and_a_cut_line_is_asked_anew(tmp_path: Path) -> None:
    write_rgb(tmp_path)
    plan = small_plan(tmp_path, "rgb", arms=("search",))
    folder, _ = await evaluate(plan)
    before = folder.read("rgb.figures")
    path = folder.path / "rgb.jsonl"
    whole = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(whole[:3]) + whole[3][:50], "utf-8")
    asked: list[int] = []
    await evaluate(plan, tell=lambda _, done, of: asked.append(done))
    assert asked[0] == 3
    again = path.read_text("utf-8").splitlines(keepends=True)
    assert again[:3] == whole[:3]
    assert len(again) == len(whole)
    for rows in (before["rows"], after := folder.read("rgb.figures")["rows"]):
        for row in rows:
            row["figures"].pop("latency")
    assert after == before["rows"]


async def test_answers_of_another_seed_do_not_mix(tmp_path: Path) -> None:
    write_rgb(tmp_path)
    await evaluate(small_plan(tmp_path, "rgb", arms=("search",), name="one", limit=1))
    with pytest.raises(Misconfigured, match="another seed"):
        await evaluate(small_plan(tmp_path, "rgb", arms=("search",), name="one", limit=1, seed=1))
