"""Any tool-calling model that has no profile of its own."""

from model_backend.profiles import Launch, ModelProfile

PROFILE = ModelProfile(
    id="default",
    title="Any other model",
    licence="see its card",
    # vLLM and SGLang tell their window. Those that do not often cut a prompt silently at 4,096 tokens (Ollama's
    # default, and the window of the smallest models named in the README), so nothing larger is safe to assume.
    context_tokens=4096,
    launches=(
        Launch(engine="vllm", note="For native calls add --enable-auto-tool-choice --tool-call-parser NAME."),
        Launch(engine="sglang"),
        Launch(engine="llama.cpp", flags=("--jinja",), note="The model is a GGUF file."),
    ),
)
