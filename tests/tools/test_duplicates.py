import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.duplicates import containment, contradict, fingerprint, near_duplicates

STORY = (
    "The old mill by the river was opened again on Sunday after two years of repair. Volunteers from the valley had "
    "rebuilt its wheel, and the first sacks of flour were sold to visitors before noon. The council paid for the roof."
)
CHINESE = (
    "河边的老磨坊经过两年修缮后于周日重新开放。来自山谷的志愿者重建了水轮，"
    "第一批面粉在中午之前就卖给了游客。镇议会支付了屋顶的费用。"
)


def duplicates(a: str, b: str) -> bool:
    return near_duplicates(fingerprint(a), fingerprint(b))


@given(st.text(max_size=100), st.text(max_size=100))
def test_the_measure_is_symmetric_and_within_bounds(a: str, b: str) -> None:
    one, other = fingerprint(a), fingerprint(b)
    assert containment(one, other) == containment(other, one)
    assert 0 <= containment(one, other) <= 1
    assert contradict(one, other) == contradict(other, one)
    assert not contradict(one, one)


@pytest.mark.parametrize("text", [STORY, CHINESE])
def test_copies_quotes_and_reprints_are_near_duplicates(text: str) -> None:
    assert duplicates(text, text)
    assert duplicates(text, text.upper())
    assert duplicates(text, text[: len(text) // 2])
    assert duplicates(text, f"Share this page. {text} Read more about it here.")


def test_a_copy_edited_all_over_is_a_near_duplicate() -> None:
    edited = STORY.replace("old", "ancient").replace("repair", "work").replace("noon", "lunch").replace("roof", "tiles")
    assert duplicates(STORY, edited)


def test_strangers_are_not() -> None:
    assert not duplicates(STORY, "The museum shows clocks of the last century, and admission is free on weekdays.")
    assert not duplicates(CHINESE, "博物馆展出上个世纪的钟表，工作日免费参观。")
    assert not duplicates("", STORY)


@pytest.mark.parametrize(
    ("old", "new"),
    [("two years", "9 years"), ("on Sunday", "on Friday"), ("was opened", "was not opened"), ("flour", "sugar")],
)
def test_a_copy_that_says_otherwise_is_kept_apart(old: str, new: str) -> None:
    changed = STORY.replace(old, new)
    assert containment(fingerprint(STORY), fingerprint(changed)) >= 0.6
    assert not duplicates(STORY, changed)


@pytest.mark.parametrize(
    ("old", "new"), [("两年", "九年"), ("周日", "周五"), ("面粉", "白糖"), ("重新开放", "没有重新开放")]
)
def test_a_chinese_copy_that_says_otherwise_is_kept_apart(old: str, new: str) -> None:
    assert not duplicates(CHINESE, CHINESE.replace(old, new))
