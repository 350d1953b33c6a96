"""A model that is another one, for those that look at or keep what goes through it."""

from collections.abc import AsyncIterator

from model_backend.chat import ChatModel, ChatRequest, Delta


class ForwardingModel:
    """Implements `ChatModel` by another model; who inherits says what is different."""

    def __init__(self, model: ChatModel) -> None:
        self.model = model

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
        return self.model.stream(request)

    async def aclose(self) -> None:
        """Close the other."""
        await self.model.aclose()
