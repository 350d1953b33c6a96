"""INF-34B-Chat in bf16."""

from model_backend.profiles._inf import inf

PROFILE = inf(
    "inf-34b-chat",
    "INF-34B-Chat",
    "infly/INF-34B-Chat",
    note="Needs torch 2.3, transformers 4.42.4 and flash-attn 2.5.0 (the authors' versions), and about 70 GB.",
)
