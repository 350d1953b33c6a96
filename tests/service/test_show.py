import io
import os

import pytest

from agent.answer import Claim
from agent.events import RunCompleted
from service.commands.show import Show, clean, verdict_line
from tests.doubles import make_agent
from tests.service.serving import saying_model


class Gone(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError

    def fileno(self) -> int:
        return os.open(os.devnull, os.O_WRONLY)


def test_text_from_the_web_cannot_drive_the_terminal() -> None:
    assert clean("a\x1b[2Jb\x07c\x9b31md\n") == "a[2Jbc31md\n"


def test_a_verdict_is_told_by_a_sign_and_not_by_colour_alone() -> None:
    claim = Claim(text="So it is.", start=0, end=9, citations=[2], verdict="contradicted", score=0.2, reason="no")
    assert verdict_line(claim).plain == "  ✗ So it is. [2] — no"


async def test_a_reader_who_has_gone_is_told_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await make_agent(saying_model()).ask("How tall is the tower?")
    monkeypatch.setattr("sys.stdout", Gone())
    show = Show(color=False)
    with pytest.raises(BrokenPipeError):
        show.event(RunCompleted(answer=answer))
