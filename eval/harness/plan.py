"""What an evaluation is made with, and what makes two of them the same."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from agent.build import make_model
from agent.options import VerifyPolicy
from agent.settings import Settings, StoreSettings
from eval.harness.case import ARMS, Arm
from eval.harness.folder import RUNS, fingerprint, prompt_hashes
from eval.harness.memory import RememberedModel
from model_backend import ChatModel

EMBEDDED = "embedded"
SERVED_CONCURRENCY = 8
"""Runs at the same time with a served model: engines batch; the embedded model has one core's worth of work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One evaluation."""

    settings: Settings
    suites: tuple[str, ...]
    arms: tuple[Arm, ...] = ARMS
    limit: int | None = None
    """Questions a suite, drawn by the seed."""
    seed: int = 0
    concurrency: int | None = None
    """Runs at the same time; unset takes what suits the model."""
    policy: VerifyPolicy = "drop"
    """What the arm `search+verify` does with claims that are not supported."""
    runs: Path = RUNS
    name: str | None = None
    """Of the run; unset is made of what identifies it."""
    ray: int = 0
    """Ray workers; 0 asks in this process."""

    @property
    def at_once(self) -> int:
        """Runs at the same time."""
        return self.concurrency or (1 if self.settings.model.name == EMBEDDED else SERVED_CONCURRENCY)

    @property
    def data(self) -> Path:
        """Folder of the evaluation data."""
        return Path(self.settings.eval.data_dir or "evaldata")

    def identity(self) -> dict[str, object]:
        """What must be the same for answers to belong to one run; no secret is in it."""
        model = self.settings.model
        return {
            "model": model.name,
            "base_url": model.base_url,
            "profile": model.profile,
            "context_tokens": model.context_tokens,
            "policy": self.policy,
            "seed": self.seed,
            "run_settings": self.settings.run.model_dump(),
            "verify": self.settings.verify.model_dump(exclude={"threads"}),
            "max_pages": self.settings.fetch.max_pages,
            "prompts": prompt_hashes(),
            "code": fingerprint(),
        }

    @property
    def folder_name(self) -> str:
        """The run's name: of the model, and a hash of the identity."""
        if self.name:
            return self.name
        told = json.dumps(self.identity(), sort_keys=True)
        model = "".join(char if char.isalnum() or char in "-." else "-" for char in self.settings.model.name)
        return f"{model}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"

    def agent_settings(self) -> Settings:
        """The settings of each question's run: threads in memory, and no fallback."""
        model = self.settings.model.model_copy(update={"fallback": "none"})
        return self.settings.model_copy(update={"store": StoreSettings(url="memory://"), "model": model})

    def open_model(self) -> ChatModel:
        """The model, its replies kept on disk where they cost something.

        Raises:
            Misconfigured: when a served model is named but no server.
        """
        model = make_model(self.settings)
        chosen = self.settings.model
        if chosen.name == EMBEDDED:
            return model
        scope = json.dumps([chosen.base_url, chosen.profile, self.seed])
        return RememberedModel(model, self.runs / "replies.sqlite", scope=scope)
