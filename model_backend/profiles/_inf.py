"""What the INF-34B-Chat models have in common. Sources: model card, tokenizer configuration, the authors' README."""

from dataclasses import replace

from model_backend.profiles import Launch, ModelProfile


def inf(profile_id: str, title: str, weights: str, *, flags: tuple[str, ...] = (), note: str = "") -> ModelProfile:
    """The profile of one edition."""
    return replace(
        INF,
        id=profile_id,
        title=title,
        weights=weights,
        served_names=(f"*{title.lower()}*",),
        launches=(Launch(engine="transformers", flags=("--family", "inf", *flags), note=note),),
    )


INF = ModelProfile(
    id="inf",
    licence="INF licence (commercial use allowed; pass the agreement on)",  # model card
    context_tokens=32768,  # configuration of Chat (Base has 4,096)
    kv_bytes_per_token=192 * 1024,  # derived: 48 layers, 8 KV heads of 128, bf16
    # Tool tokens exist in the vocabulary, but no dialect is published.
    dialect=None,
    first_rung="json_words",
    # No engine but our own server runs it, and that one neither parses calls nor forces JSON.
    rungs=("json_words", "rules"),
    takes_system=False,  # its form is not published: instructions open the first question instead
    roles="plain",  # only user and assistant turns are published
    stop=("<|end|>", "<|endoftext|>", "</s>"),  # added tokens of the tokenizer, and the configuration's end
    stop_token_ids=(96500, 96506, 2),
    unverified=("takes_system",),
)
"""What they share; no profile of its own."""
