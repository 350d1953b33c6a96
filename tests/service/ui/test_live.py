"""An answer being written, as changes of blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.ui.live import Change, LiveBlocks, closed
from service.ui.markdown import blocks

ANSWER = (
    "The tower is **87 metres** high [1]. It was built in 1901 [2].\n\n- one 🎈 [1]\n- two\n\n"
    "## More\n\n### Yet more\n\nText.\n\n### And more\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode * here\n```\n\n红隼塔高 87 米[3]。它建于 1901 年。\n"
)


def apply(shown: list[str], changes: list[Change]) -> None:
    """As the page does it, counting as JavaScript does."""
    for change in changes:
        if change.keep < 0:
            del shown[change.block :]
            continue
        shown += [""] * (change.block + 1 - len(shown))
        kept = shown[change.block].encode("utf-16-le")[: change.keep * 2].decode("utf-16-le")
        shown[change.block] = kept + change.html


def follow(pieces: list[str]) -> tuple[list[str], int]:
    live, shown, sent = LiveBlocks(), list[str](), 0
    for piece in pieces:
        live.feed(piece)
        changes = live.changes()
        sent += sum(len(change.line().encode()) for change in changes)
        apply(shown, changes)
    return shown, sent


def test_a_page_that_follows_ends_with_the_whole() -> None:
    shown, _ = follow(list(ANSWER))
    assert shown == [block.html for block in blocks(ANSWER)]


@given(st.lists(st.text(alphabet="ab1. \n-*#|`[]>😀", max_size=6), max_size=20))
def test_whatever_comes_the_page_ends_as_if_it_had_come_at_once(pieces: list[str]) -> None:
    live, shown = LiveBlocks(), list[str]()
    for piece in pieces:
        live.feed(piece)
        apply(shown, live.changes())
    assert shown == live._shown


def test_a_long_answer_is_told_in_pieces_and_not_again_and_again() -> None:
    text = ("The harbour of Kestrel Bay was dug in 1888 and is deep enough for ferries [1]. " * 8 + "\n\n") * 10
    pieces = [text[at : at + 20] for at in range(0, len(text), 20)]
    _, sent = follow(pieces)
    assert sent < 3 * len(text)


def test_another_text_in_its_place_takes_blocks_away() -> None:
    live, shown = LiveBlocks(), list[str]()
    live.feed("a\n\nb\n\nc")
    apply(shown, live.changes())
    live.reset("a\n\nc")
    apply(shown, live.changes())
    assert shown == ["<p>a</p>", "<p>c</p>"]


def test_bold_words_are_bold_before_they_are_closed() -> None:
    assert closed("It is **87 me") == "It is **87 me**"
    assert closed("It is **") == "It is "
    assert closed("Run `make") == "Run `make`"
    assert closed("```\na ** b") == "```\na ** b"


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\x0c", "\r\n", "\r"])
def test_lines_are_cut_where_markdown_cuts_them(sign: str) -> None:
    text = f"Height:{sign}87 m.\n- wide\n- high\n\nThird.\n\nFourth.\n\nFifth."
    shown, _ = follow(list(text))
    assert "".join(shown).count("87 m.") == 1
    assert "".join(shown).count("wide") == 1
