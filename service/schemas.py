"""Wire types of the REST API. Answer, events and problems are the agent's own shapes."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.answer import Answer, AttachmentNote
from agent.events import Problem
from agent.options import AskOptions, Depth, SearchMode, VerifyPolicy
from agent.records import RunRecord, RunStatus, Thread, ThreadHead
from model_backend.attachments import MOST_FILES
from service.content_parts import EXAMPLE_PICTURE, AudioPart, ImagePart, files_of
from tools.search import Recency

THREAD_ID = r"^thread_[0-9a-f]{32}$"
RUN_ID = r"^run_[0-9a-f]{32}$"
READABLE = r"^[^\x00]*[\p{L}\p{N}\p{S}\p{P}][^\x00]*$"
"""At least one letter, digit, sign or punctuation mark, and no NUL (which PostgreSQL cannot keep)."""
MAX_SITES = 20
MAX_TITLE_CHARS = 120
HOST = r"^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$"


class Wire(BaseModel):
    """Base: frozen, documented by the text under each field, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class AskRequest(Wire):
    """A question."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "When was the Port Ansley observatory founded?"},
                {"question": "蓝坪县的茶叶年产量是多少？", "depth": "quick", "stream": True},
                {"question": "Which lighthouse is this?", "attachments": [EXAMPLE_PICTURE]},
            ]
        }
    )

    question: str = Field(min_length=1, max_length=8000, pattern=READABLE)
    """What you want to know."""
    thread_id: str | None = Field(default=None, pattern=THREAD_ID)
    """The conversation to go on with; without it a new one starts."""
    search: SearchMode = "auto"
    """Search the web: let the model decide, always, or never."""
    depth: Depth = "standard"
    """How many rounds of searching, and how wide."""
    replaces: str | None = Field(default=None, pattern=RUN_ID)
    """The run of the same thread whose place this one takes: asked again, or in other words."""
    sites: list[str] = Field(default_factory=list, max_length=MAX_SITES)
    """Only these hosts."""
    recency: Recency | None = None
    """Only pages of the last day, week, month or year."""
    language: Literal["en", "zh"] | None = None
    """Language of the answer; without it the question's own."""
    verify: VerifyPolicy | None = None
    """Sentences that the pages do not support: shown with a flag, dropped, or repaired; without it as it is set."""
    stream: bool = False
    """Send the events as they come instead of the answer at the end."""
    background: bool = False
    """Go on when the client leaves; take the stream up again at `/runs/{id}/events`."""
    attachments: list[Annotated[ImagePart | AudioPart, Field(discriminator="type")]] = Field(
        default_factory=list, max_length=MOST_FILES
    )
    """Pictures (`image_url` with a data: URL) and recordings (`input_audio` in base64) that belong to the question, for
    models that see or hear. What they show and say becomes part of the question."""

    def options(self) -> AskOptions:
        """As the agent takes them.

        Raises:
            AttachmentRefused: when an attachment is an address, or no picture or recording.
        """
        return AskOptions(
            search=self.search,
            depth=self.depth,
            sites=tuple(self.sites),
            recency=self.recency,
            language=self.language,
            verify=self.verify,
            thread_id=self.thread_id,
            replaces=self.replaces,
            attachments=files_of(self.attachments),
        )


class RunView(Wire):
    """One run, which is one turn of its thread."""

    run_id: str
    """The run."""
    thread_id: str
    """Its conversation."""
    question: str
    """The user's words."""
    attachments: list[AttachmentNote]
    """What came with it: a note of each file, which itself is not kept."""
    status: RunStatus
    """`interrupted`: the server stopped in the middle of it; `POST /runs/{id}/resume` goes on."""
    answer: Answer | None
    """Whole, and only when the run was completed."""
    problem: Problem | None
    """Why there is none, when the run failed."""
    started_at: datetime
    """When it was asked (UTC)."""
    ended_at: datetime | None
    """When it ended (UTC)."""

    @staticmethod
    def of(run: RunRecord) -> "RunView":
        """From the store."""
        return RunView(
            run_id=run.id,
            thread_id=run.thread_id,
            question=run.question,
            attachments=run.answer.attachments if run.answer else list(run.options.attached),
            status=run.status,
            answer=run.answer,
            problem=run.problem,
            started_at=_time(run.started_at),
            ended_at=_time(run.ended_at) if run.ended_at is not None else None,
        )


class ThreadView(Wire):
    """A thread as lists show it."""

    id: str
    """Its id."""
    title: str
    """Its first question, until it is renamed."""
    created_at: datetime
    """When it began (UTC)."""
    updated_at: datetime
    """When something last happened in it (UTC)."""
    turns: int
    """How many questions were asked in it."""

    @staticmethod
    def of(head: ThreadHead) -> "ThreadView":
        """From the store."""
        return ThreadView(
            id=head.id,
            title=head.title,
            created_at=_time(head.created_at),
            updated_at=_time(head.updated_at),
            turns=head.turns,
        )


class ThreadList(Wire):
    """A page of threads, the one touched last first."""

    threads: list[ThreadView]
    """The page."""
    next: str | None
    """Give it as `cursor` to get the next page; null on the last one."""


class ThreadWhole(ThreadView):
    """A thread with everything in it."""

    runs: list[RunView]
    """Its turns, oldest first."""

    @staticmethod
    def whole(thread: Thread) -> "ThreadWhole":
        """From the store."""
        head = ThreadView.of(thread.head)
        return ThreadWhole(**head.model_dump(), runs=[RunView.of(run) for run in thread.runs])


class ThreadChange(Wire):
    """What may be changed of a thread."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Observatories"}]})

    title: str = Field(min_length=1, max_length=MAX_TITLE_CHARS, pattern=READABLE)
    """The new title."""


class Health(Wire):
    """Whether the process lives."""

    status: Literal["ok"] = "ok"
    """Always ok: a process that does not live says nothing."""
    version: str
    """The version that runs."""


class Readiness(Wire):
    """Whether questions can be answered, and what is degraded."""

    status: Literal["ready", "degraded", "not ready"]
    """`degraded`: answers come, with something missing."""
    parts: dict[str, str]
    """Each part: `ok`, or what is wrong with it."""


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
