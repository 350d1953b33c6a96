"""Settings: environment `ASTERISM_…` (groups by `__`), then `.env`, then `asterism.toml`. Read once, by the caller.

This is the only place that looks at the environment. `.env.example` and the README's table are made from it.
"""

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from agent.errors import Misconfigured

TOML = "asterism.toml"
"""The settings file, in the folder the command is called in."""
PREFIX = "ASTERISM_"
"""All variables begin with it."""


def environment() -> Mapping[str, str]:
    """The variables of this process."""
    return os.environ  # noqa: TID251


def data_folder() -> Path:
    """The user's data folder for this program, after the XDG base directory rules."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"  # noqa: TID251
    return Path(base) / "asterism"


def harden_environment() -> None:
    """Switch off what would run code from a stored row, or send questions elsewhere.

    LangGraph's checkpoint reader builds any importable type from a row unless told to be strict (a forged row ran a
    shell command when it was loaded), and langchain-core sends traces away when a stray variable asks for it.
    """
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"  # noqa: TID251
    os.environ["LANGSMITH_TRACING"] = "false"  # noqa: TID251
    os.environ["LANGCHAIN_TRACING_V2"] = "false"  # noqa: TID251


class Group(BaseModel):
    """Base of a group: frozen, and an unknown name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class ModelSettings(Group):
    """Which model writes, and where it is served."""

    name: str = Field(default="embedded", min_length=1)
    """`embedded`, or the name the server serves."""
    base_url: str | None = Field(default=None)
    """OpenAI-compatible server, for example `http://127.0.0.1:8000/v1` (vLLM)."""
    profile: str = Field(default="auto")
    """Profile id; `auto` picks by served name and `/v1/models`."""
    api_key: SecretStr | None = Field(default=None)
    """Key of the server, if it wants one."""
    context_tokens: int | None = Field(default=None, ge=1024)
    """Window to use, in tokens; unset takes what the server or the profile says."""
    first_token_timeout_s: float = Field(default=30.0, gt=0)
    """Longest wait for the first token, in seconds."""
    next_token_timeout_s: float = Field(default=15.0, gt=0)
    """Longest wait between two tokens, in seconds."""
    fallback: Literal["embedded", "none"] = Field(default="embedded")
    """What writes when the server does not: the embedded model (with a warning), or nothing (an error)."""

    @property
    def left_out(self) -> str:
        """What to tell whoever names a server and no model of it; empty otherwise."""
        if not self.base_url or "name" in self.model_fields_set:
            return ""
        return (
            "A model server is set, and is not asked: set ASTERISM_MODEL__NAME to the name of a model that it serves,"
            " or to embedded."
        )


class SearchSettings(Group):
    """Who is asked."""

    providers: list[str] = Field(default=["duckduckgo", "library"], min_length=1)
    """Ordered list: the first that answers wins."""
    max_results: int = Field(default=10, ge=1, le=50)
    """Results asked for per query."""
    timeout_s: float = Field(default=6.0, gt=0)
    """Wall clock of one provider call, in seconds."""
    duckduckgo_url: str = Field(default="")
    """Stand-in for DuckDuckGo's address; empty is the real one."""
    searxng_url: str = Field(default="")
    """Address of your SearXNG, with `json` among its `search.formats`."""
    brave_api_key: SecretStr | None = Field(default=None)
    """Key of Brave Search."""
    brave_url: str = Field(default="https://api.search.brave.com")
    """Address of Brave Search."""
    brave_per_second: float = Field(default=1.0, gt=0)
    """Queries a second that your Brave plan allows."""
    serper_api_key: SecretStr | None = Field(default=None)
    """Key of Serper."""
    serper_url: str = Field(default="https://google.serper.dev")
    """Address of Serper."""
    tavily_api_key: SecretStr | None = Field(default=None)
    """Key of Tavily."""
    tavily_url: str = Field(default="https://api.tavily.com")
    """Address of Tavily."""
    proxy: SecretStr | None = Field(default=None)
    """HTTP proxy for asking providers; pages never go through it."""
    ca_file: str = Field(default="")
    """Extra certificate authority (PEM file) for providers behind such a proxy."""


