import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.text import words as w

ANY = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=st.sampled_from(list("aB é１Ａ，。、3.,５香港立ﬁ①²e\u0301・カガ \n的U.S")), max_size=80),
)


@given(ANY)
def test_folding_for_words_gives_the_same_words_as_folding_everything(text: str) -> None:
    assert w._PIECE.findall(w.fold_words(text)) == w._PIECE.findall(w.fold(text))


@given(ANY)
def test_terms_never_fail_and_are_never_empty(text: str) -> None:
    assert all(w.terms(text))
    assert all(w.words(text))


@given(ANY)
def test_leaving_out_single_characters_only_takes_terms_away(text: str) -> None:
    fewer, more = w.terms(text, unigrams=False), w.terms(text)
    assert set(fewer) <= set(more)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("running shoes", "run shoe"),
        ("Röntgen", "rontgen"),
        ("1,024 bytes", "1024 byte"),
        ("the U.S. army", "US armies"),
        ("ＡＢＣ１２", "abc12"),
        ("Café", "cafe\u0301"),
    ],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert w.terms(one) == w.terms(other)


def test_chinese_is_cut_into_pairs_and_characters() -> None:
    assert w.terms("香港立法") == ["香港", "港立", "立法", "香", "港", "立", "法"]
    assert w.terms("香港立法", unigrams=False) == ["香港", "港立", "立法"]


def test_words_that_carry_no_topic_are_left_out() -> None:
    assert w.terms("What is the name of it?") == ["name"]
    assert w.terms("它是什么") == []


def test_capitals_that_spell_a_stop_word_are_a_name() -> None:
    assert "us" in w.terms("The US economy")
    assert "us" not in w.terms("tell us more")
    assert "the" not in w.terms("THE WHOLE LINE SHOUTS")


def test_a_version_counts_whole_and_by_its_parts() -> None:
    assert w.terms("Python 3.11") == ["python", "3.11", "3", "11"]


@pytest.mark.parametrize(
    ("text", "chinese"), [("你好", True), ("hello", False), ("", False), ("123", False), ("用 Python 写的程序", True)]
)
def test_the_language_of_a_text_is_told(text: str, chinese: bool) -> None:
    assert w.is_chinese(text) is chinese
