"""Signs that are asked about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.text.signs import share_found, signs_in


@pytest.mark.parametrize(
    ("question", "held", "not_held"),
    [
        ("What does $! hold in a script?", "$!: the last job", "$$: this job"),
        ("What is $??", "$? is the exit code", "$# counts"),
        ("What does the -> operator do?", "json -> path", "json ->> path"),
        ("脚本里的 $# 表示什么", "$# 是参数个数", "$* 是全部参数"),
        ("== 和 = 有什么区别", "a == b", "a = b"),
        ('what is "||"', "a || b", "a | b"),
    ],
)
def test_a_sign_is_found_whole(question: str, held: str, not_held: str) -> None:
    signs = signs_in(question)
    assert share_found(signs, held) == 1.0
    assert share_found(signs, not_held) == 0.0


@pytest.mark.parametrize(
    "question",
    ["Really?!?", "a -- b ... c", "I like it :-)", "rock & roll", "cost - $5?", "C++ or C#", "5 % of it", ""],
)
def test_punctuation_is_no_sign(question: str) -> None:
    assert signs_in(question) == ()


@given(st.text(alphabet="$!?-> ab\n", max_size=60))
def test_a_question_holds_its_own_signs(question: str) -> None:
    signs = signs_in(question)
    assert share_found(signs, question) == (1.0 if signs else 0.0)
