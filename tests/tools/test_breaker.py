from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tools.breaker import Breaker


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def broken(clock: Clock) -> Breaker:
    breaker = Breaker(failures=5, rest_s=30, clock=clock)
    for _ in range(5):
        assert breaker.admit()
        breaker.fail()
    return breaker


def test_it_opens_after_five_failures_in_a_row() -> None:
    clock = Clock()
    breaker = broken(clock)
    assert breaker.is_open
    assert not breaker.admit()
    assert breaker.rest_left_s == 30


def test_a_success_in_between_starts_the_count_anew() -> None:
    breaker = Breaker(failures=5, clock=Clock())
    for _ in range(4):
        breaker.fail()
    breaker.succeed()
    for _ in range(4):
        breaker.fail()
    assert breaker.admit()


def test_one_probe_goes_through_after_the_rest() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now = 30
    assert breaker.admit()
    assert not breaker.admit()
    breaker.succeed()
    assert breaker.admit()
    assert breaker.admit()


def test_a_failed_probe_rests_again() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now = 30
    assert breaker.admit()
    breaker.fail()
    clock.now = 59
    assert not breaker.admit()
    clock.now = 60
    assert breaker.admit()


def test_a_probe_given_up_leaves_room_for_the_next() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now = 30
    assert breaker.admit()
    breaker.release()
    assert breaker.admit()


@given(st.lists(st.sampled_from(["ask", "wait"]), max_size=60))
def test_a_dead_dependency_is_asked_five_times_and_then_once_a_rest(steps: list[str]) -> None:
    clock = Clock()
    breaker = Breaker(failures=5, rest_s=30, clock=clock)
    asked = 0
    for step in steps:
        if step == "wait":
            clock.now += 10
        elif breaker.admit():
            asked += 1
            breaker.fail()
    assert asked <= 5 + clock.now // 30
