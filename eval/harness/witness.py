"""A model that answers as another does, and remembers what it was shown: one for each question asked."""

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable

from model_backend import Brief, ChatModel, ChatRequest, Delta
from model_backend.forwarding import ForwardingModel


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


class Witness(ForwardingModel):
    """The other's answers, with what they were written from."""

    def __init__(self, model: ChatModel) -> None:
        super().__init__(model)
        self.shown: tuple[tuple[str, str], ...] = ()
        """(address, text) of the passages shown first."""
        self.confidence: float | None = None
        """How sure the model was of those; None where it does not say."""
        self.kept_s = 0.0
        """Seconds that kept replies took when they were given: they belong to the run's time as much as any."""

    def stream(self, request: ChatRequest) -> AsyncIterator[Delta]:
        """The other's answer."""
        if isinstance(self.model, Remembers):
            self.kept_s += self.model.kept_s(request)
        # Rewriting a sentence shows its evidence again; what the answer was written from stays.
        if request.brief.documents and not self.shown:
            self.shown = tuple((document.url, document.text) for document in request.brief.documents)
            if isinstance(self.model, TellsConfidence):
                self.confidence = round(self.model.answerability(request.brief), 4)
        return super().stream(request)

    async def aclose(self) -> None:
        """Nothing: the other is shared."""
