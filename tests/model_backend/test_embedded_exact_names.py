"""Names that can be spelt in one way only."""

import pytest

from model_backend.embedded.exact_names import lacks_exact, lacks_hyphenated, lacks_option

PAGES = (
    "moor --tight ties it twice. It calls moor_tie() and sets moor.autoTie. --[no-]signed: Sign it.",
    "Moor::Rope is long, and well-kept. 使用moor_cast2函数，加上--soft参数，可以用tide-table查看。A two berth boat.",
)


@pytest.mark.parametrize(
    "question",
    [
        "What does moor --loose do?",
        "moor_drop 默认多久？",
        "How long is Moor::Chain?",
        "What does moorcast(boat, rope) return?",
        "default of moor.autoCast",
        "What is the 'tide-watch' setting?",
    ],
)
def test_an_exact_name_that_no_page_holds_is_lacking(question: str) -> None:
    assert lacks_exact(question, PAGES)


@pytest.mark.parametrize(
    "question",
    [
        "What does moor --tight do?",
        "moor_tie 是什么？",
        "MOOR_TIE",
        "How long is a Moor::Rope?",
        "How do I tie my big_boat?",
        "Why is SELECT * FROM big_boat so slow?",
        "My boat.db is gone, and example.com too.",
        "What is a two-berth boat?",
        "moor_cast2 是什么？",
        "--soft 是什么意思",
        "What do --signed and --no-signed do?",
        "What does m.autoTie do?",
        "How long is Rope::Moor::Rope?",
        "My boat is broken.Where can I fix it?",
        "港口(harbour)有多大，Apple(苹果)呢？",
        "给 big_boat 表加索引，我的 old_boat 怎么办",
        "drop the big_boat table",
        "How do I moor?",
        "",
    ],
)
def test_what_a_page_holds_and_what_is_the_readers_own_is_not(question: str) -> None:
    assert not lacks_exact(question, PAGES)


def test_words_with_hyphens_are_looked_for_apart_from_ordinary_ones() -> None:
    assert lacks_hyphenated("How do I use tide-watch?", PAGES)
    assert not lacks_hyphenated("Which well-kept boat is in-memory, and which two-berth?", PAGES)
    assert not lacks_hyphenated("用 tide-table 怎么看？", PAGES)


def test_only_options_are_looked_for_in_the_manual() -> None:
    assert lacks_option("moor --loose", PAGES)
    assert lacks_option("moor --tigh", PAGES)
    assert lacks_exact("moor --tight-only", PAGES)
    assert not lacks_option("moor --tight moor_drop", PAGES)
