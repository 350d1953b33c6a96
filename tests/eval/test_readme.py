"""`eval/README.md` names every suite and defines every figure, in the words of its file."""

from pathlib import Path

import pytest

from eval.metrics import load_metric, metric_names
from eval.suites import suite_names

README = (Path(__file__).parent.parent.parent / "eval" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", suite_names())
def test_every_suite_is_named(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize("name", metric_names())
def test_every_figure_is_defined_as_in_its_file(name: str) -> None:
    metric = load_metric(name)
    assert f"| {metric.title} | {metric.about} |" in README
