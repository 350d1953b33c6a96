"""The report over a small run of the sample web and of constructed pairs, made once for all tests here."""

import asyncio
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from agent.settings import EvalSettings, Settings
from eval.harness.folder import RunFolder
from eval.harness.plan import Plan
from eval.harness.run import evaluate
from eval.metrics import load_metric, metric_names
from eval.report.compare import comparison
from eval.report.plots import over_noise, reliability
from eval.report.report import Report
from eval.report.svg import Bar, bars
from eval.report.table import written
from eval.report.text import EXTRACTIVE, data_table, summary
from tests.eval.evaldata import write_rgb


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = tmp_path_factory.mktemp("report")
    write_rgb(folder)
    settings = Settings(eval=EvalSettings(data_dir=str(folder)))
    plan = Plan(settings=settings, suites=("rgb", "zh_pairs"), arms=("closed", "search"), runs=folder, name="one")
    made, skipped = asyncio.run(evaluate(plan))
    assert skipped == {}
    return made


class Page(HTMLParser):
    """Which elements there are, and what they load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "xlink:href")]


def test_the_page_stands_alone(run: RunFolder) -> None:
    text = Report(run).html()
    page = Page(text)
    assert page.loads == []
    assert "script" not in page.tags
    assert "link" not in page.tags
    assert not re.search(r"url\(|@import", text)
    assert page.tags.count("svg") >= 3


def test_the_page_holds_definitions_tables_plots_and_cases_to_read(run: RunFolder) -> None:
    text = Report(run).html()
    for part in ("Hallucination rate by arm", "Accuracy over the share of noise", "Reliability", "Worst cases to read"):
        assert part in text
    assert "What it measures" in text
    assert "rounded up" in text
    assert EXTRACTIVE[:40] in text


def test_the_embedded_model_has_no_table_of_what_is_taken_away(run: RunFolder) -> None:
    assert "wrong taken away" not in Report(run).markdown()
    assert "embedded (extractive)" in Report(run).markdown()


def test_both_files_are_written_into_the_run(run: RunFolder) -> None:
    markdown, html = Report(run).write()
    assert Path(markdown).read_text("utf-8").startswith("# Evaluation one")
    assert Path(html).read_text("utf-8").startswith("<!DOCTYPE html>")


def test_what_pages_and_models_say_is_shown_as_text(run: RunFolder) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    case = {"arm": "search", "part": "p", "case": "c", "question": hostile, "gold": [hostile], "answer": hostile}
    before = run.read("rgb.worst")
    run.write("rgb.worst", [{**case, "why": "wrong", "claims": [{"text": hostile, "verdict": "x", "reason": hostile}]}])
    try:
        page = Page(Report(run).html())
    finally:
        run.write("rgb.worst", before)
    assert "img" not in page.tags


def test_a_run_held_against_itself_does_not_differ(run: RunFolder) -> None:
    text = comparison(run, run)
    assert "rgb" in text
    p_values = re.findall(r"\| (\S+) \|$", text, re.MULTILINE)
    assert set(p_values[1:]) - {"---:", "exact)"} == {"1"}


def test_a_curve_is_drawn_only_where_there_are_several_shares(run: RunFolder) -> None:
    titles = [re.search(r"<title>(.*?)</title>", plot) for plot in over_noise(run.read("rgb.figures"), "embedded")]
    assert [title[1] for title in titles if title] == [
        "Accuracy over the share of noise",
        "Accuracy over the share of integration",
    ]
    assert reliability(run.read("rgb.scores")) == ""


def test_bars_are_labelled_and_as_long_as_their_figures() -> None:
    drawn = bars("t", [Bar(label="a & b", value=0.5, low=0.4, high=0.6)])
    assert "a &amp; b" in drawn
    assert "50.0 %" in drawn


def test_figures_are_written_with_their_unit() -> None:
    assert written(0.1234, load_metric("accuracy")) == "12.3 %"
    assert written(0.1234, load_metric("verdict_auc")) == "0.123"
    assert written(1234.5, load_metric("latency")) == "1,234 ms"


def test_the_summary_shows_hallucination_beside_abstention_and_accuracy(run: RunFolder) -> None:
    head = next(line for line in summary(run, ["rgb"]).splitlines() if line.startswith("part"))
    assert head.split()[:6] == ["part", "arm", "n", "accuracy", "abstained", "hallucination"]
    assert metric_names()[:3] == ["accuracy", "abstained", "hallucination"]


def test_the_data_list_tells_licence_and_state(run: RunFolder) -> None:
    told = data_table(Settings(eval=EvalSettings(data_dir=str(run.path.parent))))
    assert re.search(r"changed +rgb/zh_int.jsonl.gz .*non-commercial", told)
    assert re.search(r"missing +ramdocs/ramdocs.jsonl.gz", told)
    assert "part of this project" in told