class RankSettings(Group):
    """Who puts passages in order beside their words; nobody unless it is set."""

    rerank_url: str = Field(default="")
    """OpenAI-compatible server of a reranker (`/rerank`), for example `http://127.0.0.1:8001/v1` (vLLM)."""
    rerank_name: str = Field(default="")
    """Its served name."""
    embed_url: str = Field(default="")
    """OpenAI-compatible server of an embedding model (`/v1/embeddings`)."""
    embed_name: str = Field(default="")
    """Its served name."""
    api_key: SecretStr | None = Field(default=None)
    """Key of these servers, if they want one."""
    timeout_s: float = Field(default=2.0, gt=0)
    """Longest wait for each, in seconds; after it passages keep the order of their words."""
    candidates: int = Field(default=40, ge=2, le=64)
    """Passages they look at, the best by words."""


class FetchSettings(Group):
    """How pages are read."""

    allow_hosts: list[str] = Field(default=[])
    """`host:port` list that may be fetched although private (tests, intranet)."""
    max_pages: int = Field(default=6, ge=1, le=20)
    """Pages read per search round."""
    max_bytes: int = Field(default=5_000_000, ge=10_000)
    """Largest body, in bytes after decoding."""
    timeout_s: float = Field(default=8.0, gt=0)
    """Wall clock of one page, in seconds, from request to last byte."""
    max_redirects: int = Field(default=5, ge=0, le=10)
    """Redirects followed per page."""
    workers: int = Field(default=2, ge=1, le=16)
    """Processes that clean pages."""
    clean_timeout_s: float = Field(default=6.0, gt=0)
    """Wall clock of cleaning one page, in seconds; the worker is killed after it."""
    render: bool = Field(default=False)
    """Draw pages that are empty without JavaScript in a headless Chromium (extra `render`, and a Chromium)."""
    render_browser: str = Field(default="")
    """Path or name of that Chromium; empty takes the first one installed."""
    render_timeout_s: float = Field(default=6.0, gt=0)
    """Wall clock of drawing one page, in seconds."""
    user_agent: str = Field(default="Asterism/0.1 (answer engine)")
    """How we introduce ourselves; add a contact when you run this for others."""


class RunSettings(Group):
    """Limits of one run."""

    deadline_s: float = Field(default=60.0, gt=0)
    """Wall clock of one run, in seconds."""
    plan_timeout_s: float = Field(default=15.0, gt=0)
    """Longest wait for the decision to search, in seconds; after it your own words are searched."""
    search_timeout_s: float = Field(default=10.0, gt=0)
    """Longest wait for search results, in seconds."""
    read_timeout_s: float = Field(default=8.0, gt=0)
    """Longest wait for pages, in seconds; the run goes on with those it has."""
    passage_tokens: int = Field(default=1500, ge=200)
    """Tokens of passages shown to the model; fewer where its window is small."""
    answer_tokens: int = Field(default=800, ge=64)
    """Longest answer, in tokens."""
    verify: Literal["flag", "drop", "repair"] = Field(default="flag")
    """What becomes of claims that the pages do not support: shown with their verdict, taken out, or rewritten once."""
    repair_timeout_s: float = Field(default=8.0, gt=0)
    """Longest time for rewriting unsupported claims, in seconds; those not rewritten by then are taken out."""
    datamarking: bool = Field(default=False)
    """Mark every word of pages in the prompt as quoted; it costs a third of the room for them."""
    max_question_chars: int = Field(default=8000, ge=100)
    """Longest question, in characters."""


class VerifySettings(Group):
    """Who checks the claims of an answer, beside the rules that find plain differences."""

    layers: list[Literal["classifier", "cross_encoder", "model"]] = Field(default=["classifier"])
    """Whose judgements are taken together: the shipped classifier, a cross-encoder of yours, the model that writes."""
    cross_encoder: str = Field(default="")
    """Folder of a model of natural-language inference (`model.onnx`, `tokenizer.json`, `config.json`)."""
    timeout_s: float = Field(default=5.0, gt=0)
    """Longest time for cross-encoder and model together, in seconds; claims not judged by then keep the classifier's
    verdict."""
    threads: int = Field(default=1, ge=1, le=64)
    """CPU threads of the cross-encoder."""


class StoreSettings(Group):
    """Where threads and the library are kept."""

    url: str = Field(default="")
    """Threads, keys, library: `sqlite:///PATH` or `postgresql://…`; empty is SQLite in the user's data folder."""
    keep_days: int = Field(default=0, ge=0)
    """Threads that were not touched for this many days are deleted; 0 keeps them for ever."""


class CacheSettings(Group):
    """What replicas share while they run."""

    url: str = Field(default="memory://")
    """`memory://` for one process, or `redis://…` (Valkey too): shared limits, streams and cancels over replicas."""
    max_bytes: int = Field(default=32_000_000, ge=0)
    """Memory for searches and pages of one process, in bytes; 0 remembers none. Redis has its own `maxmemory`."""


