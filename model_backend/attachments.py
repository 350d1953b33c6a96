"""Pictures and recordings: out of the API's content parts, and checked before anything is sent. Nothing is fetched."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, runtime_checkable

from model_backend.chat import Attachment, Brief, ChatModel, ChatRequest, Message
from model_backend.errors import ModelRefused
from model_backend.profiles import ModelProfile, profiles_for
from model_backend.sound import duration_s

MAX_BYTES = 10_000_000
"""Largest file, and all files of a question together: a photograph has 3 to 6 MB, 30 s of CD sound 5 MB."""
LONGEST_BASE64 = MAX_BYTES * 3 // 2
"""Its letters: four for three bytes, and a line break after every 76 at most."""
MOST_FILES = 4
"""Files of one question that are looked at; a model takes as many of them as its profile says."""
NAMES: Mapping[str, str] = {"image": "pictures", "audio": "recordings"}
SIGNATURES: Mapping[str, tuple[tuple[int, bytes], ...]] = {
    "image/jpeg": ((0, b"\xff\xd8\xff"),),
    "image/png": ((0, b"\x89PNG\r\n\x1a\n"),),
    "image/bmp": ((0, b"BM"),),
    "image/tiff": ((0, b"II*\0"), (0, b"MM\0*")),
    "image/webp": ((8, b"WEBP"),),
    "audio/wav": ((8, b"WAVE"),),
    "audio/mpeg": ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2")),
}
"""Where a file says what it is: the label it comes with is only a claim."""
ASK = {
    ("image", "en"): "Describe what the picture shows in one or two sentences, with every name and number in it.",
    ("image", "zh"): "请用一两句话描述图片内容，包括其中出现的名称和数字。",
    ("audio", "en"): "Convert speech to text.",
    ("audio", "zh"): "将语音转化为文字。",
}
"""What an Omni-class model is asked; for recordings the words of its authors."""
DESCRIPTION_TOKENS = 300


class AttachmentRefused(ModelRefused):
    """The file cannot be given to this model."""


@runtime_checkable
class TakesFiles(Protocol):
    """A model that may see or hear; one without this method takes words only."""

    async def check_files(self, files: Sequence[Attachment]) -> None:
        """Refuse what it cannot take, before anything is sent.

        Raises:
            AttachmentRefused: naming a model that can, or the limit.
        """


async def check_files(model: ChatModel, files: Sequence[Attachment]) -> None:
    """Refuse files that this model cannot take.

    Raises:
        AttachmentRefused: naming a model that can, or the limit.
    """
    if not files:
        return
    total = sum(len(file.data) for file in files)
    if len(files) > MOST_FILES or total > MAX_BYTES:
        raise AttachmentRefused(
            f"The {len(files)} files have {total / 1e6:.1f} MB together;"
            f" {MOST_FILES} with {MAX_BYTES / 1e6:.0f} MB are allowed.",
            remedy="Send fewer or smaller ones.",
        )
    if not isinstance(model, TakesFiles):
        raise _blind(model.name, files[0].kind)
    await model.check_files(files)


def parse_parts(parts: Sequence[object]) -> tuple[str, tuple[Attachment, ...]]:
    """The text and the files of OpenAI content parts (`text`, `image_url`, `input_audio`, `audio_url`).

    Raises:
        AttachmentRefused: for an address instead of data, an unknown part, or data that cannot be read.
    """
    texts: list[str] = []
    files: list[Attachment] = []
    for part in parts:
        kind = part.get("type") if isinstance(part, Mapping) else None
        if isinstance(part, Mapping) and kind == "text" and isinstance(part.get("text"), str):
            texts.append(part["text"])
        elif isinstance(part, Mapping) and kind == "image_url":
            files.append(_of_url(part.get("image_url"), "image"))
        elif isinstance(part, Mapping) and kind == "audio_url":
            files.append(_of_url(part.get("audio_url"), "audio"))
        elif isinstance(part, Mapping) and kind == "input_audio" and isinstance(part.get("input_audio"), Mapping):
            files.append(make_attachment(_decoded(part["input_audio"].get("data"))))
        else:
            raise AttachmentRefused(
                f"A content part of type {str(kind)[:40]!r} is not understood.",
                remedy="Send text, image_url, input_audio or audio_url parts.",
            )
    return "\n".join(texts), tuple(files)


def make_attachment(data: bytes) -> Attachment:
    """A file as an attachment, by what it is and not by what it is called.

    Raises:
        AttachmentRefused: when it is too large, empty, or neither picture nor recording.
    """
    if len(data) > MAX_BYTES:
        raise AttachmentRefused(
            f"The file has {len(data) / 1e6:.1f} MB; {MAX_BYTES / 1e6:.0f} MB are allowed.",
            remedy="Send a smaller one.",
        )
    for media_type, signatures in SIGNATURES.items():
        if any(data[at : at + len(sign)] == sign for at, sign in signatures):
            kind: Literal["image", "audio"] = "image" if media_type.startswith("image") else "audio"
            return Attachment(kind=kind, media_type=media_type, data=data)
    raise AttachmentRefused(
        "The file is neither a picture nor a recording that is understood.",
        remedy="Send JPEG, PNG, BMP, TIFF, WebP, WAV or MP3.",
    )


def check_attachments(request: ChatRequest, profile: ModelProfile) -> None:
    """Refuse what the model cannot take, before anything is sent.

    Raises:
        AttachmentRefused: naming a model that can, or the limit.
    """
    for message in request.messages:
        check_against(message.attachments, profile)


def check_against(files: Sequence[Attachment], profile: ModelProfile) -> None:
    """Refuse files of one message that a model of this profile cannot take.

    Raises:
        AttachmentRefused: naming a model that can, or the limit.
    """
    for kind in ("image", "audio"):
        _check_kind(kind, [one for one in files if one.kind == kind], profile)
    if len({one.kind for one in files}) > 1 and not profile.attachments.together:
        raise AttachmentRefused(
            f"{profile.title} does not take a picture and a recording in one question.",
            remedy="Send them one after the other.",
        )


def _check_kind(kind: Literal["image", "audio"], files: Sequence[Attachment], profile: ModelProfile) -> None:
    if not files:
        return
    limits = profile.attachments
    if kind not in profile.modalities:
        raise _blind(profile.title or profile.id, kind)
    most = limits.max_images if kind == "image" else limits.max_recordings
    if len(files) > most:
        raise AttachmentRefused(
            f"{profile.title} takes {most} of the {len(files)} {NAMES[kind]}.", remedy="Send one at a time."
        )
    types = limits.image_types if kind == "image" else limits.audio_types
    for file in files:
        if file.media_type not in types:
            raise AttachmentRefused(
                f"{profile.title} does not take {file.media_type}.", remedy=f"Send one of: {', '.join(types)}."
            )
        seconds = duration_s(file)
        if seconds is None and kind == "audio":
            raise AttachmentRefused("The recording cannot be read.", remedy="Send WAV or MP3.")
        if seconds is not None and limits.max_audio_s and seconds > limits.max_audio_s:
            raise AttachmentRefused(
                f"The recording lasts {seconds:.0f} s; {profile.title} hears {limits.max_audio_s:.0f} s.",
                remedy="Send a shorter one.",
            )


def description_request(files: Sequence[Attachment], question: str, language: str) -> ChatRequest:
    """What to ask an Omni-class model so that its words can be searched for."""
    kind = files[0].kind if files else "image"
    ask = ASK.get((kind, language), ASK[kind, "en"])
    return ChatRequest(
        messages=(Message(role="user", content=ask, attachments=tuple(files)),),
        brief=Brief(question=question, language=language),
        max_tokens=DESCRIPTION_TOKENS,
        temperature=0.0,
    )


def _blind(model: str, kind: Literal["image", "audio"]) -> AttachmentRefused:
    return AttachmentRefused(
        f"The model ({model}) takes no {NAMES[kind]}.",
        remedy=f"Serve one that does, such as {', '.join(profiles_for(kind))}, or ask in words.",
    )


def _of_url(value: object, kind: str) -> Attachment:
    url = value.get("url") if isinstance(value, Mapping) else value
    if not isinstance(url, str) or url[:5].lower() != "data:":
        raise AttachmentRefused(
            f"The address of {'a picture' if kind == 'image' else 'a recording'} is not fetched.",
            remedy="Send the file itself, as a data: URL.",
        )
    head, comma, body = url.partition(",")
    if not comma or not head.lower().endswith(";base64"):
        raise AttachmentRefused("A data: URL is not in base64.", remedy="Send data:TYPE;base64,DATA.")
    return make_attachment(_decoded(body))


def _decoded(text: object) -> bytes:
    if not isinstance(text, str) or len(text) > LONGEST_BASE64:
        raise AttachmentRefused("A file is missing or too large.", remedy=f"Send up to {MAX_BYTES / 1e6:.0f} MB.")
    try:
        # Encoders that break lines are common.
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise AttachmentRefused("A file is not in base64.", remedy="Send data:TYPE;base64,DATA.") from error
