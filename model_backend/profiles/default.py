"""Any tool-calling model that has no profile of its own."""

from model_backend.profiles import ModelProfile

PROFILE = ModelProfile(
    id="default",
    # vLLM and SGLang tell their window. Those that do not often cut a prompt silently at 4,096 tokens (Ollama's
    # default, and the window of the smallest models named in the README), so nothing larger is safe to assume.
    context_tokens=4096,
)
