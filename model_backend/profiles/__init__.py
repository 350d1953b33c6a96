"""Model profiles as data, one file each: the module's name (`_` for `-`) is the profile's id."""

import importlib
import pkgutil
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol, cast

from model_backend.errors import ModelError

DEFAULT_ID = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelProfile:
    """What is known of a model beforehand; what its server says about itself wins."""

    id: str
    """What answers report as `profile`."""
    served_names: tuple[str, ...] = ()
    """Patterns (`*`, `?`) of the names servers give it, matched without regard to case."""
    context_tokens: int
    """Window assumed while the server has not told its own."""


class ProfileModule(Protocol):
    """What a file in this folder offers."""

    PROFILE: ModelProfile


def profile_ids() -> list[str]:
    """Every profile there is, sorted."""
    return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))


def load_profile(profile_id: str) -> ModelProfile:
    """One profile by its id.

    Raises:
        ModelError: when there is none of that id.
    """
    known = profile_ids()
    if profile_id not in known:
        raise ModelError(
            f"There is no model profile {profile_id!r}.",
            remedy=f"Set ASTERISM_MODEL__PROFILE to auto or one of: {', '.join(known)}.",
        )
    module = importlib.import_module(f"{__name__}.{profile_id.replace('-', '_')}")
    return cast(ProfileModule, module).PROFILE


def pick_profile(served_name: str) -> ModelProfile:
    """The profile that fits a served name; `default` when none does."""
    name = served_name.lower()
    for profile_id in profile_ids():
        profile = load_profile(profile_id)
        if any(fnmatchcase(name, pattern.lower()) for pattern in profile.served_names):
            return profile
    return load_profile(DEFAULT_ID)
