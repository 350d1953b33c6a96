"""What joins a sentence to the one before it is left out where that one is not shown."""

import pytest

from model_backend.embedded.leans import unjoined


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("However, the limit is 10.", "The limit is 10."),
        ("But you can raise it.", "You can raise it."),
        ("In addition, git keeps a log.", "Git keeps a log."),
        ("因此，日志要先写。", "日志要先写。"),
        ("此外, 还有两种。", "还有两种。"),
    ],
)
def test_a_joint_is_left_out(text: str, alone: str) -> None:
    assert unjoined(text) == alone


@pytest.mark.parametrize(
    "text",
    [
        "However you do it, keep a copy.",
        "So far, nobody has done it.",
        "But for rain, it opens daily.",
        "Butter is kept at 4 degrees.",
        "另外一种方法是编译。",
        "因此而得名。",
        "git keeps a log.",
    ],
)
def test_what_says_something_is_kept(text: str) -> None:
    assert unjoined(text) == text
