"""MiniCPM3-4B: calls functions as lines of Python."""

from model_backend.profiles import Launch, ModelProfile, Sampling

PROFILE = ModelProfile(
    id="minicpm3-4b",
    title="MiniCPM3-4B",
    served_names=("*minicpm3-4b*", "*minicpm3*"),
    weights="openbmb/MiniCPM3-4B",
    licence="Apache-2.0",  # model card
    context_tokens=32768,  # configuration
    dialect="minicpm3",  # the authors' demo
    # The published vLLM parser always claims a call and breaks on vLLM 0.15 and later: parsed here instead.
    first_rung="dialect",
    stop=("<|im_end|>", "</s>"),
    stop_token_ids=(73440, 2),  # generation configuration
    sampling=Sampling(temperature=0.7, top_p=0.7),  # README
    launches=(
        Launch(engine="vllm", flags=("--trust-remote-code",), note="vLLM 0.6.2 or later."),
        Launch(engine="sglang", flags=("--trust-remote-code", "--chat-template", "chatml")),
        Launch(engine="llama.cpp", note="Build b3765 or later; the model is a GGUF file."),
    ),
)
