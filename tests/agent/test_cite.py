import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.cite import MARK, MarkFilter, marks_in, normalise_marks, without_marks

ALL = frozenset(range(1, 10))


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("Height 5 m [1].", "Height 5 m [1]."),
        ("Height 5 m [1, 2].", "Height 5 m [1][2]."),
        ("高 5 米【1】。", "高 5 米[1]。"),
        ("高 5 米【1，2】。", "高 5 米[1][2]。"),
        ("Height [citation:3].", "Height [3]."),
        ("Height [citation: 3, citation: 4].", "Height [3][4]."),
        ("Height [[1]].", "Height [1]."),
        ("Height [^2].", "Height [2]."),
        ("Height 【4†source】.", "Height [4]."),
        ("See [1](https://evil.example/x).", "See [1]."),
        ("来源 [来源：2]。", "来源 [2]。"),
    ],
)
def test_every_form_of_mark_is_understood(written: str, normalised: str) -> None:
    assert normalise_marks(written, ALL)[0] == normalised


def test_a_mark_that_names_no_source_is_dropped_and_remembered() -> None:
    text, orphans = normalise_marks("True [1]. False [99].", ALL)
    assert text == "True [1]. False."
    assert orphans == [len("True [1]. False")]


def test_a_mixed_mark_keeps_the_sources_that_exist() -> None:
    text, orphans = normalise_marks("Both [1, 42].", ALL)
    assert text == "Both [1]."
    assert len(orphans) == 1


@pytest.mark.parametrize(
    "code",
    [
        "`items[1]`",
        "```python\nx = a[99]\n```\n",
        "``a ` [99]``",
        "~ [not a mark]",
        "[link](https://a.example/)",
        "[x]",
        "[1\n]",
        "【1†source\n】",
    ],
)
def test_code_and_other_brackets_are_left_alone(code: str) -> None:
    assert normalise_marks(code, ALL) == (code, [])


def test_a_stray_backtick_does_not_swallow_the_marks_of_later_lines() -> None:
    assert normalise_marks("a ` b\nnext [1, 2]", ALL)[0] == "a ` b\nnext [1][2]"


@given(
    st.lists(
        st.sampled_from(
            [
                "[1]",
                "【2】",
                "[citation:3]",
                "[[4]]",
                " [77]",
                "`a[1]`",
                "```\n[9]\n```\n",
                "[",
                "(",
                "word ",
                "中文。",
                "[1](http://a)",
                "[1",
                "†source",
                "]",
                "\n",
            ]
        )
    ),
    st.data(),
)
def test_the_result_does_not_depend_on_how_the_stream_is_split(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    marks = MarkFilter(ALL)
    out = "".join(marks.feed(text[a:b]) for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)) + marks.finish()
    assert (out, marks.orphans) == normalise_marks(text, ALL)


@given(st.text(alphabet="ab [](){}【】`1 2,\n:citon^"))
def test_nothing_but_marks_is_ever_lost(text: str) -> None:
    out, _ = normalise_marks(text, frozenset())
    kept = [char for char in out if char in "ab{}\n`"]
    assert (
        kept == [char for char in text if char in "ab{}\n`"] or "citation" in text or MARK.search(text) or "(" in text
    )


def test_marks_are_listed_once_in_order_and_taken_out_cleanly() -> None:
    assert marks_in("A [2][1]. B [2].") == [2, 1]
    assert without_marks("A fact [2][1].") == "A fact."
