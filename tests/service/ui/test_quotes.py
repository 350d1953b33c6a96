"""The words of a page beside those of a claim."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.ui.quotes import quote


def cut(text: str, spans: list[int]) -> list[str]:
    """As the page cuts it."""
    units = text.encode("utf-16-le")
    return [units[a * 2 : b * 2].decode("utf-16-le") for a, b in zip(spans[::2], spans[1::2], strict=True)]


def test_shared_words_are_marked_in_whatever_form() -> None:
    text = "🗼 Its granite tower stands 31 metres tall."
    found = quote(text, "The tower is 31 metre tall")
    assert cut(text, found.same) == ["tower", "31 metres tall"]


def test_single_chinese_characters_are_not_marked() -> None:
    text = "红隼塔高87米，建于1901年。"
    found = quote(text, "塔高87米")
    assert cut(text, found.same) == ["塔高87米"]
    assert cut("由港务局建造。", quote("由港务局建造。", "由她铸造。").same) == []


def test_what_the_page_says_otherwise_is_marked_as_such() -> None:
    text = "It is 42 metres high."
    found = quote(text, "It is 44 metres high.", "42 metres")
    assert cut(text, found.other) == ["42 metres"]
    assert cut(text, found.same) == ["high"]


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=5))
def test_spans_are_in_order_apart_and_within_the_text(text: str, other: str, differs: str) -> None:
    found = quote(text, other, differs)
    for spans in (found.same, found.other):
        assert spans == sorted(spans)
    both = sorted(zip(found.same[::2] + found.other[::2], found.same[1::2] + found.other[1::2], strict=True))
    assert all(a[1] <= b[0] for a, b in pairwise(both))
    assert not both or both[-1][1] <= len(text.encode("utf-16-le")) // 2
