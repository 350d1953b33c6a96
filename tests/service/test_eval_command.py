"""`asterism eval …`, as a user types it."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.commands.eval import app
from tests.eval.evaldata import write_towers


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASTERISM_EVAL__DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_run_is_made_reported_compared_and_gated(data: Path) -> None:
    write_towers(data, 3)
    made = run("run", "--suites", "alce,ramdocs", "--arms", "search", "--run", "one")
    assert made.exit_code == 0, made.stderr
    assert re.search(r"^all +search +3 +100.0 % +0.0 %", made.stdout, re.MULTILINE)
    assert "ramdocs skipped: There is no file" in made.stderr
    assert "alce search: 3/3" in made.stderr
    assert "Other data than the published figures were measured on: nq/nq_open_oracle.jsonl.gz." in made.stdout
    reported = run("report")
    assert "report.html" in reported.stdout
    compared = run("compare", "one", "one")
    assert "search of the first → the second" in compared.stdout
    gated = run("gate", "one")
    assert gated.exit_code == 1
    assert "REFUSED alce: other data than pinned" in gated.stdout


def test_the_data_is_listed(data: Path) -> None:
    listed = run("data")
    assert listed.exit_code == 0
    assert "missing  rgb/zh_refine.jsonl.gz" in listed.stdout


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("run", "--suites", "nowhere"), 2, "There is no suite 'nowhere'."),
        (("run", "--suites", " ,"), 2, "No suite is named."),
        (("run", "--arms", "guess"), 2, "There is no arm 'guess'."),
        (("report", "never"), 66, "There is no run"),
        (("report",), 66, "There is no run in eval/runs."),
        (("compare", "never", "ever"), 66, "There is no run"),
        (("gate", "never"), 66, "There is no run"),
        (("gate", "--lower", "rgb"), 2, "names no value"),
        (("gate", "--lower", "rgb/x/y/accuracy=0.1"), 2, "not lowered without a reason"),
        (("gate", "--lower", "rgb/x/y/accuracy=0.1", "--because", "so"), 2, "There is no floor"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(data: Path, words: tuple[str, ...], exit_code: int, said: str) -> None:
    result = run(*words)
    assert result.exit_code == exit_code
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert not Path("eval/runs").exists()


def test_a_run_whose_every_suite_is_skipped_fails(data: Path) -> None:
    result = run("run", "--suites", "ramdocs")
    assert result.exit_code == 69
    assert "ASTERISM_EVAL__DATA_DIR" in result.stderr
