import json
from dataclasses import replace
from pathlib import Path

import pytest

from agent.errors import Misconfigured
from eval import gate
from eval.gate import Floor, Step
from eval.harness.folder import RunFolder
from eval.metrics import load_metric
from eval.suites import load_suite

FIRST = Step(value=0.8, date="2026-01-01", because="first measured")
FLOOR = Floor(suite="rgb", part="noise 0", arm="search", metric="accuracy", value=0.8, history=(FIRST,))


def run_with(
    folder: Path, accuracy: float, *, limit: int | None = None, state: str = "known", model: str = "embedded"
) -> RunFolder:
    """A run's folder with one figure in it."""
    run = RunFolder(folder / "run")
    run.begin({"model": "embedded"})
    files = {file.path: state for file in load_suite("rgb").files}
    identity = {"model": model, "policy": "drop"}
    run.write("run", {"identity": identity, "suites": {"rgb": {"limit": limit, "files": files}}})
    figures = {"accuracy": {"value": accuracy, "low": 0.0, "high": 1.0, "n": 10}}
    row = {"model": model, "part": "noise 0", "arm": "search", "cases": 10, "figures": figures}
    run.write("rgb.figures", {"title": "RGB", "notes": {}, "rows": [row], "tests": []})
    return run


def test_a_figure_at_its_floor_holds_and_one_below_falls(tmp_path: Path) -> None:
    outcomes, wrong = gate.check(run_with(tmp_path, 0.8), [FLOOR])
    assert ([one.ok for one in outcomes], wrong) == ([True], [])
    outcomes, _ = gate.check(run_with(tmp_path / "b", 0.79), [FLOOR])
    assert gate.report(outcomes, []).startswith("FELL rgb/noise 0/search/accuracy: 0.790")


def test_a_figure_that_is_not_there_does_not_hold(tmp_path: Path) -> None:
    outcomes, _ = gate.check(run_with(tmp_path, 0.9), [replace(FLOOR, part="rejection")])
    assert [one.ok for one in outcomes] == [False]


def test_where_lower_is_better_the_floor_is_a_ceiling() -> None:
    ceiling = replace(FLOOR, metric="hallucination", value=0.2)
    assert ceiling.holds(0.2)
    assert not ceiling.holds(0.21)
    assert ceiling.is_lower(0.3)


def test_a_limited_run_or_other_data_cannot_pass(tmp_path: Path) -> None:
    _, wrong = gate.check(run_with(tmp_path, 0.9, limit=5, state="changed"), [FLOOR])
    assert any("other data than pinned" in sentence for sentence in wrong)
    assert any("only 5 questions" in sentence for sentence in wrong)


def test_a_run_of_another_model_neither_passes_nor_raises_a_floor(tmp_path: Path) -> None:
    run = run_with(tmp_path, 0.99, model="megrez")
    assert gate.check(run, [FLOOR])[1] == ["the floors are not those of megrez"]
    with pytest.raises(Misconfigured, match="not those of megrez"):
        gate.raised([FLOOR], run)
    with pytest.raises(Misconfigured, match="not those of megrez"):
        gate.pinned([FLOOR], "rgb/noise 0/search/abstained", run)


def test_a_floor_is_lowered_only_with_a_reason_that_stays() -> None:
    with pytest.raises(Misconfigured, match="without a reason"):
        gate.lowered([FLOOR], FLOOR.name, 0.7, " ")
    with pytest.raises(Misconfigured, match="does not lower"):
        gate.lowered([FLOOR], FLOOR.name, 0.9, "no reason would do")
    with pytest.raises(Misconfigured, match="There is no floor"):
        gate.lowered([FLOOR], "rgb/x/y/z", 0.1, "gone")
    [floor] = gate.lowered([FLOOR], FLOOR.name, 0.7, "the gold answers were mended", today="2026-02-01")
    assert floor.value == 0.7
    assert floor.history[-1] == Step(value=0.7, date="2026-02-01", because="the gold answers were mended")


def test_a_floor_is_pinned_just_below_what_was_measured(tmp_path: Path) -> None:
    run = run_with(tmp_path, 0.9)
    [floor] = gate.pinned([], FLOOR.name, run, today="2026-02-01")
    assert floor == replace(FLOOR, value=0.89, history=(Step(value=0.89, date="2026-02-01", because="first measured"),))
    for name in (FLOOR.name, "rgb/noise 0"):
        with pytest.raises(Misconfigured, match="no new floor"):
            gate.pinned([FLOOR], name, run)
    with pytest.raises(Misconfigured, match="no figure"):
        gate.pinned([], "rgb/noise 0/search/hallucination", run)
    with pytest.raises(Misconfigured, match="no better and worse"):
        gate.pinned([], "rgb/noise 0/search/abstained", run)


def test_raising_moves_a_floor_just_below_the_figure_and_never_down(tmp_path: Path) -> None:
    [up] = gate.raised([FLOOR], run_with(tmp_path, 0.9), today="2026-02-01")
    assert (up.value, len(up.history)) == (0.89, 2)
    assert gate.raised([FLOOR], run_with(tmp_path / "b", 0.8)) == [FLOOR]


@pytest.mark.parametrize(
    "change",
    [
        {"value": 0.5},
        {
            "value": 0.5,
            "history": [{"value": 0.8, "date": "", "because": "a"}, {"value": 0.5, "date": "", "because": ""}],
        },
        {"history": []},
    ],
)
def test_a_floor_lowered_by_hand_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "floors.json"
    gate.write_floors([FLOOR], path)
    assert gate.read_floors(path) == [FLOOR]
    plain = json.loads(path.read_text("utf-8"))
    plain["floors"][0] |= change
    path.write_text(json.dumps(plain), "utf-8")
    with pytest.raises(Misconfigured, match="rgb/noise 0/search/accuracy"):
        gate.read_floors(path)


def test_the_floors_of_this_project_can_be_read_and_name_what_there_is() -> None:
    for floor in gate.read_floors():
        load_suite(floor.suite)
        assert load_metric(floor.metric).better in ("higher", "lower")
