from hypothesis import given
from hypothesis import strategies as st

from agent.datamark import MARK, marked, unmarked


def test_the_sign_stands_for_spaces_and_within_long_chinese() -> None:
    assert marked("The tower is\n87 m") == f"The{MARK}tower{MARK}is\n87{MARK}m"
    assert marked("红隼塔高八十七米") == f"红隼塔高{MARK}八十七米"


@given(st.text(alphabet="ab 红塔高。\n", max_size=60))
def test_what_is_copied_with_the_signs_loses_them_again(text: str) -> None:
    # A space between two Chinese characters is lost: it means nothing there.
    assert unmarked(marked(text)).replace(" ", "") == text.replace(" ", "")
    assert MARK not in unmarked(f"{MARK}{text}{MARK}")
