"""How we talk to a model. Knows nothing of search providers, pages or the graph."""

from model_backend.chat import (
    Brief,
    ChatModel,
    ChatRequest,
    Delta,
    Document,
    Finished,
    Message,
    TextDelta,
    ToolCall,
    ToolCalled,
    ToolSpec,
    Turn,
    Usage,
)

__all__ = [
    "Brief",
    "ChatModel",
    "ChatRequest",
    "Delta",
    "Document",
    "Finished",
    "Message",
    "TextDelta",
    "ToolCall",
    "ToolCalled",
    "ToolSpec",
    "Turn",
    "Usage",
]