class ServiceSettings(Group):
    """The HTTP service."""

    require_key: bool | None = Field(default=None)
    """Refuse requests without an API key; unset means no on loopback and yes on any other bind address."""
    max_runs: int = Field(default=64, ge=1)
    """Runs at the same time in one process; further ones wait."""
    max_queue: int = Field(default=128, ge=0)
    """Runs that may wait; further ones are refused with 429 at once."""
    queue_wait_s: float = Field(default=10.0, gt=0)
    """Longest wait for a place, in seconds; then 429."""
    key_rate: str = Field(default="120/minute", pattern=r"^[1-9][0-9]{0,8}/(second|minute|hour|day)$")
    """Questions that one API key may ask: `COUNT/second|minute|hour|day`."""
    key_runs: int = Field(default=16, ge=1)
    """Runs at the same time for one API key."""
    max_body_bytes: int = Field(default=1_000_000, ge=1024)
    """Largest request body, in bytes."""
    max_json_depth: int = Field(default=32, ge=4)
    """Deepest nesting of a JSON body."""
    heartbeat_s: float = Field(default=10.0, gt=0)
    """Seconds of silence after which a stream sends a comment."""
    leave_grace_s: float = Field(default=0.5, ge=0)
    """Seconds after the last listener left until a run is cancelled."""
    drain_s: float = Field(default=25.0, ge=0)
    """Seconds that running answers get after SIGTERM; then they end as interrupted."""
    allowed_hosts: list[str] = Field(default=[])
    """Further names under which a service without keys may be addressed, beside those of loopback."""
    cors_origins: list[str] = Field(default=[])
    """Web origins whose pages may call the API; none by default."""
    share: bool = Field(default=False)
    """Let users of the chat UI make links that show one thread, read-only, to whoever has them, without a key."""
    log_format: Literal["json", "text"] = Field(default="json")
    """Form of the log lines on standard error."""
    log_questions: bool = Field(default=False)
    """Write the text of questions into the log."""
    trace_url: str = Field(default="")
    """OpenTelemetry collector (OTLP over HTTP) that gets a trace of each run, e.g. `http://127.0.0.1:4318`."""


class EvalSettings(Group):
    """Where evaluation finds what this project does not ship."""

    data_dir: str = Field(default="")
    """Folder of the evaluation data, one subfolder a data set (see `eval/README.md`)."""


class TomlFile(TomlConfigSettingsSource):
    """The settings file. What it calls by a wrong name is told as it stands there: it knows no variables."""

    def __call__(self) -> dict[str, Any]:
        """The tables by group.

        Raises:
            Misconfigured: when a group is no table, or a table holds what is no setting.
        """
        wrong = [told for name, table in self.toml_data.items() for told in _wrong_in(name, table)]
        if wrong:
            raise Misconfigured(" ".join(wrong))
        return super().__call__()


def _wrong_in(name: str, table: Any) -> Iterator[str]:
    """What is wrong with a table of the file; one of no group is told by whoever knows them all."""
    group = Settings.model_fields.get(name)
    if group is None:
        return
    if not isinstance(table, dict):
        yield f"The file {TOML} has {name!r} as a value, which is a group of settings: write [{name}]."
        return
    known = list(type(group.default).model_fields)
    for key in table:
        if key not in known:
            meant = get_close_matches(key.lower(), known, n=1)
            hint = f"did you mean {meant[0]!r}?" if meant else f"there are {', '.join(known)}."
            yield f"The file {TOML} has {key!r} in [{name}], which is no setting; {hint}"


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        toml_file=TOML,
        extra="ignore",
        frozen=True,
    )

    model: ModelSettings = ModelSettings()
    search: SearchSettings = SearchSettings()
    rank: RankSettings = RankSettings()
    fetch: FetchSettings = FetchSettings()
    run: RunSettings = RunSettings()
    verify: VerifySettings = VerifySettings()
    store: StoreSettings = StoreSettings()
    cache: CacheSettings = CacheSettings()
    service: ServiceSettings = ServiceSettings()
    eval: EvalSettings = EvalSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags win, then the environment, `.env`, and the file."""
        return init_settings, env_settings, dotenv_settings, TomlFile(settings_cls)

    def store_path(self) -> Path:
        """The SQLite file that `store.url` names."""
        if self.store.url.startswith("sqlite:///"):
            return Path(self.store.url.removeprefix("sqlite:///"))
        return data_folder() / "asterism.db"

    def local_library_path(self) -> Path:
        """The library's index file, beside the store."""
        return self.store_path().with_name("library.db")
