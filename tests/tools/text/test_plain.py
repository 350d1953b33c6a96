"""The quick way through ASCII text finds what the patterns find."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.term_counter import _WORD
from tools.text.plain import found_in_plain, plain_words
from tools.text.words import _PIECE, _TERM

ASCII = st.one_of(
    st.text(st.characters(max_codepoint=127), max_size=80),
    st.text(st.sampled_from("aB3._,-'\" \n"), max_size=60),
    st.lists(st.sampled_from(["U.S.", "e.g.", "1,024", "3.11.4", "x86_64", "_a.b_", "end.", ".e.g.", "a..b", ","]))
    .map(" ".join),
)  # fmt: skip


@given(ASCII)
def test_runs_of_letters_and_digits_are_those_of_the_pattern(text: str) -> None:
    assert plain_words(text) == _PIECE.findall(text)


@pytest.mark.parametrize("pattern", [_TERM, _WORD], ids=["terms", "words"])
@given(text=ASCII)
def test_a_pattern_finds_the_same_words(pattern, text: str) -> None:  # type: ignore[no-untyped-def]
    assert found_in_plain(pattern, text) == pattern.findall(text)


def test_a_pattern_that_cuts_within_a_run_does_not_fit() -> None:
    numbers_apart = re.compile(r"\d+|[a-z]+")
    assert numbers_apart.findall("the 3rd") == ["the", "3", "rd"]
    assert found_in_plain(numbers_apart, "the 3rd") == ["the", "3rd"]
