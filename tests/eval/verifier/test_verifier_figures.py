"""The measurements themselves: that they can fail, that they do not leak, and what they say of the sample web."""

import gzip
import json
import random
from pathlib import Path

import pytest

from agent.verify.classifier import Classifier, sigmoid
from eval.verifier.__main__ import main
from eval.verifier.data import Pair, is_known, load
from eval.verifier.falsify import exchanged_numbers, negated, other_number, reworded
from eval.verifier.fit import BoostOptions, fit_calibration, fit_trees
from eval.verifier.metrics import area_under_curve, calibration_error, even_threshold, macro_f1
from eval.verifier.planted import plant
from eval.verifier.train import ReadPair, cross_validate
from tools.text.numbers import quantities


def test_figures_of_agreement() -> None:
    assert macro_f1([True, False], [True, False]) == 1.0
    assert macro_f1([True, False], [False, True]) == 0.0
    assert macro_f1([True, True, False, False], [True, True, True, True]) == pytest.approx(1 / 3)
    assert area_under_curve([True, False, True], [0.9, 0.1, 0.5]) == 1.0
    assert area_under_curve([True, False], [0.5, 0.5]) == 0.5
    assert calibration_error([True, True], [1.0, 1.0]) == 0.0
    assert calibration_error([False, False], [1.0, 1.0]) == 1.0
    assert even_threshold([False] * 10 + [True] * 5, [0.3] * 11 + [0.7] * 4) == 0.3
    assert even_threshold([False] * 10 + [True] * 10, [0.3] * 10 + [0.7] * 10) == 0.7


def test_trees_learn_what_is_there_and_calibration_makes_it_honest() -> None:
    chance = random.Random(0)
    rows = [[chance.random(), chance.random()] for _ in range(300)]
    labels = [int(row[0] > 0.5) for row in rows]
    bias, trees = fit_trees(rows, labels, BoostOptions(trees=40, rate=0.2))
    assert any(isinstance(tree, tuple) and tree[0] == 0 for tree in trees)
    slope, shift = fit_calibration([4.0] * 40 + [-4.0] * 40, [1, 1, 1, 0] * 10 + [0, 0, 0, 1] * 10)
    assert sigmoid(slope * 4.0 + shift) == pytest.approx(0.75, abs=0.01)
    assert sigmoid(slope * -4.0 + shift) == pytest.approx(0.25, abs=0.01)
    assert abs(bias) < 1


def test_no_question_is_on_both_sides_of_a_fold() -> None:
    pairs = [
        ReadPair(
            Pair(
                claim=f"The tower number {n} is {n} metres high.",
                evidence=(f"The tower number {n + n % 2} is {n} metres high.",),
                verdict="unsupported" if n % 2 else "supported",
                part="made",
                group=f"question {n // 4}",
            )
        )
        for n in range(80)
    ]
    seen: dict[int, set[str]] = {}
    for prediction, classifier in cross_validate(pairs, folds=4):
        seen.setdefault(id(classifier), set()).add(prediction.pair.group)
        assert isinstance(classifier, Classifier)
    groups = list(seen.values())
    assert len(groups) == 4
    assert sum(len(group) for group in groups) == 20


def test_data_is_read_from_where_it_lies_and_known_by_its_checksum(tmp_path: Path) -> None:
    row = {
        "question": "q", "claim": "The tower is high [1].", "references": ["[1] http://a.example/\n\nIt is high."],
        "attribution_label": "attributable", "src_dataset": "made",
    }  # fmt: skip
    folder = tmp_path / "attributionbench"
    folder.mkdir()
    with gzip.open(folder / "dev.jsonl.gz", "wt") as file:
        file.write(json.dumps(row) + "\n")
    pair = load("attributionbench", tmp_path)[0]
    assert (pair.claim, pair.verdict) == ("The tower is high.", "supported")
    assert "http" not in pair.evidence[0]
    assert not is_known("attributionbench", tmp_path)


def test_missing_data_is_told_with_what_to_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["attributionbench", "--data", str(tmp_path)]) == 2
    assert "ASTERISM_EVAL__DATA_DIR" in capsys.readouterr().err


def test_changes_change_what_they_should() -> None:
    chance = random.Random(1)
    text = "The bridge is 1,248 metres long and 36 metres high."
    for change in (other_number, exchanged_numbers):
        changed = change(text, chance)
        assert changed is not None
        assert [q.value for q in quantities(changed)] != [q.value for q in quantities(text)]
    assert negated(text, chance) == "The bridge is not 1,248 metres long and 36 metres high."
    same = [q.value for q in quantities(reworded("The bridge is 1,248 metres long.", chance))]
    assert same == [1248.0]


def test_most_planted_sentences_are_caught_and_most_true_ones_are_not() -> None:
    outcome = plant(answers=30, seed=3)
    false = sum(count for key, count in outcome.verdicts.items() if not key[1])
    assert outcome.share(true=False, supported=False) >= 0.95
    assert outcome.share(true=True, supported=False) <= 0.08
    assert outcome.planted_shown <= 0.05 * false + 1
