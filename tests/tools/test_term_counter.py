"""The terms of a question are counted in ASCII text and in any other alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.term_counter import TermCounter
from tools.text.words import terms

QUESTION = "Studies of U.S. log files: 1,024 or 3.11?"
PARTS = [
    "study",
    "Studies",
    "U.S.",
    "US",
    "us",
    "LOG",
    "logs",
    "log_file",
    "1,024",
    "1024",
    "3.11",
    "3.11.2",
    "a.b",
    "_",
]
text = st.lists(st.sampled_from([*PARTS, "word", ".", ",", "...", "-", "x86", "\n"]), max_size=12).map(
    " ".join
) | st.text(st.characters(max_codepoint=127), max_size=40)


@pytest.mark.parametrize(
    ("passage", "counts", "words"),
    [
        ("A study of logs, and of the log.", {"studi": 1, "log": 2}, 8),
        ("1,024 and 1024.", {"1024": 2}, 3),
        ("nothing", {}, 1),
        ("... --- ...", {}, 0),
        ("", {}, 0),
    ],
)
def test_wanted_terms_and_all_words_are_counted(passage: str, counts: dict[str, int], words: float) -> None:
    assert TermCounter(terms(QUESTION)).count(passage) == (counts, words)


@given(st.lists(text, min_size=1, max_size=4))
def test_ascii_text_is_counted_as_any_other(passages: list[str]) -> None:
    counter = TermCounter(terms(QUESTION))
    for passage in passages:
        counts, words = counter.count(passage)
        # A word more, of a letter of two bytes.
        assert counter.count(f"{passage} é") == (counts, words + 1.5)
