"""What a question asks for, taken apart."""

import pytest

from model_backend.embedded.question import ACROSS_WEIGHT, parse_question


def test_an_english_compound_is_no_name_and_a_command_is() -> None:
    assert parse_question("How long does the in-memory list of boats last?").names == frozenset()
    assert "moor" in parse_question("How long does git-moor run?").names


def test_abbreviations_ask_for_nothing_and_paths_stay() -> None:
    assert "i.e" not in parse_question("Where are the notes, i.e. which place?").weights
    assert "etc" in parse_question("What stands in /etc. Is it a file?").weights


@pytest.mark.parametrize(("pair", "weight"), [("家里", 1.0), ("常用", 1.0), ("里常", ACROSS_WEIGHT)])
def test_a_pair_of_two_chinese_words_weighs_less_than_a_word(pair: str, weight: float) -> None:
    assert parse_question("家里常用的地址是哪一段？").weights[pair] == weight


def test_a_name_ends_where_chinese_begins() -> None:
    names = parse_question("MOOR2022和2023的举办地").names
    assert {"moor2022", "2023"} <= names
    assert not any("举办" in name for name in names)
    assert "默认" not in parse_question("系船用的 SQLite的默认值是什么？").names


def test_the_name_after_an_initial_is_a_name() -> None:
    assert "ivor" in parse_question("In which year was D. Ivor Quell born?").names


def test_words_say_nearly_the_same_and_identifiers_do_not() -> None:
    related = parse_question("What does total() give where the boats are deleted?").related
    assert "remov" in related["delet"]
    assert "total" not in related
