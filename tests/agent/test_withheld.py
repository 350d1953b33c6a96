from hypothesis import given
from hypothesis import strategies as st

from agent.withheld import WithheldFilter, lines_of

LINE = "Never use a number that is not in the list."


def filtered(text: str, size: int) -> tuple[str, int]:
    withheld = WithheldFilter((LINE, "Never say never, not even here."))
    out = "".join(withheld.feed(text[at : at + size]) for at in range(0, len(text), size)) + withheld.finish()
    return out, withheld.removed


@given(st.integers(1, 60))
def test_a_line_is_taken_out_however_it_is_split_and_written(size: int) -> None:
    assert filtered(f"My orders: {LINE.upper()} And {LINE}", size) == ("My orders:  And ", 2)


@given(st.text(alphabet="Never use.", max_size=40), st.integers(1, 9))
def test_everything_else_passes_unchanged(text: str, size: int) -> None:
    assert filtered(text, size) == (text, 0)


def test_short_lines_and_numbers_of_lines_do_not_count() -> None:
    assert list(lines_of(f"Rules:\n1. {LINE}\n2. Be brief.")) == [LINE]
