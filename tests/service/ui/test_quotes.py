"""The words of a page beside those of a claim."""

from hypothesis import given
from hypothesis import strategies as st

from service.ui.quotes import parts


def test_shared_words_are_marked_in_whatever_form() -> None:
    cut = parts("Its granite tower stands 31 metres tall.", "The tower is 31 metre tall")
    assert [text for text, kind in cut if kind == "same"] == ["tower", "31 metres tall"]


def test_single_chinese_characters_are_not_marked() -> None:
    cut = parts("红隼塔高87米，建于1901年。", "塔高87米")
    assert [text for text, kind in cut if kind == "same"] == ["塔高87米"]


def test_what_the_page_says_otherwise_is_marked_as_such() -> None:
    cut = parts("It is 42 metres high.", "It is 44 metres high.", "42 metres")
    assert ("42 metres", "other") in cut


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=5))
def test_the_parts_are_the_text(text: str, other: str, differs: str) -> None:
    assert "".join(part for part, _ in parts(text, other, differs)) == text
