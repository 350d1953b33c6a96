"""Messages as these models take them. Pure."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class BadRequest(Exception):
    """The request cannot be served; the message says why."""


@dataclass(frozen=True, slots=True)
class OmniTurn:
    """One message of Megrez-3B-Omni: words, and at most one file."""

    role: str
    text: str
    image: bytes = b""
    audio: bytes = b""


def inf_prompt(messages: Sequence[Mapping[str, Any]]) -> str:
    """INF's turns as its README prints them. Instructions open the first question: a system turn is not published."""
    system = "\n".join(_text(message) for message in messages if message["role"] == "system")
    prompt = ""
    for message in messages:
        words = _text(message)
        if message["role"] == "assistant":
            prompt += f"<|start|>assistant<|message|>{words}<|end|>\n"
        elif message["role"] == "user":
            if system:
                words, system = f"{system}\n\n{words}", ""
            prompt += f"<|start|>user\n{words}<|end|>\n"
        elif message["role"] != "system":
            raise BadRequest(f"the role {message['role']} is not known to this chat template")
    return prompt + "<|start|>assistant<|message|>"


def omni_turns(messages: Sequence[Mapping[str, Any]]) -> list[OmniTurn]:
    """OpenAI's content parts as the dictionaries of Omni's `chat`."""
    turns: list[OmniTurn] = []
    for message in messages:
        images, sounds = _files(message, "image_url"), _files(message, "input_audio")
        if len(images) > 1 or len(sounds) > 1 or (images and sounds):
            raise BadRequest("at most one picture or one recording a message")
        turns.append(OmniTurn(str(message["role"]), _text(message), *(images or [b""]), *(sounds or [b""])))
    return turns


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content or [] if isinstance(part, Mapping))


def _files(message: Mapping[str, Any], kind: str) -> list[bytes]:
    content = message.get("content")
    parts = [part for part in content if part.get("type") == kind] if isinstance(content, list) else []
    files: list[bytes] = []
    for part in parts:
        inner = part[kind]
        data = inner["data"] if kind == "input_audio" else inner["url"]
        if kind == "image_url":
            head, comma, data = data.partition(",")
            if not comma or not head.startswith("data:"):
                raise BadRequest("addresses are not fetched; send a data: URL")
        try:
            files.append(base64.b64decode(data, validate=True))
        except ValueError as error:
            raise BadRequest("a file is not in base64") from error
    return files
