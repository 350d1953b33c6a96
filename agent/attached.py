"""Pictures and recordings of a question: put into words once, so that they can be searched for and remembered.

The files themselves live as long as the run and are stored nowhere; their words and a short note are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.addresses import without_addresses
from agent.answer import AttachmentNote
from agent.stream import within
from model_backend import Attachment, ChatModel, ChatRequest, Finished, TextDelta, Usage
from model_backend.attachments import description_request
from model_backend.errors import MalformedReply

LONGEST_WORDS = 1200
"""Characters kept of a description or transcript: 30 s of speech have 400 to 600."""
PLACES = {
    ("image", "en"): "The picture shows",
    ("image", "zh"): "图片内容",
    ("audio", "en"): "The recording says",
    ("audio", "zh"): "录音内容",
}
"""How the words of a file are introduced, by its kind and the language of the question."""
WITHOUT_WORDS = {"image": "What does the picture show?", "audio": "What is the answer to the recording?"}
"""Stands for the question when only a file was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Files in words."""

    notes: tuple[AttachmentNote, ...]
    usage: Usage


def default_question(files: Sequence[Attachment]) -> str:
    """What is asked when nothing was written; empty without a file."""
    return WITHOUT_WORDS["audio" if any(file.kind == "audio" for file in files) else "image"] if files else ""


def note_of(file: Attachment, words: str = "") -> AttachmentNote:
    """What is kept of a file."""
    return AttachmentNote(kind=file.kind, media_type=file.media_type, bytes=len(file.data), words=words)


def with_words(question: str, notes: Sequence[AttachmentNote], language: str) -> str:
    """The question with what its files show and say, as one text that can be searched for and answered."""
    spoken = [note for note in notes if note.words]
    if question == WITHOUT_WORDS["audio"]:
        # The recording is the question.
        return "\n".join(note.words for note in spoken) or question
    zh = "zh" if language == "zh" else "en"
    return "\n".join([question, *(f"({PLACES[note.kind, zh]}: {note.words})" for note in spoken)])


def with_pictures(request: ChatRequest, files: Sequence[Attachment]) -> ChatRequest:
    """The request with the pictures beside its last words; a recording is there by its transcript already."""
    pictures = tuple(file for file in files if file.kind == "image")
    last = replace(request.messages[-1], attachments=pictures)
    return replace(request, messages=(*request.messages[:-1], last))


async def describe(
    model: ChatModel, files: Sequence[Attachment], question: str, language: str, *, timeout_s: float
) -> Described:
    """Let the model say what the files show and say: one call for the pictures, one for the recordings.

    Raises:
        ModelError: when it does not within `timeout_s` for each call.
    """
    words: dict[str, str] = {}
    usage = Usage()
    for kind in dict.fromkeys(file.kind for file in files):
        request = description_request([file for file in files if file.kind == kind], question, language)
        words[kind], spent = await _said(model, request, timeout_s)
        usage = Usage(
            input_tokens=usage.input_tokens + spent.input_tokens,
            output_tokens=usage.output_tokens + spent.output_tokens,
        )
    # Words of several files of a kind come in one piece, and stand with the first.
    notes = [note_of(file, words.pop(file.kind, "")) for file in files]
    return Described(notes=tuple(notes), usage=usage)


async def _said(model: ChatModel, request: ChatRequest, timeout_s: float) -> tuple[str, Usage]:
    pieces: list[str] = []
    usage = Usage()
    async with within(model.stream(request), timeout_s) as deltas:
        async for delta in deltas:
            if isinstance(delta, TextDelta):
                pieces.append(delta.text)
            elif isinstance(delta, Finished):
                usage = delta.usage
    # An address in a picture is not one that the user wrote: it is not opened.
    words, _ = without_addresses(" ".join("".join(pieces).split())[:LONGEST_WORDS])
    if not words:
        raise MalformedReply(
            "The model said nothing of what was attached.", remedy="Ask again, or ask in words without a file."
        )
    return words, usage
