import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_backend.embedded.clip import MAX_UNIT_CHARS, clipped
from model_backend.embedded.cut import cut_at
from model_backend.embedded.question import parse_question

WHOLE = re.compile(r"[A-Za-z0-9^.,'%$-]+|[〇零一二两三四五六七八九十百千万亿兆点\d]+")
PIECES = ["tower", "1,024.5", "10^-9", "$5", "12%", "是", "高", "三千五百", "281万亿", " ", ", ", "。", "it's"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60)
RUN = re.compile(r"[A-Za-z0-9^.,'%$〇零一二两三四五六七八九十百千万亿兆点-]+")
SHORTEST = 60
"""Runs as long as this, without a place to cut, are no words and no numbers."""


@given(TEXTS.map("".join), st.integers(SHORTEST, 300))
def test_no_cut_halves_a_number_or_a_word(text: str, most: int) -> None:
    end = cut_at(text, most)
    assert end <= most
    runs = [run.span() for run in RUN.finditer(text) if len(run.group()) >= SHORTEST]
    for whole in WHOLE.finditer(text):
        within = whole.start() < end < whole.end()
        assert not within or any(start < end < stop for start, stop in runs)


@given(st.text(max_size=120), st.integers(1, 100))
def test_any_text_is_cut_to_what_fits_and_something_is_left(text: str, most: int) -> None:
    assert 0 < cut_at(text, most) <= most if text else cut_at(text, most) == 0


def test_a_text_that_fits_is_whole_and_one_without_gaps_is_cut_anyway() -> None:
    assert cut_at("short", 20) == 5
    assert cut_at("a" * 500, 350) == 350
    assert cut_at("塔" * 500, 350) == 350


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The basin holds 281 TB of water", "The basin holds "),
        ("The basin holds 1 000 000 litres", "The basin holds "),
        ("The basin holds 10^9 litres", "The basin holds "),
        ("这个水池可以装下两百八十一万亿升水", "这个水池可以装下"),
        ("这个水池可以装下 281 万升水", "这个水池可以装下 "),
    ],
)
def test_no_cut_takes_from_a_number_what_it_counts(text: str, kept: str) -> None:
    counted = re.search(r" (?:TB|litres)|升", text)
    assert counted is not None
    for most in range(len(kept), counted.end()):
        assert text[: cut_at(text, most)].rstrip() == kept.rstrip()


def test_a_row_of_figures_is_cut_between_two_of_them() -> None:
    row = " ".join(str(number) for number in range(1_000, 1_200))
    for most in range(300, 360):
        assert re.fullmatch(r"(?:\d{4} ?)+", row[: cut_at(row, most)])


def test_a_long_sentence_keeps_its_figures_whole() -> None:
    text = "The basin " + "held water and " * 22 + "of 281,474,976,710,656 litres"
    for words in range(20, 24):
        quoted = clipped(text.replace("and ", "or ", words), parse_question("How many litres did the basin hold?"))
        assert len(quoted) <= MAX_UNIT_CHARS
        assert re.search(r"\d", quoted) is None or "281,474,976,710,656" in quoted


def test_a_figure_in_brackets_is_kept_with_what_it_is_about() -> None:
    text = (
        "Before any boats are moved by the harbour crew from the upper basin to the lower basin at the end of a week, "
        "the people of the crew not only look at the state of the weather (about 10 days old) and at all the papers of "
        "those who want to go there but also try to see to it that they go together with all that is told by the "
        "pilots of the mouth of the river"
    )
    quoted = clipped(text, parse_question("How long do boats wait in the upper basin before the lower basin?"))
    assert "10 days" in quoted
    assert "upper basin" in quoted
