import json
from dataclasses import replace
from pathlib import Path

import pytest

from agent.errors import Misconfigured
from eval.harness.folder import RunFolder
from eval.harness.run import evaluate
from tests.eval.evaldata import small_plan, write_rgb, write_rows, write_towers


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
    found = {}
    for off_by in (0, 500):
        folder = tmp_path / str(off_by)
        write_towers(folder, 2, gold_off_by=off_by)
        made, _ = await evaluate(small_plan(folder, "alce", arms=("search",)))
        names = ("accuracy", "answered_wrong", "hallucination", "recall_read")
        found[off_by] = [figure(made, "alce", "all", name) for name in names]
    assert found == {0: [1.0, 0.0, 0.0, 1.0], 500: [0.0, 1.0, 1.0, 0.0]}


async def test_a_suite_whose_data_is_missing_is_skipped_with_a_sentence(tmp_path: Path) -> None:
    _, skipped = await evaluate(small_plan(tmp_path, "rgb"))
    assert "There is no file" in skipped["rgb"]
    assert "ASTERISM_EVAL__DATA_DIR" in skipped["rgb"]


async def test_a_suite_without_any_of_the_arms_is_skipped_with_a_sentence(tmp_path: Path) -> None:
    write_rows(tmp_path, "metatool/task1.jsonl.gz", [])
    _, skipped = await evaluate(small_plan(tmp_path, "metatool", arms=("closed",)))
    assert skipped["metatool"] == "It has only search, and only closed was asked for."


async def test_what_is_answered_is_not_asked_again_and_a_cut_line_is_asked_anew(tmp_path: Path) -> None:
    write_towers(tmp_path, 4)
    plan = small_plan(tmp_path, "alce", arms=("search",))
    folder, _ = await evaluate(plan)
    before = folder.read("alce.figures")["rows"]
    path = folder.path / "alce.jsonl"
    whole = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(whole[:2]) + whole[2][:50], "utf-8")
    told: list[int] = []
    await evaluate(plan, tell=lambda _, done, of: told.append(done))
    assert told == [2, 3, 4]
    again = path.read_text("utf-8").splitlines(keepends=True)
    assert again[:2] == whole[:2]
    assert len(again) == len(whole)
    after = folder.read("alce.figures")["rows"]
    for row in (*before, *after):
        row["figures"].pop("latency")
    assert after == before


async def test_answers_of_another_seed_do_not_mix(tmp_path: Path) -> None:
    write_towers(tmp_path, 1)
    await evaluate(small_plan(tmp_path, "alce", arms=("search",), name="one", limit=1))
    with pytest.raises(Misconfigured, match="another seed"):
        await evaluate(small_plan(tmp_path, "alce", arms=("search",), name="one", limit=1, seed=1))


async def test_arms_asked_by_another_command_stay_in_the_figures(tmp_path: Path) -> None:
    write_towers(tmp_path, 2)
    for arm in ("closed", "search"):
        folder, _ = await evaluate(small_plan(tmp_path, "alce", arms=(arm,)))
    assert {row["arm"] for row in folder.read("alce.figures")["rows"]} == {"closed", "search"}
    assert folder.settings["suites"]["alce"]["arms"] == ["closed", "search"]


def test_who_judges_is_part_of_what_a_run_is(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, "alce", arms=("search",))
    judged = plan.settings.model_copy(
        update={"verify": plan.settings.verify.model_copy(update={"layers": ["classifier", "model"]})}
    )
    assert replace(plan, settings=judged).folder_name != plan.folder_name
