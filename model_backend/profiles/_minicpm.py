"""What the MiniCPM models of the first two generations have in common. Sources: model cards and the authors' README."""

from model_backend.profiles import RUNGS, Launch, ModelProfile, Rung, Sampling

LICENCE = "MiniCPM Model License (code Apache-2.0; commercial use after registration)"
NO_TOOLS: tuple[Rung, ...] = tuple(rung for rung in RUNGS if rung in ("json_schema", "json_words", "rules"))
"""They were not trained to call functions: JSON is forced, asked for, or rules decide."""
VLLM = Launch(engine="vllm", flags=("--trust-remote-code",), note="vLLM 0.4.1 or later.")
SGLANG = Launch(engine="sglang", flags=("--trust-remote-code",))
LLAMA_CPP = Launch(engine="llama.cpp", note="The model is a GGUF file.")


def minicpm(
    profile_id: str,
    title: str,
    weights: str,
    *,
    served_names: tuple[str, ...],
    context_tokens: int = 4096,
    launches: tuple[Launch, ...] = (VLLM,),
    licence: str = LICENCE,
    sampling: Sampling = Sampling(temperature=0.8, top_p=0.8),  # noqa: B008  frozen; examples of the model cards
    unverified: tuple[str, ...] = (),
) -> ModelProfile:
    """A model with the turns `<用户>…<AI>`, whose template glues any other role to the text before it."""
    return ModelProfile(
        id=profile_id,
        title=title,
        served_names=served_names,
        weights=weights,
        licence=licence,
        context_tokens=context_tokens,
        first_rung="json_schema",
        rungs=NO_TOOLS,
        roles="plain",
        stop=("</s>", "<用户>"),
        stop_token_ids=(2,),
        sampling=sampling,
        launches=launches,
        unverified=unverified,
    )
