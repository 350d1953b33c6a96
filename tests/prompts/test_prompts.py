import pytest

from prompts import render


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        render("direct", question="q")


def test_an_unused_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="colour"):
        render("system", colour="red")


def test_a_value_with_a_dollar_sign_is_not_read_again() -> None:
    assert "$today" in render("direct", question="costs $today", today="x", language="English")
