"""Files that a question is asked about, from the command line."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from model_backend import Attachment
from model_backend.attachments import MAX_BYTES, AttachmentRefused, make_attachment

WORDS = {"image": "picture", "audio": "recording"}


def read_files(images: Sequence[Path], recordings: Sequence[Path]) -> tuple[Attachment, ...]:
    """The pictures, then the recordings.

    Raises:
        AttachmentRefused: when a file cannot be read, is too large, or is something else than was said.
    """
    return (*(_read(path, "image") for path in images), *(_read(path, "audio") for path in recordings))


def _read(path: Path, kind: Literal["image", "audio"]) -> Attachment:
    try:
        with path.open("rb") as file:
            # One byte more tells that it is too large, whatever stands behind the name.
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise AttachmentRefused(f"{path} cannot be read: {error.strerror}.", remedy="Check the path.") from error
    try:
        attachment = make_attachment(data)
    except AttachmentRefused as error:
        raise AttachmentRefused(f"{path}: {error}", remedy=error.remedy) from error
    if attachment.kind != kind:
        raise AttachmentRefused(f"{path} is a {WORDS[attachment.kind]}.", remedy=f"Give it with --{attachment.kind}.")
    return attachment
