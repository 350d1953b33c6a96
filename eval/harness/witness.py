"""A model that answers as another does, and remembers what it was shown: one for each question asked."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from model_backend import Brief, ChatModel, ChatRequest, Delta


@runtime_checkable
class TellsConfidence(Protocol):
    """A model that says how sure it is that its documents hold an answer."""

    def answerability(self, brief: Brief) -> float:
        """0 (surely not) to 1 (surely)."""


@runtime_checkable
class Remembers(Protocol):
    """A model that gives kept replies at once."""

    def kept_s(self, request: ChatRequest) -> float:
        """Seconds that the kept reply took when it was given; 0 when there is none."""


@dataclass(slots=True)
class Witness:
    """Implements `ChatModel`."""

    model: ChatModel
    shown: tuple[tuple[str, str], ...] = ()
    """(address, text) of the passages shown last."""
    confidence: float | None = None
    """How sure the model was of those; None where it does not say."""
    kept_s: float = 0.0
    """Seconds that kept replies took when they were given: they belong to the run's time as much as any."""

    @property
    def name(self) -> str:
        """The other's."""
        return self.model.name

    @property
    def profile(self) -> str:
        """The other's."""
        return self.model.profile

    @property
    def context_tokens(self) -> int:
        """The other's."""
        return self.model.context_tokens

    def count_tokens(self, text: str) -> int:
        """The other's count."""
        return self.model.count_tokens(text)

    def stream(self, request: ChatRequest) -> AsyncIterator[Delta]:
        """The other's answer."""
        if isinstance(self.model, Remembers):
            self.kept_s += self.model.kept_s(request)
        # Rewriting a sentence shows its evidence again; what the answer was written from stays.
        if request.brief.documents and not self.shown:
            self.shown = tuple((document.url, document.text) for document in request.brief.documents)
            if isinstance(self.model, TellsConfidence):
                self.confidence = round(self.model.answerability(request.brief), 4)
        return self.model.stream(request)

    async def aclose(self) -> None:
        """Nothing: the other is shared."""
