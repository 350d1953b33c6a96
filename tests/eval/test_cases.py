import json
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from eval.cases import WITH_GOLD, Case, CasesUnreadable, load_cases

DATASETS = Path(__file__).parents[2] / "eval" / "datasets"
GOOD: dict[str, object] = {
    "id": "t-1",
    "question": "How many?",
    "language": "en",
    "kind": "answerable",
    "gold_pages": ["sqlite3/limits.html"],
    "gold_strings": [["64", "sixty-four"]],
}


def write(folder: Path, *lines: object) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_a_line_becomes_a_frozen_case(tmp_path: Path) -> None:
    [case] = load_cases(write(tmp_path, GOOD, ""))
    assert case == Case(
        id="t-1",
        question="How many?",
        language="en",
        kind="answerable",
        gold_pages=("sqlite3/limits.html",),
        gold_strings=(("64", "sixty-four"),),
    )
    assert case.package == "sqlite3"
    with pytest.raises(AttributeError):
        case.id = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": None}, "id must be a text"),
        ({"question": "  "}, "question must be a text"),
        ({"language": "fr"}, "language is 'fr'; allowed are en, zh"),
        ({"kind": "hard"}, "kind is 'hard'; allowed are answerable"),
        ({"gold_pages": "sqlite3/limits.html"}, "gold_pages must be a list"),
        ({"gold_pages": ["a.html", "a.html"]}, "gold_pages names a page twice"),
        ({"gold_pages": []}, "answerable needs gold_pages"),
        ({"gold_strings": ["64"]}, "gold_strings must be a list of lists"),
        ({"gold_strings": [[]]}, "gold_strings must be a list of lists"),
        ({"gold_strings": [[""]]}, "a group of gold_strings must be a list of texts"),
        ({"kind": "unanswerable"}, "unanswerable must leave gold_pages and gold_strings empty"),
        ({"kind": "followup"}, "a followup needs them"),
        ({"turns": [{"question": "a", "answer": "b"}]}, "turns belong to a followup"),
        ({"kind": "followup", "turns": [{"question": "a"}]}, "a turn has a question and an answer"),
        ({"gold": "64"}, "there is no field gold"),
    ],
)
def test_a_wrong_field_is_told_with_its_file_and_line(tmp_path: Path, change: dict[str, object], said: str) -> None:
    path = write(tmp_path, {**GOOD, "id": "t-0"}, {**GOOD, **change})
    with pytest.raises(CasesUnreadable) as told:
        load_cases(path)
    assert str(told.value).startswith(f"{path}, line 2: ")
    assert said in str(told.value)
    assert told.value.remedy


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    line = {name: value for name, value in GOOD.items() if name != "gold_strings"}
    with pytest.raises(CasesUnreadable, match="line 1: gold_strings is missing"):
        load_cases(write(tmp_path, line))


@pytest.mark.parametrize(("line", "said"), [("{nonsense", "it is not JSON"), ("[1]", "it is not a JSON object")])
def test_what_is_no_json_object_is_refused(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(CasesUnreadable, match=said):
        load_cases(write(tmp_path, line))


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CasesUnreadable, match="line 3: the id 't-1' stands on line 1 already"):
        load_cases(write(tmp_path, GOOD, {**GOOD, "id": "t-2"}, GOOD))


def test_an_empty_or_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CasesUnreadable, match="holds no case"):
        load_cases(write(tmp_path, ""))
    with pytest.raises(CasesUnreadable, match="cannot be read"):
        load_cases(tmp_path / "none.jsonl")


@pytest.mark.parametrize("path", sorted(DATASETS.glob("*.jsonl")), ids=lambda path: path.name)
def test_every_set_that_comes_with_the_project_is_valid(path: Path) -> None:
    assert load_cases(path)


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("docs_dev.jsonl", [60, 16, 12]),
        ("docs_dev2.jsonl", [60, 16, 12]),
        ("docs_dev3.jsonl", [60, 16, 0]),
        ("docs_dev4.jsonl", [64, 16, 0]),
        ("docs_dev5.jsonl", [40, 12, 0]),
        ("docs_dev6.jsonl", [68, 20, 0]),
        ("docs_unanswerable.jsonl", [0, 70, 0]),
        ("docs_heldout.jsonl", [50, 14, 10]),
        ("docs_heldout2.jsonl", [40, 12, 0]),
        ("docs_heldout3.jsonl", [40, 12, 0]),
    ],
)
def test_a_documentation_set_has_the_size_and_the_languages_that_its_figures_rest_on(
    name: str, sizes: list[int]
) -> None:
    cases = load_cases(DATASETS / name)
    kinds = [case.kind for case in cases]
    assert [kinds.count(kind) for kind in ("answerable", "unanswerable", "no_search")] == sizes
    assert sum(sizes) == len(cases)
    for kind in sorted(set(kinds)):
        assert {case.language for case in cases if case.kind == kind} == {"en", "zh"}
    assert len({case.question for case in cases}) == len(cases)


def test_the_held_out_set_covers_the_packages_and_both_languages() -> None:
    cases = [case for case in load_cases(DATASETS / "docs_heldout.jsonl") if case.kind in WITH_GOLD]
    assert Counter((case.package, case.language) for case in cases) == {
        ("sqlite3", "en"): 17,
        ("git", "en"): 15,
        ("debian-reference", "en"): 6,
        ("debian-reference", "zh"): 12,
    }
    assert all(".zh-cn." in case.gold_pages[0] for case in cases if case.language == "zh")


@pytest.mark.parametrize(
    ("name", "other"), list(combinations(["docs_dev.jsonl", "docs_dev2.jsonl", "docs_heldout.jsonl"], 2))
)
def test_no_documentation_set_asks_what_another_one_asks(name: str, other: str) -> None:
    one, two = (load_cases(DATASETS / file) for file in (name, other))
    assert not {asked(case) for case in one} & {asked(case) for case in two}
    first = [{case.gold_pages[0] for case in cases if case.kind in WITH_GOLD} for cases in (one, two)]
    assert not first[0] & first[1]


def asked(case: Case) -> str:
    """The question without what a user would not call another question: case, white space, marks."""
    return "".join(letter for letter in case.question.casefold() if letter.isalnum())
