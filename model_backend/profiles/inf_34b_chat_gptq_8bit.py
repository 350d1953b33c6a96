"""INF-34B-Chat, quantised by GPTQ to 8 bits."""

from model_backend.profiles._inf import inf

PROFILE = inf(
    "inf-34b-chat-gptq-8bit",
    "INF-34B-Chat-GPTQ-8bit",
    "infly/INF-34B-Chat-GPTQ-8bit",
    flags=("--quantisation", "gptq-8bit"),
    note="Needs the authors' branch of AutoGPTQ (inflm): plain transformers gives <unk> or NaN.",
)
