"""What was asked: the question, looked at before anything else happens, and one run as it begins."""

import unicodedata
import uuid
from dataclasses import dataclass, fields
from typing import cast

from agent.errors import InvalidQuestion
from agent.options import AskOptions
from agent.state import Plain, State, Update


@dataclass(frozen=True, slots=True)
class Asked:
    """One run as it was asked for."""

    run_id: str
    thread_id: str
    question: str
    options: AskOptions
    turns: list[Plain]
    started: float
    after_seq: int = 0
    resumed: bool = False


def new_id(kind: str) -> str:
    """A new identifier, `run_…` or `thread_…`: 32 random hexadecimal digits."""
    return f"{kind}_{uuid.uuid4().hex}"


def check_question(question: str, max_chars: int) -> None:
    """Refuse what cannot be a question.

    Raises:
        InvalidQuestion: when it is empty, too long, or holds no readable character.
    """
    if len(question) > max_chars:
        raise InvalidQuestion(
            f"The question has {len(question):,} characters; {max_chars:,} are allowed.",
            remedy="Shorten it, or raise ASTERISM_RUN__MAX_QUESTION_CHARS.",
        )
    if any(char == "\x00" or "\ud800" <= char <= "\udfff" for char in question):
        raise InvalidQuestion("The question holds characters that are no text.", remedy="Send it as UTF-8.")
    if not any(unicodedata.category(char)[0] in "LNSP" for char in question):
        raise InvalidQuestion("The question is empty.", remedy="Write what you want to know.")


def given_turns(options: AskOptions) -> list[Plain]:
    """The turns that came with the question, as the state holds them."""
    return [{"question": question, "answer": answer} for question, answer in options.turns]


def fresh_state(question: str, language: str, turns: list[Plain], *, warning: str = "") -> Update:
    """Every field of a new turn; it begins with a warning where there is one."""
    state = State(question=question, language=language, turns=turns, warnings=[warning] if warning else [])
    return cast(Update, {f.name: getattr(state, f.name) for f in fields(state)})
