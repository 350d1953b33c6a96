"""Megrez2-3x7B-A3B, preview and final: a mixture of experts with 3 billion active parameters."""

from model_backend.profiles import Launch, ModelProfile, Sampling
from model_backend.profiles._megrez import STOP

PROFILE = ModelProfile(
    id="megrez2-3x7b-a3b",
    title="Megrez2-3x7B-A3B",
    served_names=("*megrez2*", "*megrez-moe*", "*innomegrez2*"),
    weights="Infinigence/Megrez2-3x7B-A3B-Preview",
    licence="Apache-2.0",  # model card
    context_tokens=32768,  # model card; a larger figure in a configuration is not to be trusted
    dialect="megrez",  # a guess: nothing is published about calls
    first_rung="dialect",
    # The same strings as Megrez-3B by the runner that supports both; the ids differ and are not published.
    stop=STOP,
    keeps_special_tokens=True,
    sampling=Sampling(temperature=0.7, top_p=0.9),  # model card
    launches=(
        Launch(
            engine="vllm",
            # The authors' script, which adds the architecture to vLLM's own (their README).
            program=("python3", "serve_llm_online.py"),
            flags=("--gpu-memory-utilization", "0.9", "--trust-remote-code"),
            note="In demo/vllm of the authors' repository, with vLLM 0.10.1.1 and its patched layer.py.",
        ),
        Launch(engine="llama.cpp", note="Needs the authors' fork (branch support-megrez); the model is a GGUF file."),
    ),
    unverified=("dialect", "stop"),
)
