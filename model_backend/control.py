"""Text that chat templates and tokenizers read as control, made harmless before it goes into a prompt.

Servers tokenize such text as real control tokens wherever it stands: a page that writes a turn's end and a new system
turn would speak with the system's voice. It applies to every model alike, since a page does not know which one reads.
"""

import re

_NAMED = (
    # MiniCPM (turns), Llama 2 (turns, system), sentencepiece vocabularies (begin, end, unknown, padding).
    r"用户|AI|/?s|unk|pad|bos|eos"
    # Gemma, and the tool calls of Hermes and Qwen.
    r"|(?:start|end)_of_turn|/?tool_(?:call|response)"
    # Reasoning, and Megrez-3B-Omni's places for a picture and a recording.
    r"|/?think|/?image|/?audio"
)
_CONTROL = re.compile(
    # Megrez, INF, MiniCPM3, ChatML, Llama 3, and DeepSeek's full-width bars.
    rf"<(?=[|｜][^\s<>|｜]{{1,40}}[|｜]>|(?:{_NAMED})>|</?SYS>>)|\[(?=/?(?:INST|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS)\])"
)
"""The opening character of each; nothing is deleted, so that no new token can grow from what is left."""


def neutral(text: str) -> str:
    """The same text with a space after the first character of every control token: readable, and no token any more."""
    if "<" not in text and "[" not in text:
        return text
    return _CONTROL.sub(lambda match: match[0] + " ", text)


def is_neutral(text: str) -> bool:
    """Whether no control token stands in it."""
    return not _CONTROL.search(text)
