"""The whole way with a language model on a server: what it makes up is measured, and what is taken away of it."""

import re
from pathlib import Path

import pytest

from agent.settings import EvalSettings, ModelSettings, Settings
from eval.harness.folder import RunFolder
from eval.harness.run import ModelGone, evaluate
from eval.report.reduction import reduction_table
from eval.report.report import Report
from eval.report.text import summary
from tests.eval.evaldata import TOWNS, small_plan, write_towers
from tests.eval.towers_model import TowersModel
from tests.model_backend.fake_server import failing

WRONG_CLOSED = frozenset(range(12))
SILENT_CLOSED = frozenset(range(12, 15))
WRONG_SEARCH = frozenset(range(6))


def served(folder: Path, base_url: str) -> Settings:
    model = ModelSettings(name="tiny", base_url=base_url, fallback="none")
    return Settings(model=model, eval=EvalSettings(data_dir=str(folder)))


def rates(folder: RunFolder, metric: str) -> dict[str, float]:
    rows = folder.read("alce.figures")["rows"]
    return {row["arm"]: row["figures"][metric]["value"] for row in rows}


async def test_the_known_rates_of_a_model_are_measured_and_what_is_taken_away(tmp_path: Path) -> None:
    write_towers(tmp_path)
    model = TowersModel(wrong_closed=WRONG_CLOSED, silent_closed=SILENT_CLOSED, wrong_search=WRONG_SEARCH)
    async with model.server as server:
        plan = small_plan(tmp_path, "alce", settings=served(tmp_path, server.base_url), concurrency=4)
        folder, skipped = await evaluate(plan)
    assert skipped == {}
    assert rates(folder, "answered_wrong") == {"closed": 0.6, "search": 0.3, "search+verify": 0.0}
    assert rates(folder, "hallucination") == {"closed": 0.6, "search": 0.3, "search+verify": 0.0}
    assert rates(folder, "abstained") == {"closed": 0.15, "search": 0.0, "search+verify": 0.3}
    assert rates(folder, "accuracy") == {"closed": 0.25, "search": 0.7, "search+verify": 0.7}
    # One decision and one draft a question: both arms with search judge the same draft.
    assert {model.asked[kind, n] for kind in ("plan", "search", "closed") for n in range(len(TOWNS))} == {1}
    table = reduction_table({"alce": folder.read("alce.figures")}, "tiny")
    taken = {row[2]: row[8] for row in table.rows}
    assert taken == {"closed": "–", "search": "50 %", "search+verify": "100 %"}
    assert re.search(r"^alce +all +search\+verify +20 .* 100 % ", summary(folder, ["alce"]), re.MULTILINE)
    page = Report(folder).html()
    assert "How much search and verification take away" in page
    assert "quotes pages and knows nothing of its own" not in page


async def test_a_model_that_is_gone_stops_the_evaluation_with_a_sentence(tmp_path: Path) -> None:
    write_towers(tmp_path)
    model = TowersModel()
    model.server.replies = [failing(500, "out of memory")]
    async with model.server as server:
        plan = small_plan(tmp_path, "alce", settings=served(tmp_path, server.base_url), arms=("closed",))
        with pytest.raises(ModelGone, match="10 runs in a row gave no answer"):
            await evaluate(plan)
