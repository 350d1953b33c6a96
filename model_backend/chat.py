"""The one protocol every model speaks here: messages and tools in, a stream of deltas out."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Role = Literal["system", "user", "assistant", "tool", "observation"]
"""`observation` carries a tool result to models of the Megrez family; callers write `tool`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A call the model made."""

    id: str
    name: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A picture or a recording that belongs to a message."""

    kind: Literal["image", "audio"]
    media_type: str
    """For example `image/png` or `audio/wav`."""
    data: bytes = field(repr=False)
    """The file itself: never an address, nothing is fetched for a model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; `content` is always a string, since stock chat templates crash on null."""

    role: Role
    content: str
    attachments: tuple[Attachment, ...] = ()
    """What a user message shows or plays beside its words; models without that sense refuse it."""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSpec:
    """A function the model may call; `parameters` is a JSON schema."""

    name: str
    description: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A numbered source as the answer prompt shows it."""

    number: int
    """The n of `[n]`, 1-based."""
    title: str
    url: str
    site: str
    published: str | None
    text: str
    """Its passages, best first within the page, separated by a blank line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One earlier question and its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What the messages say, as data.

    A language model reads the messages and never sees this. A model that does not read prompts (`embedded`, or a
    server that takes documents as a field) works from it instead. It holds nothing that the messages do not hold.
    """

    question: str
    """The user's words, unchanged."""
    turns: tuple[Turn, ...] = ()
    """Earlier turns of the thread, oldest first."""
    documents: tuple[Document, ...] = ()
    """The numbered sources of an answering call, best first."""
    searched: bool = False
    """Whether a search was made for this question (an empty `documents` then means that nothing was found)."""
    language: str = "en"
    """Language to answer in: `en` or `zh`."""
    today: str = ""
    """ISO date; empty where the messages do not tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """One call of a model."""

    messages: tuple[Message, ...]
    brief: Brief
    tools: tuple[ToolSpec, ...] = ()
    """Functions on offer; empty on the last call of a run, so that an answer always comes."""
    max_tokens: int = 1024
    temperature: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one call, as the server counted them (or our estimate)."""

    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of visible text."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCalled:
    """A complete tool call."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class Noted:
    """Something the user should be warned of, such as a server that cannot do what was asked of it."""

    text: str
    """One sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The end of a stream; always the last delta."""

    reason: Literal["stop", "length", "tool_calls"] = "stop"
    usage: Usage = field(default_factory=Usage)


Delta = TextDelta | ToolCalled | Noted | Finished


class ChatModel(Protocol):
    """A model that streams; implementations are safe for concurrent calls."""

    @property
    def name(self) -> str:
        """What the answer reports as `model`."""

    @property
    def profile(self) -> str:
        """What the answer reports as `profile`."""

    @property
    def context_tokens(self) -> int:
        """Prompt and output together must fit in this many tokens."""

    def count_tokens(self, text: str) -> int:
        """Tokens of `text`: exact where a tokenizer is at hand, otherwise an estimate that errs high."""

    def stream(self, request: ChatRequest) -> AsyncIterator[Delta]:
        """Answer one request.

        Closing the iterator stops generation on the server.

        Raises:
            ModelError: when the server cannot be reached, stalls, refuses or talks nonsense.
        """

    async def aclose(self) -> None:
        """Give back connections."""
