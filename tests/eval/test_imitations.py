"""Every profile answers the sample question on servers that behave like its engines; the whole table is made by
`python -m eval.imitations`."""

from pathlib import Path

from eval.imitations.server import imitating
from eval.imitations.table import Cell, all_cells, run_cells, to_markdown
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel
from model_backend.profiles import load_profile, profile_ids

TABLE = Path(__file__).parents[2] / "eval" / "model_table.md"


async def test_every_profile_answers_by_its_first_way_on_its_first_engine() -> None:
    cells = []
    for profile_id in profile_ids():
        profile = load_profile(profile_id)
        cells.append(Cell(profile_id, profile.first_rung, profile.launches[0].engine))
    results = await run_cells(cells)
    assert {cell: told for cell, told in results.items() if told} == {}
    assert len(results) == len(profile_ids())


def test_the_committed_table_has_every_combination_and_no_failure() -> None:
    assert TABLE.read_text(encoding="utf-8") == to_markdown(dict.fromkeys(all_cells(), ""))


async def test_a_probe_finds_out_what_an_engine_manages() -> None:
    found = {}
    for kind in ("vllm", "sglang", "llama.cpp", "transformers"):
        async with imitating(kind) as (address, _):
            model = OpenAICompatibleModel(ModelOptions(base_url=address, name="megrez-3b-instruct"))
            report = (await model.probe())[0]
            await model.aclose()
        found[kind] = (report.settled, {tried.rung for tried in report.tried if tried.works})
    everything = {"native", "dialect", "json_schema", "json_words"}
    assert found["vllm"] == found["sglang"] == found["llama.cpp"] == ("native", everything)
    assert found["transformers"] == ("dialect", {"dialect", "json_words"})


async def test_an_imitation_refuses_what_its_engine_refuses() -> None:
    results = await run_cells([Cell("inf-34b-chat", "native", "transformers")])
    assert "refus" in str(results) or "take" in str(results)
