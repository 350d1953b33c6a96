"""The body of `POST /v1/chat/completions`: what OpenAI and Perplexity name, as options of a question."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from agent.options import AskOptions, Depth, VerifyPolicy
from service.content_parts import Lenient
from service.openai_api.fields import AtLeastOne, No, Nothing, One, Zero
from service.openai_api.messages import Conversation, Message, conversation_of
from service.schemas import HOST, MAX_SITES
from tools.search import Recency

Host = Annotated[str, Field(pattern=HOST, max_length=253)]
"""A host name; 253 is the longest that DNS has."""
ContextSize = Literal["low", "medium", "high"]
DEPTHS: dict[ContextSize, Depth] = {"low": "quick", "medium": "standard", "high": "deep"}
HAS_USER: JsonDict = {
    "contains": {
        "type": "object",
        # An item of another type is none, whatever role it claims.
        "properties": {"role": {"const": "user"}, "type": {"const": "message"}},
        "required": ["role"],
    }
}
"""Says in the schema that somebody must have asked something."""


class StreamOptions(Lenient):
    """How to stream."""

    include_usage: bool | None = None
    """Send a last chunk with the tokens used."""


class WebSearchOptions(Lenient):
    """How to search."""

    search_context_size: ContextSize | None = None
    """How wide: low, medium, high are the depths quick, standard, deep."""


class TextFormat(Lenient):
    """The form of the answer."""

    type: Literal["text"]
    """Only text."""


class ChatRequest(Lenient):
    """A conversation whose last user message is the question. Fields not named here are ignored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"model": "asterism", "messages": [{"role": "user", "content": "Who built the Kestrel tower?"}]}
            ]
        }
    )

    model: str
    """`asterism`, or the name of the configured model."""
    messages: list[Message] = Field(min_length=1, json_schema_extra=HAS_USER)
    """The conversation, oldest first; nothing of it is kept on the server."""
    stream: bool | None = None
    """Send chunks as they come."""
    stream_options: StreamOptions | None = None
    """How to stream."""
    store: bool | None = None
    """Keep the question and its answer among the threads; without it they are deleted when the answer is sent."""
    max_tokens: AtLeastOne | None = None
    """Accepted, not enforced: the service has its own longest answer."""
    max_completion_tokens: AtLeastOne | None = None
    """As `max_tokens`."""
    search_recency_filter: Literal["hour", "day", "week", "month", "year"] | None = None
    """Only pages of that time; an hour counts as a day."""
    search_domain_filter: Annotated[list[Host], Field(max_length=MAX_SITES)] | None = None
    """Only these hosts."""
    return_related_questions: bool | None = None
    """Give `related_questions`."""
    web_search_options: WebSearchOptions | None = None
    """How to search."""
    disable_search: bool | None = None
    """Answer without searching."""
    verify: VerifyPolicy | None = None
    """Of this service: flag, drop or repair sentences that the pages do not support."""
    n: One | None = None
    """One answer."""
    best_of: One | None = None
    """One answer."""
    tools: Nothing | None = None
    """None can be called."""
    tool_choice: Literal["none", "auto"] | None = None
    """There is nothing to choose."""
    functions: Nothing | None = None
    """None can be called."""
    function_call: Literal["none", "auto"] | None = None
    """There is nothing to call."""
    logprobs: No | None = None
    """Not given."""
    top_logprobs: Zero | None = None
    """Not given."""
    logit_bias: Annotated[dict[str, Any], Field(max_length=0)] | None = None
    """Not possible."""
    audio: None = None
    """Not given."""
    modalities: list[Literal["text"]] | None = None
    """Text only."""
    response_format: TextFormat | None = None
    """Text only."""
    stop: Nothing | None = None
    """Not possible."""
    return_images: No | None = None
    """Not given."""
    search_mode: Literal["web"] | None = None
    """The web only."""
    search_after_date_filter: None = None
    """Not possible."""
    search_before_date_filter: None = None
    """Not possible."""
    last_updated_after_filter: None = None
    """Not possible."""
    last_updated_before_filter: None = None
    """Not possible."""

    def conversation_asked(self) -> Conversation | None:
        """The question and the turns before it."""
        return conversation_of(self.messages)

    def options(self, turns: tuple[tuple[str, str], ...]) -> AskOptions:
        """As the agent takes them."""
        size = self.web_search_options.search_context_size if self.web_search_options else None
        return AskOptions(
            search="never" if self.disable_search else "auto",
            depth=DEPTHS[size or "medium"],
            sites=tuple(self.search_domain_filter or ()),
            recency=recency_of(self.search_recency_filter),
            verify=self.verify,
            turns=turns,
        )

    def notes(self, answer_tokens: int) -> list[str]:
        """What is not done as it was asked, one sentence each."""
        limit = self.max_completion_tokens or self.max_tokens
        return [
            *(["The shortest time that can be searched is a day."] if self.search_recency_filter == "hour" else []),
            *limit_notes(limit, answer_tokens),
        ]


def recency_of(named: str | None) -> Recency | None:
    """Perplexity's word for a time, as ours."""
    words: dict[str, Recency] = {"hour": "day", "day": "day", "week": "week", "month": "month", "year": "year"}
    return words[named] if named else None


def limit_notes(limit: int | None, answer_tokens: int) -> list[str]:
    """Said when the caller wants less than the service's own longest answer."""
    if limit is None or limit >= answer_tokens:
        return []
    return [f"The limit of {limit} tokens was not applied; answers have {answer_tokens} at most."]
