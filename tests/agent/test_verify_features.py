"""What the features count, against the plain definitions of it."""

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from agent.verify.features import common_length, longest_run

WORDS = st.lists(st.sampled_from("abcd"), max_size=7)


def follows(short: Sequence[str], long: Sequence[str]) -> bool:
    rest = iter(long)
    return all(word in rest for word in short)


@given(WORDS, WORDS)
def test_the_longest_common_subsequence_is_the_longest_that_follows_in_both(one: list[str], other: list[str]) -> None:
    lengths = [n for n in range(len(one) + 1) if any(follows(some, other) for some in combinations(one, n))]
    assert common_length(one, other) == max(lengths)


@given(WORDS, WORDS)
def test_the_longest_run_stands_in_both_without_a_gap(one: list[str], other: list[str]) -> None:
    runs = [one[start:end] for start in range(len(one)) for end in range(start + 1, len(one) + 1)]
    there = [other[start:end] for start in range(len(other)) for end in range(start + 1, len(other) + 1)]
    assert longest_run(one, other) == max((len(run) for run in runs if run in there), default=0)
