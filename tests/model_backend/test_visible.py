import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_backend.visible import VisibleText, visible

PIECES = st.sampled_from(
    ["<think>", "</think>", "<|turn_end|>", "<", "<|", "|>", "a", "`", " ", "\n", "<b>", "｜", "好"]
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("<think>hm</think>\n\nFour.", "Four."),
        ("<think>never ends", ""),
        ("Four. <|turn_end|>", "Four. "),
        ("Four.<｜end▁of▁sentence｜>", "Four."),
        ("1 < 2 and <b>bold</b>", "1 < 2 and <b>bold</b>"),
        ("let x = f <| g |> h", "let x = f <| g |> h"),
        ("tags like `<think>` and `<|eos|>` stay", "tags like `<think>` and `<|eos|>` stay"),
        ("Four <think>hm</think> it is", "Four  it is"),
        ("Four <think> is a tag", "Four <think> is a tag"),
        ("a lone </think> goes", "a lone  goes"),
        ("ends with <", "ends with <"),
        ("ends with <|", "ends with <|"),
        ("", ""),
    ],
)
def test_only_what_is_meant_for_readers_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.lists(PIECES, max_size=12).map("".join), st.data())
def test_how_the_text_is_split_makes_no_difference(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    filter_ = VisibleText()
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert "".join(map(filter_.feed, pieces)) + filter_.flush() == visible(text)


@given(st.text(alphabet=st.characters(exclude_characters="<"), max_size=200))
def test_text_without_tags_is_let_out_at_once_and_unchanged(text: str) -> None:
    assert VisibleText().feed(text) == text


def test_a_reply_that_begins_inside_of_reasoning_shows_what_comes_after_it() -> None:
    filter_ = VisibleText(thinks_first=True)
    assert filter_.feed("Let me see.</thi") + filter_.feed("nk>\n\nFour.") + filter_.flush() == "Four."


def test_how_a_reply_began_is_told_when_it_ended() -> None:
    for first, text, inside in (
        (False, "Hm.</think>Four.", True),
        (False, "Four.", False),
        (True, "Hm.</think>Four.", True),
        (True, "Four.", False),
    ):
        filter_ = VisibleText(thinks_first=first)
        filter_.feed(text)
        filter_.flush()
        assert filter_.began_inside is inside


def test_a_reply_that_was_thought_to_begin_so_and_does_not_is_shown_whole() -> None:
    filter_ = VisibleText(thinks_first=True)
    assert filter_.feed("Four, and 1 < 2.") + filter_.flush() == "Four, and 1 < 2."
