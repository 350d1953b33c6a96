"""The body of `POST /v1/responses`."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from agent.options import AskOptions, SearchMode, VerifyPolicy
from service.content_parts import Lenient
from service.openai_api.chat_request import DEPTHS, HAS_USER, ContextSize, Host, TextFormat, limit_notes
from service.openai_api.fields import AtLeastOne, No, Zero
from service.openai_api.messages import Conversation, Message, Readable, UserMessage, conversation_of
from service.schemas import MAX_SITES

RESPONSE_ID = r"^resp_[0-9a-f]{32}$"
LeftOut = Literal["web_search_call", "reasoning"]
"""Items of earlier output that clients send back; they hold nothing that a new run needs."""
SearchTool = Literal["web_search", "web_search_preview", "web_search_2025_08_26", "web_search_preview_2025_03_11"]


class SearchFilters(Lenient):
    """Where to search."""

    allowed_domains: Annotated[list[Host], Field(max_length=MAX_SITES)] | None = None
    """Only these hosts."""


class WebSearchTool(Lenient):
    """The one tool there is."""

    type: SearchTool
    """Its names at OpenAI."""
    filters: SearchFilters | None = None
    """Where to search."""
    search_context_size: ContextSize | None = None
    """How wide: low, medium, high are the depths quick, standard, deep."""


class ChosenTool(Lenient):
    """The tool that must be used."""

    type: SearchTool
    """Search, always."""


class EarlierItem(Lenient):
    """An item of earlier output."""

    type: LeftOut
    """Left out."""


class TextConfig(Lenient):
    """The form of the answer."""

    format: TextFormat | None = None
    """Only text."""


class ResponsesRequest(Lenient):
    """A question, or a conversation that ends with one. Fields not named here are ignored."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"model": "asterism", "input": "How high is the Kestrel tower?"}]}
    )

    model: str
    """`asterism`, or the name of the configured model."""
    input: Readable | Annotated[list[Message | EarlierItem], Field(min_length=1, json_schema_extra=HAS_USER)]
    """The question, or the conversation, oldest first."""
    stream: bool | None = None
    """Send events as they come."""
    instructions: str | None = None
    """Accepted, not followed."""
    previous_response_id: Annotated[str, Field(pattern=RESPONSE_ID)] | None = None
    """Go on in the conversation of this response; messages before the last in `input` are then left out."""
    store: bool | None = None
    """False deletes question and answer when the response is sent; otherwise they are a thread."""
    max_output_tokens: AtLeastOne | None = None
    """Accepted, not enforced: the service has its own longest answer."""
    verify: VerifyPolicy | None = None
    """Of this service: flag, drop or repair sentences that the pages do not support."""
    tools: list[WebSearchTool] | None = None
    """Web search, or nothing; it is there either way."""
    tool_choice: Literal["none", "auto", "required"] | ChosenTool | None = None
    """Never, as the model decides, or always search."""
    metadata: dict[str, str] | None = None
    """Given back."""
    text: TextConfig | None = None
    """Text only."""
    background: No | None = None
    """Not possible here."""
    conversation: None = None
    """Not kept."""
    prompt: None = None
    """Not kept."""
    top_logprobs: Zero | None = None
    """Not given."""

    def conversation_asked(self) -> Conversation | None:
        """The question and the turns before it."""
        return conversation_of(self._messages(), self.instructions, field="input")

    def options(self, turns: tuple[tuple[str, str], ...], thread_id: str | None) -> AskOptions:
        """As the agent takes them."""
        tool = self.tools[0] if self.tools else None
        sites = tool.filters.allowed_domains if tool and tool.filters else None
        size = tool.search_context_size if tool else None
        return AskOptions(
            search=self._search(),
            depth=DEPTHS[size or "medium"],
            sites=tuple(sites or ()),
            verify=self.verify,
            thread_id=thread_id,
            turns=turns,
        )

    def notes(self, answer_tokens: int) -> list[str]:
        """What is not done as it was asked, one sentence each."""
        return limit_notes(self.max_output_tokens, answer_tokens)

    def _search(self) -> SearchMode:
        if self.tool_choice == "none":
            return "never"
        return "auto" if self.tool_choice in (None, "auto") else "always"

    def _messages(self) -> Sequence[Message | None]:
        if isinstance(self.input, str):
            return [UserMessage(role="user", content=self.input)]
        return [None if isinstance(item, EarlierItem) else item for item in self.input]
