"""MiniCPM-MoE-8x2B: 4 billion active parameters of 13.6."""

from model_backend.profiles._minicpm import VLLM, minicpm

PROFILE = minicpm(
    "minicpm-moe-8x2b",
    "MiniCPM-MoE-8x2B",
    "openbmb/MiniCPM-MoE-8x2B",
    served_names=("*minicpm-moe-8x2b*", "*minicpm-moe*"),
    launches=(VLLM,),
    # Two sources say 4K, one page says 2K: the server's word counts.
    unverified=("context_tokens",),
)
