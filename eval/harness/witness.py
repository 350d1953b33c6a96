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


@dataclass(slots=True)
class Witness:
    """Implements `ChatModel`."""

    model: ChatModel
    shown: tuple[tuple[str, str], ...] = ()
    """(address, text) of the passages shown last."""
    confidence: float | None = None
    """How sure the model was of those; None where it does not say."""

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
        # Rewriting a sentence shows its evidence again; what the answer was written from stays.
        if request.brief.documents and not self.shown:
            self.shown = tuple((document.url, document.text) for document in request.brief.documents)
            if isinstance(self.model, TellsConfidence):
                self.confidence = round(self.model.answerability(request.brief), 4)
        return self.model.stream(request)

    async def aclose(self) -> None:
        """Nothing: the other is shared."""
