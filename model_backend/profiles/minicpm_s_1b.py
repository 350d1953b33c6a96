"""MiniCPM-S-1B: sparse activation, 88 % zeros."""

from model_backend.profiles import Sampling
from model_backend.profiles._minicpm import VLLM, minicpm

PROFILE = minicpm(
    "minicpm-s-1b",
    "MiniCPM-S-1B",
    "openbmb/MiniCPM-S-1B-sft",
    served_names=("*minicpm-s-1b*",),
    licence="Apache-2.0",  # as its card says, other than its siblings
    launches=(VLLM,),
    sampling=Sampling(temperature=0.3, top_p=0.8, repetition_penalty=1.02),  # card of the Llama-format edition
    unverified=("context_tokens",),
)
