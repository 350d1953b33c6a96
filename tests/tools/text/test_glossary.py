from hypothesis import given
from hypothesis import strategies as st

from tools.text.glossary import WORDS, in_english, in_word, segment, translations
from tools.text.vocabulary import COMMON


@given(st.text(alphabet="数据库备份恢复怎么的甲乙 abc", max_size=60))
def test_segments_keep_every_chinese_character_in_order(text: str) -> None:
    assert "".join(segment(text)) == "".join(c for c in text if c not in " abc")


def test_the_longest_word_wins() -> None:
    assert segment("数据库文件") == ["数据库", "文件"]
    assert translations("数据库") == [("database",)]


def test_names_stay_as_they_are_and_known_words_come_with_their_alternatives() -> None:
    assert in_english("SQLite 的最大数据库有多大？") == "SQLite maximum largest limit database size large"
    assert in_english("SQLite 的最大数据库有多大？", most=1) == "SQLite maximum database size"
    assert in_english("moor_port是什么") == "moor_port"


def test_every_word_has_an_english_one() -> None:
    assert all(chinese and all(english) and english for chinese, english in WORDS.items())


def test_common_words_are_told_apart_and_stay_untranslated() -> None:
    assert segment("家里常用的地址") == ["家里", "常用", "的", "地址"]
    assert translations("家里") == []


def test_no_word_is_both_common_and_translated() -> None:
    assert COMMON.isdisjoint(WORDS)


def test_a_spoken_verb_is_found_in_what_is_no_known_word_and_in_no_other() -> None:
    assert segment("删过的") == ["删过的"]
    assert in_word("删过的") == [("delete", "remove")]
    assert in_word("读者") == []
    assert in_word("写入") == [WORDS["写入"]]
    assert translations("删过分支") == [("delete", "remove"), ("branch",)]
