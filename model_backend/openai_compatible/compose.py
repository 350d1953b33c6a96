"""Our messages as one server and one model take them: roles, system text, dialect, no text that reads as control."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime

from model_backend.chat import ChatRequest, Message, ToolSpec
from model_backend.control import neutral
from model_backend.dialects import Dialect, dialect_of, json_in_words
from model_backend.profiles import ModelProfile, Rung

Json = dict[str, object]
OBSERVATION_TAKERS = frozenset({"vllm", "llama.cpp"})
"""Servers that let a role through which OpenAI does not know; SGLang refuses it."""


def compose(request: ChatRequest, profile: ModelProfile, rung: Rung, server: str, now: datetime) -> list[Json]:
    """The messages of a request. `content` is always a string, or a list of parts where something is attached."""
    messages = [_safe(message) for message in request.messages]
    dialect = dialect_of(profile.dialect) if profile.dialect and rung != "native" else None
    if dialect is not None:
        messages = _in_dialect(messages, request.tools if rung == "dialect" else (), dialect, server, now)
        if rung == "dialect":
            messages = _renamed(messages, request.tools, dialect, neutral(request.brief.question))
    if request.tools and rung in ("json_schema", "json_words"):
        messages = _with_instruction(messages, json_in_words(request.tools, request.brief.language))
    if not profile.takes_system:
        messages = _system_into_question(messages)
    if profile.roles == "plain":
        messages = _strictly_in_turn(messages)
    return [_wire(message) for message in messages]


def _safe(message: Message) -> Message:
    """What people, pages, tools and earlier answers wrote, without control tokens; our own system text has none."""
    content = message.content if message.role == "system" else neutral(message.content)
    return message if content is message.content else _with_content(message, content)


def _in_dialect(
    messages: Sequence[Message], tools: Sequence[ToolSpec], dialect: Dialect, server: str, now: datetime
) -> list[Message]:
    system = "\n".join(message.content for message in messages if message.role == "system")
    rest = [_as_text(message, dialect, server) for message in messages if message.role != "system"]
    if tools:
        system = dialect.offer(system, tools, now)
    return [*([Message(role="system", content=system)] if system else []), *rest]


def _as_text(message: Message, dialect: Dialect, server: str) -> Message:
    """Calls and results as the model was trained to see them."""
    if message.tool_calls:
        return Message(role="assistant", content=message.content + dialect.written(message.tool_calls))
    if message.role == "tool":
        role = dialect.result_role
        if role == "observation":
            # A role that the server refuses becomes a user turn, never a system one.
            return Message(role="observation" if server in OBSERVATION_TAKERS else "user", content=message.content)
        return Message(role="tool", content=message.content, tool_call_id=message.tool_call_id)
    return message


def _renamed(messages: list[Message], tools: Sequence[ToolSpec], dialect: Dialect, question: str) -> list[Message]:
    """The function's trained name in our instructions; the user's own words stay as they are."""
    last = messages[-1]
    parts = last.content.split(question) if question else [last.content]
    for tool in tools:
        parts = [part.replace(tool.name, dialect.name_of(tool.name)) for part in parts]
    return [*messages[:-1], _with_content(last, question.join(parts))]


def _with_instruction(messages: list[Message], instruction: str) -> list[Message]:
    last = messages[-1]
    return [*messages[:-1], _with_content(last, f"{last.content}\n\n{instruction}")]


def _system_into_question(messages: list[Message]) -> list[Message]:
    system = "\n".join(message.content for message in messages if message.role == "system")
    rest = [message for message in messages if message.role != "system"]
    if system and rest:
        rest[0] = _with_content(rest[0], f"{system}\n\n{rest[0].content}")
    return rest


def _strictly_in_turn(messages: list[Message]) -> list[Message]:
    """Only system, user and assistant, and never the same one twice in a row: such templates draw no line between."""
    joined: list[Message] = []
    for message in messages:
        text = message.content
        if message.tool_calls:
            called = [{"name": call.name, "arguments": dict(call.arguments)} for call in message.tool_calls]
            text = "\n".join([*([text] if text else []), *(json.dumps(call, ensure_ascii=False) for call in called)])
        role = message.role if message.role in ("system", "assistant") else "user"
        if joined and joined[-1].role == role:
            joined[-1] = Message(
                role=role,
                content=f"{joined[-1].content}\n\n{text}",
                attachments=(*joined[-1].attachments, *message.attachments),
            )
        else:
            joined.append(Message(role=role, content=text, attachments=message.attachments))
    return joined


def _with_content(message: Message, content: str) -> Message:
    return Message(
        role=message.role,
        content=content,
        attachments=message.attachments,
        tool_calls=message.tool_calls,
        tool_call_id=message.tool_call_id,
    )


def _wire(message: Message) -> Json:
    written: Json = {"role": message.role, "content": message.content}
    if message.attachments:
        written["content"] = [*_parts(message), {"type": "text", "text": message.content}]
    if message.tool_calls:
        written["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(dict(call.arguments), ensure_ascii=False)},
            }
            for call in message.tool_calls
        ]
    if message.role == "tool":
        written["tool_call_id"] = message.tool_call_id
    return written


def _parts(message: Message) -> list[Json]:
    parts: list[Json] = []
    for attachment in message.attachments:
        data = base64.b64encode(attachment.data).decode()
        if attachment.kind == "image":
            parts.append({"type": "image_url", "image_url": {"url": f"data:{attachment.media_type};base64,{data}"}})
        else:
            kind = "mp3" if "mp" in attachment.media_type else "wav"
            parts.append({"type": "input_audio", "input_audio": {"data": data, "format": kind}})
    return parts
