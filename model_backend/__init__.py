"""How we talk to a model. Knows nothing of search providers, pages or the graph."""

from model_backend.chat import (
    Attachment,
    Brief,
    ChatModel,
    ChatRequest,
    Delta,
    Document,
    Finished,
    Message,
    Noted,
    TextDelta,
    ToolCall,
    ToolCalled,
    ToolSpec,
    Turn,
    Usage,
)

__all__ = [
    "Attachment",
    "Brief",
    "ChatModel",
    "ChatRequest",
    "Delta",
    "Document",
    "Finished",
    "Message",
    "Noted",
    "TextDelta",
    "ToolCall",
    "ToolCalled",
    "ToolSpec",
    "Turn",
    "Usage",
]
