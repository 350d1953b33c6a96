from dataclasses import replace

from eval.harness.case import EVERY
from eval.harness.score import (
    Score,
    compare_arms,
    figures_of,
    from_plain,
    rows_of,
    score_judged,
    to_plain,
    with_together,
)
from tests.eval.metrics.test_metrics import asked_score, judged_claim

RIGHT = asked_score("It is 87 metres high [1].")
WRONG = asked_score("It is 78 metres high [1].")


def named(score: Score, **changes: str) -> Score:
    return replace(score, **changes)  # type: ignore[arg-type]


def test_figures_are_made_by_model_part_and_arm() -> None:
    scores = [named(RIGHT, case="1"), named(WRONG, case="2"), named(WRONG, case="1", arm="closed")]
    rows = {(row.part, row.arm): row for row in rows_of(scores)}
    assert rows["all", "search"].figures["accuracy"].value == 0.5
    assert rows["all", "closed"].cases == 1


def test_parts_are_counted_together_under_a_heading() -> None:
    scores = [named(RIGHT, part="a"), named(WRONG, part="b"), named(WRONG, part="c")]
    rows = {row.part: row for row in rows_of(with_together(scores, {"both": ("a", "b"), "every": EVERY}))}
    assert rows["both"].figures["accuracy"].value == 0.5
    assert rows["every"].cases == 3


def test_arms_are_compared_on_the_cases_that_both_have() -> None:
    closed = [named(WRONG, arm="closed", case=str(n)) for n in range(8)]
    search = [named(RIGHT, case=str(n)) for n in range(7)]
    [found] = [one for one in compare_arms([*closed, *search], RIGHT.model) if one.metric == "answered_wrong"]
    assert (found.first, found.second, found.shares, found.n) == ("closed", "search", (1.0, 0.0), 7)
    assert found.p == 2 / 2**7


def test_claims_of_one_kind_have_no_figure_of_how_two_kinds_are_parted() -> None:
    one_kind = figures_of([score_judged(judged_claim(supported=True)), score_judged(judged_claim(supported=True))])
    both = figures_of([score_judged(judged_claim(supported=True)), score_judged(judged_claim(supported=False))])
    assert one_kind.keys() == {"verdict_supported"}
    assert {"verdict_f1", "verdict_auc"} <= both.keys()


def test_a_score_survives_being_written() -> None:
    assert from_plain(to_plain(RIGHT)) == RIGHT
