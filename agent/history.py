"""The thread: what earlier turns contribute to this run."""

from collections.abc import Callable, Sequence

from agent.cite import without_marks
from agent.state import Plain
from model_backend import Message, Turn

ANSWER_CHARS = 1200
"""An earlier answer is cut here for the prompt: enough for what a follow-up refers to."""


def turns_of(plain: Sequence[Plain]) -> tuple[Turn, ...]:
    """Earlier turns, oldest first, their answers without marks (the numbers belong to another run)."""
    return tuple(Turn(question=str(turn["question"]), answer=without_marks(str(turn["answer"]))) for turn in plain)


def messages_of(turns: Sequence[Turn], *, token_budget: int, count_tokens: Callable[[str], int]) -> tuple[Message, ...]:
    """The newest turns that fit, oldest first, as messages. Whole turns only: half an answer misleads."""
    kept: list[Message] = []
    left = token_budget
    for turn in reversed(turns):
        answer = turn.answer[:ANSWER_CHARS]
        left -= count_tokens(turn.question) + count_tokens(answer)
        if left < 0:
            break
        kept[:0] = [Message(role="user", content=turn.question), Message(role="assistant", content=answer)]
    return tuple(kept)
