"""What the Megrez models have in common. Sources: model cards and configurations of the Infinigence organisation."""

STOP = ("<|turn_end|>", "<|eos|>")
"""Tokenizer configuration. Written out, since the published special-tokens map misspells the first (`<|turn_end>`)."""
STOP_TOKEN_IDS = (120005, 120000)
"""Tokenizer configuration of Instruct and Omni; Megrez2 has another vocabulary and other ids."""
VLLM_FLAGS = (
    "--chat-template",
    "{templates}/megrez_tool.jinja",
    "--enable-auto-tool-choice",
    "--tool-parser-plugin",
    "{plugins}/megrez_tool_parser.py",
    "--tool-call-parser",
    "megrez",
)
"""Ours: template and tool parser are shipped here, since the published template drops `tools` silently."""
