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
            flags=("--trust-remote-code",),
            note="Needs vLLM 0.10.1.1 with the patched layer.py of the authors' repository, started by its script.",
        ),
        Launch(engine="llama.cpp", note="Needs the authors' fork (branch support-megrez); the model is a GGUF file."),
    ),
    unverified=("dialect", "stop"),
)
