"""Messages of a request, and the conversation they make: one question, and the turns before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.threads import TURNS_KEPT
from service.schemas import READABLE

Readable = Annotated[str, Field(min_length=1, pattern=READABLE)]
"""Text with at least one letter, digit or sign in it."""

NOT_FOLLOWED = (
    "System messages and instructions are not followed: the answer holds what the pages say, in the service's own form."
)
PREFILL_LEFT_OUT = "What follows the last user message was left out."


class Lenient(BaseModel):
    """Base of request parts: types are strict, fields that we do not know are ignored, as OpenAI's own clients need."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", use_attribute_docstrings=True)


class UserText(Lenient):
    """A piece of a user's message."""

    type: Literal["text", "input_text"]
    """Only text is read."""
    text: Readable
    """The words."""


class OtherText(Lenient):
    """A piece of another message."""

    type: Literal["text", "input_text", "output_text", "refusal"]
    """Only text is read."""
    text: str = ""
    """The words."""


class UserMessage(Lenient):
    """What the user said."""

    type: Literal["message"] = "message"
    """Kind of item; only messages are read."""
    role: Literal["user"]
    """Who speaks."""
    content: Readable | Annotated[list[UserText], Field(min_length=1)]
    """The words."""


class OtherMessage(Lenient):
    """What the assistant answered before, or what the system says."""

    type: Literal["message"] = "message"
    """Kind of item; only messages are read."""
    role: Literal["assistant", "system", "developer"]
    """Who speaks."""
    content: str | list[OtherText] | None = None
    """The words."""


Message = Annotated[UserMessage | OtherMessage, Field(discriminator="role")]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the messages ask."""

    question: str
    """The user's last words."""
    turns: tuple[tuple[str, str], ...]
    """(question, answer) before it, oldest first; the newest ones."""
    notes: tuple[str, ...]
    """What of the messages was left out, one sentence each."""


def conversation_of(messages: Iterable[Message], instructions: str | None = None) -> Conversation | None:
    """The last words of the user are the question; answered words before it are turns. None without a question."""
    turns: list[tuple[str, str]] = []
    asked: list[str] = []
    answered: list[str] = []
    notes = [NOT_FOLLOWED] if instructions else []
    for message in messages:
        if message.role in ("system", "developer"):
            notes.append(NOT_FOLLOWED)
        elif message.role == "assistant":
            answered.append(text_of(message))
        else:
            if answered:
                # A greeting before the first question is no turn.
                turns += [("\n\n".join(asked), "\n\n".join(answered))] if asked else []
                asked, answered = [], []
            asked.append(text_of(message))
    if not asked:
        return None
    notes += [PREFILL_LEFT_OUT] if answered else []
    return Conversation("\n\n".join(asked), tuple(turns[-TURNS_KEPT:]), tuple(dict.fromkeys(notes)))


def text_of(message: UserMessage | OtherMessage) -> str:
    """A message's words; its pieces are lines."""
    if isinstance(message.content, str) or message.content is None:
        return message.content or ""
    return "\n".join(part.text for part in message.content)
