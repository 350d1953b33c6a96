"""Megrez-3B-Instruct of 2024.09 (4,096 tokens) and of 2024.12 (32,768): one name, so the server tells the window."""

from model_backend.profiles import Launch, ModelProfile, Sampling
from model_backend.profiles._megrez import STOP, STOP_TOKEN_IDS, VLLM_FLAGS

PROFILE = ModelProfile(
    id="megrez-3b-instruct",
    title="Megrez-3B-Instruct",
    served_names=("*megrez-3b-instruct*", "*megrez-3b*", "megrez", "megrez-tiny"),
    weights="Infinigence/Megrez-3B-Instruct",
    licence="Apache-2.0",  # model card
    # The smaller of the two editions (configuration of the first commit); the later one has 32,768.
    context_tokens=4096,
    kv_bytes_per_token=80 * 1024,  # derived: 32 layers, 10 KV heads of 64, bf16
    dialect="megrez",  # the authors' own web-search application
    # The published template ignores `tools`, so that native calls fail without a sound unless ours is loaded.
    first_rung="dialect",
    stop=STOP,
    stop_token_ids=STOP_TOKEN_IDS,
    keeps_special_tokens=True,  # newer vLLM hides the function markers otherwise
    sampling=Sampling(temperature=0.7, top_p=0.9, repetition_penalty=1.02),  # model card, both editions
    launches=(
        Launch(engine="vllm", flags=VLLM_FLAGS),
        Launch(engine="sglang", note="Calls are parsed by Asterism: SGLang has no parser for this dialect."),
        Launch(
            engine="llama.cpp",
            flags=("--jinja", "--chat-template-file", "{templates}/megrez_tool.jinja", "--special"),
            note="The model is a GGUF file. Calls are parsed by Asterism.",
        ),
    ),
)
