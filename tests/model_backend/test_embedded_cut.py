import re

from hypothesis import given
from hypothesis import strategies as st

from model_backend.embedded.clip import MAX_UNIT_CHARS, clipped
from model_backend.embedded.cut import cut_at
from model_backend.embedded.question import parse_question

WORDS = re.compile(r"[A-Za-z0-9]+(?:[.,'][A-Za-z0-9]+)*")
TEXTS = st.lists(
    st.sampled_from(["tower", "1,024.5", "是", "高", " ", ", ", "。", "281474976710656", "it's"]), max_size=60
)


@given(TEXTS.map("".join), st.integers(20, 300))
def test_no_cut_halves_a_number_or_a_word(text: str, most: int) -> None:
    end = cut_at(text, most)
    assert end <= most
    for word in WORDS.finditer(text):
        assert not word.start() < end < word.end() or word.start() == 0 or len(word.group()) >= 60


def test_a_text_that_fits_is_whole_and_one_without_gaps_is_cut_anyway() -> None:
    assert cut_at("short", 20) == 5
    assert cut_at("a" * 500, 350) == 350
    assert cut_at("塔" * 500, 350) == 350


def test_a_long_sentence_keeps_its_figures_whole() -> None:
    text = "The basin " + "held water and " * 22 + "of 281,474,976,710,656 litres"
    for words in range(20, 24):
        quoted = clipped(text.replace("and ", "or ", words), parse_question("How many litres did the basin hold?"))
        assert len(quoted) <= MAX_UNIT_CHARS
        assert re.search(r"\d", quoted) is None or "281,474,976,710,656" in quoted
