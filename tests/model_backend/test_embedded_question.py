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
