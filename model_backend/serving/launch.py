"""The command that starts an engine for a profile. Pure: nothing is run here."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model_backend.errors import ModelError
from model_backend.profiles import Engine, Launch, load_profile
from model_backend.templates import template_path

TOKENS_WITHOUT_A_WORD = {"megrez-3b-instruct": 32768, "minicpm-2b-128k": 16384}
"""Windows to start with where the profile's own is only what is safe to assume, or more than the model makes use of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchPlan:
    """How a server is started and reached."""

    engine: Engine
    command: tuple[str, ...]
    base_url: str
    """Where it answers once it is up."""
    served_name: str
    note: str
    """What must be known or installed first; may be empty."""

    @property
    def line(self) -> str:
        """The command as one would type it."""
        return shlex.join(self.command)

    @property
    def settings(self) -> str:
        """What to set so that Asterism uses it."""
        return f"ASTERISM_MODEL__NAME={self.served_name} ASTERISM_MODEL__BASE_URL={self.base_url}"


def launch_plan(
    profile_id: str,
    *,
    engine: Engine | None = None,
    model: str = "",
    host: str = "127.0.0.1",
    port: int = 8000,
    context_tokens: int | None = None,
    executable: str = "",
    extra: Sequence[str] = (),
) -> LaunchPlan:
    """The command of an engine for a profile.

    Args:
        profile_id: Which model.
        engine: Which engine; the profile's first when not given.
        model: Weights: a folder, a GGUF file, or a published id; the profile's own when empty.
        host: Address to listen on.
        port: Port to listen on.
        context_tokens: Window; the profile's when not given.
        executable: The engine's program, where it is not on the path.
        extra: Further flags, passed on as they are (such as `--tensor-parallel-size 2`).

    Raises:
        ModelError: when the profile names no such engine, or there are no weights that it loads.
    """
    profile = load_profile(profile_id)
    launch = _pick(profile_id, profile.launches, engine)
    if launch.engine == "llama.cpp" and not model:
        raise ModelError("llama.cpp loads the weights from a GGUF file.", remedy="Give it with --model FILE.")
    weights = model or profile.weights
    if not weights:
        raise ModelError(f"The profile {profile_id} names no weights.", remedy="Give them with --model FOLDER|FILE|ID.")
    window = context_tokens or TOKENS_WITHOUT_A_WORD.get(profile_id, profile.context_tokens)
    flags = [flag.format(templates=template_path("").resolve(), plugins=_plugins()) for flag in launch.flags]
    name = profile_id
    where = ["--host", host, "--port", str(port)]
    commands: dict[Engine, list[str]] = {
        "vllm": [
            *([executable] if executable else launch.program or ["vllm"]),
            *("serve", weights, "--served-model-name", name, *where),
            *("--max-model-len", str(window)),
        ],
        "sglang": [
            *(executable or sys.executable, "-m", "sglang.launch_server", "--model-path", weights),
            *("--served-model-name", name, *where, "--context-length", str(window)),
        ],
        "llama.cpp": [
            *(executable or "llama-server", "--model", weights, "--alias", name, *where, "--ctx-size", str(window)),
        ],
        "transformers": [
            *(executable or sys.executable, "-m", "model_backend.transformers_server", weights),
            *("--served-model-name", name, *where, "--max-model-len", str(window)),
        ],
    }
    return LaunchPlan(
        engine=launch.engine,
        command=(*commands[launch.engine], *flags, *extra),
        base_url=f"http://{host}:{port}/v1",
        served_name=name,
        note=launch.note,
    )


def _pick(profile_id: str, launches: Sequence[Launch], engine: Engine | None) -> Launch:
    chosen = next((launch for launch in launches if engine in (None, launch.engine)), None)
    if chosen is None:
        known = ", ".join(launch.engine for launch in launches)
        raise ModelError(f"{engine} does not run {profile_id}.", remedy=f"Choose one of: {known}.")
    return chosen


def _plugins() -> Path:
    return template_path("").resolve().parent / "vllm_plugin"
