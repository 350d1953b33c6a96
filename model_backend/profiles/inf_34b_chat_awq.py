"""INF-34B-Chat, quantised by AWQ to 4 bits."""

from model_backend.profiles._inf import inf

PROFILE = inf(
    "inf-34b-chat-awq",
    "INF-34B-Chat-AWQ",
    "infly/INF-34B-Chat-AWQ",
    flags=("--quantisation", "awq"),
    note="Needs the authors' branch of AutoAWQ (inflm).",
)
