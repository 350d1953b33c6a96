"""Messages of a request, and the conversation they make: one question, and the turns before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from agent.attached import default_question
from agent.threads import TURNS_KEPT
from model_backend import Attachment
from model_backend.attachments import AttachmentRefused
from service.content_parts import AudioPart, FilePart, ImagePart, InputImage, Lenient, files_of
from service.openai_api.errors import FieldRefused
from service.schemas import READABLE

Readable = Annotated[str, Field(min_length=1, pattern=READABLE)]
"""Text with at least one letter, digit or sign in it."""

NOT_FOLLOWED = (
    "System messages and instructions are not followed: the answer holds what the pages say, in the service's own form."
)
PREFILL_LEFT_OUT = "What follows the last user message was left out."


FILES_LEFT_OUT = "Files of earlier messages were left out: only those of the last user message are looked at."


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
    content: Readable | Annotated[list[UserText | ImagePart | AudioPart | InputImage], Field(min_length=1)]
    """The words, and with the last message pictures and recordings."""


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
    files: tuple[Attachment, ...] = ()
    """What came with the question."""


def conversation_of(
    messages: Iterable[Message | None], instructions: str | None = None, *, field: str = "messages"
) -> Conversation | None:
    """The last words of the user are the question; answered words before it are turns. None without a question.

    Args:
        messages: Oldest first; None stands for an item that is left out.
        instructions: What the system says beside the messages.
        field: Name of the request's field that holds them, for errors.

    Raises:
        FieldRefused: when a file of the question is an address, or no picture or recording.
    """
    turns: list[tuple[str, str]] = []
    asked: list[str] = []
    answered: list[str] = []
    parts: list[tuple[str, FilePart]] = []
    notes = [NOT_FOLLOWED] if instructions else []
    for place, message in enumerate(messages):
        if message is None:
            continue
        if message.role in ("system", "developer"):
            notes.append(NOT_FOLLOWED)
        elif message.role == "assistant":
            answered.append(text_of(message))
        else:
            if answered:
                # A greeting before the first question is no turn.
                turns += [("\n\n".join(asked), "\n\n".join(answered))] if asked else []
                notes += [FILES_LEFT_OUT] if parts else []
                asked, answered, parts = [], [], []
            asked.append(text_of(message))
            parts += file_parts(message, f"{field}[{place}]")
    if not asked:
        return None
    notes += [PREFILL_LEFT_OUT] if answered else []
    files = tuple(file for path, part in parts for file in _read(part, path))
    question = "\n\n".join(filter(None, asked)) or default_question(files)
    return Conversation(question, tuple(turns[-TURNS_KEPT:]), tuple(dict.fromkeys(notes)), files)


def text_of(message: UserMessage | OtherMessage) -> str:
    """A message's words; its pieces are lines."""
    if isinstance(message.content, str) or message.content is None:
        return message.content or ""
    return "\n".join(part.text for part in message.content if isinstance(part, UserText | OtherText))


def file_parts(message: Message, place: str) -> list[tuple[str, FilePart]]:
    """The files of a user's message, each with its path in the request."""
    if not isinstance(message, UserMessage) or isinstance(message.content, str):
        return []
    return [
        (f"{place}.content[{number}]", part)
        for number, part in enumerate(message.content)
        if not isinstance(part, UserText)
    ]


def _read(part: FilePart, path: str) -> tuple[Attachment, ...]:
    try:
        return files_of([part])
    except AttachmentRefused as error:
        raise FieldRefused(f"`{path}`: {error} {error.remedy}", param=path, code="unsupported_content") from error
