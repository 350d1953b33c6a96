"""Content parts that are files, as OpenAI's API writes them. A file is data: no address is ever fetched."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from model_backend import Attachment
from model_backend.attachments import parse_parts

DATA_URL: JsonDict = {"pattern": "^data:(image|audio)/[a-z0-9.+-]+;base64,", "contentEncoding": "base64"}
"""What the document says of a file's address; what is wrong with one is told in words that name the remedy."""
EXAMPLE_PICTURE: JsonDict = {
    "type": "image_url",
    "image_url": {
        "url": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB"
        "2kUIOwAAAABJRU5ErkJggg=="
    },
}
"""One grey pixel."""


class Lenient(BaseModel):
    """Base: types are strict, fields that we do not know are ignored, as OpenAI's own clients need."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", use_attribute_docstrings=True)


class ImageUrl(Lenient):
    """Where a picture is: in the address itself."""

    url: Annotated[str, Field(json_schema_extra=DATA_URL)]
    """`data:image/png;base64,…`, also of JPEG, WebP, BMP and TIFF. Other addresses are refused, never fetched."""


class ImagePart(Lenient):
    """A picture, as `/v1/chat/completions` has it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_PICTURE]})

    type: Literal["image_url"]
    """Kind of part."""
    image_url: ImageUrl
    """The picture."""


class Recording(Lenient):
    """The bytes of a recording."""

    data: Annotated[str, Field(json_schema_extra={"contentEncoding": "base64"})]
    """WAV or MP3, in base64."""
    format: Literal["wav", "mp3"] | None = None
    """What it is; its first bytes decide."""


class AudioPart(Lenient):
    """A recording."""

    type: Literal["input_audio"]
    """Kind of part."""
    input_audio: Recording
    """The recording."""


class InputImage(Lenient):
    """A picture, as `/v1/responses` has it."""

    type: Literal["input_image"]
    """Kind of part."""
    image_url: Annotated[str, Field(json_schema_extra=DATA_URL)]
    """`data:image/png;base64,…`; other addresses are refused, never fetched."""


FilePart = ImagePart | AudioPart | InputImage


def files_of(parts: Sequence[FilePart]) -> tuple[Attachment, ...]:
    """The files in the parts, in order.

    Raises:
        AttachmentRefused: for an address instead of data, or data that is no picture or recording.
    """
    plain = [part.model_dump(exclude_none=True) for part in parts]
    return parse_parts([{**part, "type": "image_url"} if part["type"] == "input_image" else part for part in plain])[1]
