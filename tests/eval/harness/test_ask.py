from eval.harness.ask import ended_well, some_of
from eval.harness.case import Case

CASES = [
    Case(id=f"{n} {part}", part=part, question="?", cluster=str(n))
    for n in range(20)
    for part in ("noise 0", "noise 0.4")
]


def test_a_limit_draws_questions_with_all_of_their_cases() -> None:
    drawn = some_of(CASES, 5, seed=0)
    assert len(drawn) == 10
    assert len({case.cluster for case in drawn}) == 5


def test_the_draw_depends_on_the_seed_and_keeps_the_order() -> None:
    first = some_of(CASES, 5, seed=0)
    assert first == some_of(CASES, 5, seed=0) != some_of(CASES, 5, seed=1)
    assert [CASES.index(case) for case in first] == sorted(CASES.index(case) for case in first)


def test_without_a_limit_all_are_asked() -> None:
    assert some_of(CASES, None, seed=0) == CASES
    assert some_of(CASES, 100, seed=0) == CASES


def test_a_run_that_failed_is_to_be_asked_again() -> None:
    assert ended_well({"events": [{"type": "run.started"}, {"type": "run.completed"}]})
    assert not ended_well({"events": [{"type": "run.started"}, {"type": "run.failed"}]})
    assert not ended_well({"events": []})
