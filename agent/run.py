"""The door in: `Agent.stream()` tells a run as events, `Agent.ask()` gives back its answer.

A run has one deadline, owns every task it starts, and ends with exactly one terminal event.
"""

import logging
import secrets
import time
import unicodedata
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, cast

from agent.answer import Answer, Citation, Claim, PageSeen, SearchDone, Source, TokenUsage
from agent.context import Context, Deadline
from agent.errors import InvalidQuestion
from agent.events import Event, EventBase, RunCompleted, RunFailed, RunStarted
from agent.find import Searcher, SearchScope
from agent.graph import RunGraph
from agent.ground import groundedness
from agent.options import EFFORTS, AskOptions
from agent.problems import problem_of
from agent.read import PageDesk, Reader
from agent.scout import Scout
from agent.settings import Settings
from agent.state import Plain, State, Update
from agent.threads import Threads
from model_backend import ChatModel
from model_backend.rules import is_abstention
from tools.text.words import is_chinese

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What all runs share. Opened and closed by `agent.build`."""

    model: ChatModel
    fallback: ChatModel | None
    searcher: Searcher
    reader: Reader
    settings: Settings


class Agent:
    """Answers questions; safe for many runs at once."""

    def __init__(self, services: Services, graph: RunGraph, threads: Threads) -> None:
        self._services = services
        self._graph = graph
        self.threads = threads

    async def ask(self, question: str, options: AskOptions | None = None) -> Answer:
        """Run to the end.

        Raises:
            AgentError, SearchError, ModelError, ToolError: when there is no answer.
        """
        async with aclosing(self._run(question, options or AskOptions())) as events:
            async for event in events:
                if isinstance(event, RunCompleted):
                    return event.answer
        raise RuntimeError("a run ended without a terminal event")

    async def stream(self, question: str, options: AskOptions | None = None) -> AsyncGenerator[Event]:
        """Tell a run as it goes; errors become `run.failed`. Closing the generator cancels the run."""
        seq = 0
        run_id = ""
        try:
            async with aclosing(self._run(question, options or AskOptions())) as events:
                async for event in events:
                    seq, run_id = event.seq, event.run_id
                    yield event
        except Exception as error:
            # An outer door: nothing may leave it without a terminal event.
            problem = problem_of(error)
            if problem.code == "internal":
                log.exception("run %s broke", run_id)
            yield RunFailed(run_id=run_id or new_id("run"), seq=seq + 1, problem=problem)

    async def _run(self, question: str, options: AskOptions) -> AsyncGenerator[Event]:
        started = time.monotonic()
        run_id = new_id("run")
        check_question(question, self._services.settings.run.max_question_chars)
        thread_id = await self.threads.require(options.thread_id) if options.thread_id else new_id("thread")
        numbering = _Numbering(run_id)
        yield numbering.put(RunStarted(thread_id=thread_id, question=question, model=self._services.model.name))
        language = options.language or ("zh" if is_chinese(question) else "en")
        timings = _Timings()
        final: Plain = dict(fresh_state(question, language))
        async with AsyncExitStack() as stack:
            context = await self._open_context(stack, options, started, language)
            parts = self._graph.astream(
                fresh_state(question, language),
                {"configurable": {"thread_id": thread_id}},
                context=context,
                stream_mode=["custom", "updates"],
                version="v2",
                durability="exit",
            )
            stack.push_async_callback(cast(AsyncGenerator[Any], parts).aclose)
            async for part in parts:
                if part["type"] == "custom":
                    yield numbering.put(part["data"])
                elif part["type"] == "updates":
                    for node, update in part["data"].items():
                        timings.ended(node)
                        final |= update or {}
        answer = assemble(run_id, thread_id, final, timings.report(started), question)
        yield numbering.put(RunCompleted(answer=answer))

    async def _open_context(self, stack: AsyncExitStack, options: AskOptions, started: float, language: str) -> Context:
        """The run's own collaborators; the stack closes them, whatever happens."""
        services, settings = self._services, self._services.settings
        scope = SearchScope(
            max_results=settings.search.max_results, sites=options.sites, recency=options.recency, language=language
        )
        desk = PageDesk(services.reader)
        stack.push_async_callback(desk.aclose)
        scout = Scout(
            services.searcher,
            desk,
            scope,
            pages=settings.fetch.max_pages,
            timeout_s=settings.run.search_timeout_s,
        )
        stack.push_async_callback(scout.aclose)
        return Context(
            model=services.model,
            fallback=services.fallback,
            searcher=services.searcher,
            desk=desk,
            scout=scout,
            scope=scope,
            options=options,
            limits=settings.run,
            max_pages=settings.fetch.max_pages,
            deadline=Deadline(ends_at=started + settings.run.deadline_s),
            today=datetime.now(UTC).date().isoformat(),
            boundary=f"=== {secrets.token_hex(8)} ===",
            effort=EFFORTS[options.depth],
        )


