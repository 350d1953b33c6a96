from pathlib import Path

from eval.harness.ray_workers import ask_share
from eval.harness.run import evaluate
from tests.eval.evaldata import small_plan, write_towers


async def test_a_workers_share_is_asked_as_one_process_asks_it(tmp_path: Path) -> None:
    write_towers(tmp_path, 4)
    plan = small_plan(tmp_path, "alce", arms=("search",))
    lines = await ask_share(plan, "alce", [("search", "nq-1"), ("search", "nq-3")])
    folder, _ = await evaluate(plan)
    here = folder.lines("alce")
    for line in lines:
        key = line["arm"], line["case"]
        assert line["shown"] == here[key]["shown"]
        assert line["events"][-1]["answer"]["answer"] == here[key]["events"][-1]["answer"]["answer"]
