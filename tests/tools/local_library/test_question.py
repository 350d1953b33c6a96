import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.local_library.question import MAX_GROUPS, read_question


def test_an_english_question_is_read_by_its_own_words() -> None:
    (reading,) = read_question("How do I rename a git branch?")
    assert reading.groups == (("renam",), ("git",), ("branch",))
    assert "git_branch" in reading.optional


def test_how_many_there_can_be_may_stand_on_a_page_about_limits() -> None:
    (reading,) = read_question("How many columns can a table have?")
    assert {"maximum", "limit"} <= set(reading.optional)


def test_a_chinese_question_is_also_read_in_english() -> None:
    own, english = read_question("怎样删除 git 的远程分支？")
    assert own.groups[0] == ("git",)
    assert {"删除", "远程", "分支"} <= {group[0] for group in own.groups}
    assert own.names == {"git"}
    assert english.translated
    assert ("branch",) in english.groups
    assert ("delet", "remov", "drop") in english.groups


def test_english_counts_for_the_share_of_the_question_that_could_be_translated() -> None:
    few = read_question("喇叭老是滴滴响，卸掉哪个内核模块？")[1]
    most = read_question("怎样删除 git 的远程分支？")[1]
    assert few.share < 0.5 < most.share <= 1.0


@pytest.mark.parametrize("question", ["怎么删", "删过的", "写 读", "删？"])
def test_a_spoken_verb_alone_is_a_share_too(question: str) -> None:
    (english,) = (reading for reading in read_question(question) if reading.translated)
    assert 0.0 < english.share <= 1.0


@given(st.text(alphabet="删改写读数据库怎么的过了谁 git", max_size=20))
def test_any_chinese_question_can_be_read(question: str) -> None:
    assert all(0.0 < reading.share <= 1.0 for reading in read_question(question))


def test_what_a_chinese_question_asks_with_is_not_searched_for() -> None:
    own = read_question("请问如何配置防火墙呢？")[0]
    assert not {"请问", "如何", "何配", "墙呢"} & {term for group in own.groups for term in group}


def test_bigrams_across_two_words_are_optional() -> None:
    own = read_question("数据库备份")[0]
    assert "库备" in own.optional
    assert ("库备",) not in own.groups


def test_a_question_of_stop_words_still_looks_for_something() -> None:
    assert read_question("to be or not to be")[0].groups


def test_nothing_to_look_for_is_no_reading() -> None:
    assert read_question("?!…") == []


@given(st.text(max_size=400))
def test_any_question_can_be_read(question: str) -> None:
    for reading in read_question(question):
        assert 0 < len(reading.groups) <= MAX_GROUPS
        assert all(group and all(group) for group in reading.groups)
