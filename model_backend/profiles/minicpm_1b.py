"""MiniCPM-1B."""

from model_backend.profiles._minicpm import LLAMA_CPP, SGLANG, VLLM, minicpm

PROFILE = minicpm(
    "minicpm-1b",
    "MiniCPM-1B",
    "openbmb/MiniCPM-1B-sft-bf16",
    served_names=("*minicpm-1b*",),
    launches=(VLLM, SGLANG, LLAMA_CPP),
)
