"""Model profiles as data, one file each: the module's name (`_` for `-`) is the profile's id.

Files that begin with `_` hold what a family has in common.
"""

import importlib
import pkgutil
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, Protocol, cast

from model_backend.errors import ModelMisconfigured

DEFAULT_ID = "default"

Rung = Literal["native", "dialect", "json_schema", "json_words", "rules"]
"""How a model is brought to say whether to search: by the server's own tool calling, by the model's own dialect parsed
here, by JSON that the server forces, by JSON asked for in words, and at last by rules that ask no model."""
RUNGS: tuple[Rung, ...] = ("native", "dialect", "json_schema", "json_words", "rules")
"""From the best to the surest."""
DialectId = Literal["megrez", "minicpm3"]
Engine = Literal["vllm", "sglang", "llama.cpp", "transformers"]
Modality = Literal["text", "image", "audio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """What the model's authors recommend beside the temperature, which the request sets."""

    temperature: float | None = None
    """Only told: answers from sources want less than a conversation."""
    top_p: float | None = None
    repetition_penalty: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentLimits:
    """What one message may carry."""

    max_images: int = 0
    max_recordings: int = 0
    together: bool = True
    """Whether a picture and a recording may come in one message."""
    image_types: tuple[str, ...] = ()
    """Media types."""
    audio_types: tuple[str, ...] = ()
    """Media types."""
    max_audio_s: float = 0.0
    """Longest recording, in seconds."""
    image_tokens: int = 0
    """Tokens a picture takes at most."""
    audio_tokens: int = 0
    """Tokens a recording takes at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How an engine is started for this model."""

    engine: Engine
    program: tuple[str, ...] = ()
    """What is started in place of the engine's own program; empty is that program."""
    flags: tuple[str, ...] = ()
    """Beside model, name, address and window."""
    note: str = ""
    """What must be known or installed first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelProfile:
    """What is known of a model beforehand; what its server says about itself wins."""

    id: str
    """What answers report as `profile`."""
    title: str = ""
    """The model's own name."""
    served_names: tuple[str, ...] = ()
    """Patterns (`*`, `?`) of the names servers give it, matched without regard to case; the longest match wins."""
    weights: str = ""
    """Where the weights are published (Hugging Face id)."""
    licence: str = ""
    languages: tuple[str, ...] = ("en", "zh")
    modalities: tuple[Modality, ...] = ("text",)
    context_tokens: int
    """Window assumed while the server has not told its own."""
    ceiling_tokens: int | None = None
    """Tokens beyond which the model gets worse although its window is larger; a setting of the user wins."""
    kv_bytes_per_token: int | None = None
    """Memory of the key-value cache in bf16, per token."""
    dialect: DialectId | None = None
    """How it was trained to write function calls; None when it was not, or nobody says how."""
    first_rung: Rung = "native"
    """Where to begin on a server that was not probed."""
    rungs: tuple[Rung, ...] = RUNGS
    """What is worth trying at all, the best first."""
    takes_system: bool = True
    """Whether a system message is part of the template; if not, its text opens the first user message."""
    roles: Literal["openai", "plain"] = "openai"
    """`plain`: user and assistant only and strictly in turn, since the template knows no others."""
    stop: tuple[str, ...] = ()
    stop_token_ids: tuple[int, ...] = ()
    keeps_special_tokens: bool = False
    """Whether the server must be told not to hide special tokens, because calls are written with them."""
    sampling: Sampling = Sampling()
    attachments: AttachmentLimits = AttachmentLimits()
    launches: tuple[Launch, ...] = ()
    """Engines that run it, the best first; empty means that `model serve` needs another profile."""
    unverified: tuple[str, ...] = ()
    """Names of the values above that nobody could confirm: the probe finds out."""


class ProfileModule(Protocol):
    """What a file in this folder offers."""

    PROFILE: ModelProfile


def profile_ids() -> list[str]:
    """Every profile there is, sorted."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))


def load_profile(profile_id: str) -> ModelProfile:
    """One profile by its id.

    Raises:
        ModelMisconfigured: when there is none of that id.
    """
    known = profile_ids()
    if profile_id not in known:
        raise ModelMisconfigured(
            f"There is no model profile {profile_id!r}.",
            remedy=f"Set ASTERISM_MODEL__PROFILE to auto or one of: {', '.join(known)}.",
        )
    module = importlib.import_module(f"{__name__}.{profile_id.replace('-', '_')}")
    return cast(ProfileModule, module).PROFILE


def pick_profile(served_name: str) -> ModelProfile:
    """The profile that fits a served name best; `default` when none does."""
    name = served_name.lower()
    fits = [
        (len(pattern), profile)
        for profile in map(load_profile, profile_ids())
        for pattern in profile.served_names
        if fnmatchcase(name, pattern.lower())
    ]
    return max(fits, key=lambda fit: fit[0])[1] if fits else load_profile(DEFAULT_ID)


def profiles_for(modality: Modality) -> list[str]:
    """Ids of the profiles that take such input."""
    return [profile_id for profile_id in profile_ids() if modality in load_profile(profile_id).modalities]
