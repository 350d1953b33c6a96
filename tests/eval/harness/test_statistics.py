from hypothesis import given
from hypothesis import strategies as st

from eval.harness.statistics import estimate, exact_p, mcnemar
from eval.metrics import mean


def test_the_interval_of_a_share_is_that_of_the_binomial_distribution() -> None:
    points = [(1.0,)] * 75 + [(0.0,)] * 25
    found = estimate(points, [str(n) for n in range(100)], mean)
    assert found.value == 0.75
    assert abs(found.low - 0.66) < 0.015
    assert abs(found.high - 0.83) < 0.015


def test_cases_of_one_question_are_drawn_together() -> None:
    points = [(float(n < 50),) for n in range(100)]
    alone = estimate(points, [str(n) for n in range(100)], mean)
    together = estimate(points, [str(n // 10) for n in range(100)], mean)
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_mcnemar_is_the_exact_binomial_test_of_the_cases_that_changed() -> None:
    # Ten changed, all one way: 2 / 2**10.
    found = mcnemar([True] * 10 + [True] * 5, [False] * 10 + [True] * 5)
    assert (found.only_first, found.only_second, found.both) == (10, 0, 5)
    assert found.p == 2 / 1024
    assert exact_p(0, 0) == 1.0
    assert exact_p(3, 3) == 1.0


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_mcnemar_does_not_care_which_arm_is_first(pairs: list[tuple[bool, bool]]) -> None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    there, back = mcnemar(one, other), mcnemar(other, one)
    assert there.p == back.p
    assert 0 < there.p <= 1
    assert there.only_first + there.only_second + there.both + there.neither == len(pairs)
