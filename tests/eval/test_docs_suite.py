import html
import json
import os
import re
from functools import cache
from pathlib import Path

import pytest

from agent.settings import Settings
from eval.cases import Case, load_cases
from eval.docs_report import failures, rows, table, to_plain
from eval.docs_score import holds
from eval.docs_suite import DATASETS, PACKAGES, Watched, ask_case, main, missing_pages, spread, suite_settings
from model_backend.errors import ModelUnreachable
from tests.doubles import SayingModel, make_agent, searches_for

TOWER = "http://tower.example/kestrel"
CASE = Case(
    id="t-1",
    question="How high is the Kestrel tower?",
    language="en",
    kind="answerable",
    gold_pages=(TOWER,),
    gold_strings=(("87",),),
)
DOCUMENTATION_SETS = sorted(path.name for path in DATASETS.glob("docs_*.jsonl"))
RIGHT = "The Kestrel tower is 87 metres high [1]."


async def test_a_run_is_watched_from_its_results_to_its_answer() -> None:
    model = Watched(SayingModel(searches_for("Kestrel tower height"), RIGHT))
    errors: dict[str, str] = {}
    case, score, answer = await ask_case(make_agent(model), model, CASE, errors)
    assert (score.cause, score.page_cited, score.string_found, errors) == (None, True, True, {})
    assert any(url == TOWER and "87 metres" in text for url, text in model.shown)
    plain = json.loads(json.dumps(to_plain([(case, score, answer)], errors)))
    assert plain["figures"]["all"]["string_found"] == {"hits": 1, "of": 1, "share": 1.0}
    assert plain["missed"] == []
    assert plain["cases"][0]["answer"]["answer"] == RIGHT


async def test_a_wrong_answer_lowers_the_figure_and_is_listed_to_be_read() -> None:
    model = Watched(SayingModel(searches_for("Kestrel tower height"), "It is 90 metres high [1]."))
    asked = [await ask_case(make_agent(model), model, CASE, {})]
    assert "| all | 100% (1/1) | 0% (0/1) |" in table([score for _, score, _ in asked])
    read = failures(asked)
    assert read.startswith("answer misses it: 1\n")
    for part in ("t-1", CASE.question, "gold: 87", TOWER, "It is 90 metres high"):
        assert part in read


async def test_a_run_that_gives_no_answer_is_an_error_and_a_loss() -> None:
    model = Watched(SayingModel(ModelUnreachable("Nobody answers.")))
    errors: dict[str, str] = {}
    asked = [await ask_case(make_agent(model), model, CASE, errors)]
    assert asked[0][1].cause == "run failed"
    assert "Nobody answers." in errors["t-1"]
    assert "run failed: 1" in failures(asked)


async def test_the_table_has_a_row_for_all_each_language_and_each_package() -> None:
    model = Watched(SayingModel(searches_for("Kestrel"), RIGHT))
    cases = [CASE, Case(id="t-2", question="你好", language="zh", kind="no_search")]
    scores = [(await ask_case(make_agent(model), model, case, {}))[1] for case in cases]
    assert [name for name, _ in rows(scores)] == ["all", "en", "zh", "http:"]
    assert table(scores).splitlines()[-1].startswith("| bar | ≥ 80% | ≥ 70% | ≥ 80% | ≤ 15% | ≥ 100% |")


def test_only_the_library_is_searched_and_threads_lie_beside_it(tmp_path: Path) -> None:
    settings = suite_settings(Settings(), tmp_path)
    assert settings.search.providers == ["library"]
    assert settings.local_library_path() == tmp_path / "library.db"


def test_a_few_cases_are_spread_over_all() -> None:
    cases = load_cases(DATASETS / "docs_dev.jsonl")
    assert spread(cases, None) == spread(cases, 1000) == cases
    few = spread(cases, 11)
    assert len(few) == 11
    assert {case.kind for case in few} == {"answerable", "unanswerable", "no_search"}


@pytest.mark.docs
@pytest.mark.skipif(bool(missing_pages()), reason="Debian's documentation packages are not installed")
def test_a_broken_file_of_cases_is_one_sentence_and_an_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text("{}", encoding="utf-8")
    assert main(["--cases", str(path), "--library", str(tmp_path)]) == os.EX_DATAERR
    told = capsys.readouterr().err
    assert f"{path}, line 1: " in told
    assert "eval/datasets/README.md" in told
    assert not (tmp_path / "library.db").exists()


@cache
def page_text(page: str) -> str:
    name, rest = page.split("/", 1)
    return html.unescape(re.sub(r"<[^>]*>", "", (PACKAGES[name] / rest).read_text(encoding="utf-8", errors="replace")))


@pytest.mark.docs
@pytest.mark.skipif(bool(missing_pages()), reason="Debian's documentation packages are not installed")
@pytest.mark.parametrize("name", DOCUMENTATION_SETS)
def test_every_gold_page_holds_what_the_answer_must_hold(name: str) -> None:
    wrong = [
        f"{case.id}: {page}"
        for case in load_cases(DATASETS / name)
        for page in case.gold_pages
        if not holds(page_text(page), case.gold_strings)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", DOCUMENTATION_SETS)
def test_no_question_gives_its_own_answer_away(name: str) -> None:
    # An abstention quotes the question, so a question that holds the gold string would win by abstaining.
    assert [case.id for case in load_cases(DATASETS / name) if holds(case.question, case.gold_strings)] == []
