from hypothesis import given
from hypothesis import strategies as st

from model_backend.tokens import estimate_tokens


def test_english_and_chinese_are_counted_high() -> None:
    # 44 characters of English are 9 or 10 tokens, 16 of Chinese 9 to 12, in vocabularies of 100,000 pieces and more.
    assert 10 <= estimate_tokens("The quick brown fox jumps over the lazy dog.") <= 16
    assert 12 <= estimate_tokens("今天北京的天气怎么样，会下雨吗？") <= 20


def test_nothing_is_nothing_and_something_is_something() -> None:
    assert estimate_tokens("") == 0
    assert estimate_tokens(" ") == 1


@given(st.text(max_size=200), st.text(max_size=200))
def test_more_text_is_never_fewer_tokens(first: str, second: str) -> None:
    whole = estimate_tokens(first + second)
    assert max(estimate_tokens(first), estimate_tokens(second)) <= whole
    assert whole <= estimate_tokens(first) + estimate_tokens(second)