@dataclass(slots=True)
class _Numbering:
    """Gives each event the run and a rising number."""

    run_id: str
    seq: int = 0

    def put(self, event: EventBase) -> Any:
        self.seq += 1
        return event.model_copy(update={"run_id": self.run_id, "seq": self.seq})


@dataclass(slots=True)
class _Timings:
    """Wall time per node: nodes follow one another, so each lasts from the end of the one before."""

    last: float = field(default_factory=time.monotonic)
    spent_ms: dict[str, float] = field(default_factory=dict)

    def ended(self, node: str) -> None:
        now = time.monotonic()
        self.spent_ms[node] = self.spent_ms.get(node, 0.0) + (now - self.last) * 1000
        self.last = now

    def report(self, started: float) -> dict[str, int]:
        total = (time.monotonic() - started) * 1000
        return {node: round(ms) for node, ms in {**self.spent_ms, "total": total}.items()}


def new_id(kind: str) -> str:
    """A new identifier, `run_…` or `thread_…`: 32 random hexadecimal digits."""
    return f"{kind}_{uuid.uuid4().hex}"


def check_question(question: str, max_chars: int) -> None:
    """Refuse what cannot be a question.

    Raises:
        InvalidQuestion: when it is empty, too long, or holds no readable character.
    """
    if len(question) > max_chars:
        raise InvalidQuestion(
            f"The question has {len(question):,} characters; {max_chars:,} are allowed.",
            remedy="Shorten it, or raise ASTERISM_RUN__MAX_QUESTION_CHARS.",
        )
    if not any(unicodedata.category(char)[0] in "LNSP" for char in question):
        raise InvalidQuestion("The question is empty.", remedy="Write what you want to know.")


def fresh_state(question: str, language: str) -> Update:
    """Every field of a new turn, so that nothing of the turn before it is left; the turns themselves stay."""
    state = State(question=question, language=language)
    return cast(Update, {f.name: getattr(state, f.name) for f in fields(state) if f.name != "turns"})


def assemble(run_id: str, thread_id: str, state: Mapping[str, Any], timings: dict[str, int], question: str) -> Answer:
    """The answer out of a run's last state."""
    claims = [Claim.model_validate(claim) for claim in state["claims"]]
    return Answer(
        run_id=run_id,
        thread_id=thread_id,
        question=question,
        answer=state["answer"],
        abstained=is_abstention(state["answer"]),
        language=state["language"],
        citations=[Citation.model_validate(citation) for citation in state["citations"]],
        sources=[Source.model_validate(source) for source in state["sources"]],
        claims=claims,
        searches=[SearchDone.model_validate(search) for search in state["searches"]],
        pages=[PageSeen.model_validate(page) for page in state["pages"]],
        groundedness=groundedness(claims),
        model=state["model"],
        profile=state["profile"],
        usage=TokenUsage(input_tokens=state["input_tokens"], output_tokens=state["output_tokens"]),
        timings=timings,
        warnings=list(state["warnings"]),
    )
