from agent.answer import Claim
from service.commands.show import clean, verdict_line


def test_text_from_the_web_cannot_drive_the_terminal() -> None:
    assert clean("a\x1b[2Jb\x07c\x9b31md\n") == "a[2Jbc31md\n"


def test_a_verdict_is_told_by_a_sign_and_not_by_colour_alone() -> None:
    claim = Claim(text="So it is.", start=0, end=9, citations=[2], verdict="contradicted", score=0.2, reason="no")
    assert verdict_line(claim).plain == "  ✗ So it is. [2] — no"
