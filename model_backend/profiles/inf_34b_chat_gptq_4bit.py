"""INF-34B-Chat, quantised by GPTQ to 4 bits."""

from model_backend.profiles._inf import inf

PROFILE = inf(
    "inf-34b-chat-gptq-4bit",
    "INF-34B-Chat-GPTQ-4bit",
    "infly/INF-34B-Chat-GPTQ-4bit",
    flags=("--quantisation", "gptq-4bit"),
    note="Needs the authors' branch of AutoGPTQ (inflm): plain transformers gives <unk> or NaN.",
)
