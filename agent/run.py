"""The door in: `Agent.stream()` tells a run as events, `Agent.ask()` gives back its answer.

A run has one deadline, owns every task it starts, and ends with exactly one terminal event.
"""

import asyncio
import importlib
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from agent.answer import Answer
from agent.asked import Asked, check_question, fresh_state, given_turns, new_id
from agent.context import Context, Deadline
from agent.events import (
    AnswerDelta,
    Event,
    EventBase,
    PassagesSelected,
    RelatedSuggested,
    RunCompleted,
    RunStarted,
    Tell,
)
from agent.find import Searcher, SearchScope
from agent.options import EFFORTS, AskOptions
from agent.outcome import Timings, assemble
from agent.problems import problem_of
from agent.read import PageDesk, Reader, reader_for
from agent.records import LOCAL
from agent.related import suggest
from agent.scout import Scout
from agent.services import Services
from agent.spans import Span
from agent.state import Plain
from agent.telling import Channel, Numbering, told
from agent.threads import Threads
from agent.traced import TracedReader, traced
from model_backend import ChatModel
from model_backend.attachments import check_files
from tools.freshness import max_age_s
from tools.text.words import is_chinese

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from agent.graph import RunGraph


class Agent:
    """Answers questions; safe for many runs at once."""

    def __init__(self, services: Services, threads: Threads) -> None:
        self._services = services
        self._graph: RunGraph | None = None
        self._building = asyncio.Lock()
        self.threads = threads

    async def prepare(self) -> None:
        """Load and wire the graph now, and not with the first run (a service does this before it takes questions)."""
        await self._ready_graph()

    async def _ready_graph(self) -> "RunGraph":
        async with self._building:
            if self._graph is None:
                await self._services.warm_up()
                # In a thread: the import takes most of a second, in which the loop has other things to do.
                graph = await asyncio.to_thread(importlib.import_module, "agent.graph")
                states = self.threads.states
                self._graph = graph.build_graph(await states.saver() if states else None)
            return self._graph

    @property
    def model(self) -> ChatModel:
        """Who decides and writes."""
        return self._services.model

    @property
    def searcher(self) -> Searcher:
        """Who searches."""
        return self._services.searcher

    @property
    def reader(self) -> Reader:
        """Who reads pages, through the guarded fetcher."""
        return self._services.reader

    async def ask(self, question: str, options: AskOptions | None = None, *, owner: str = LOCAL) -> Answer:
        """Run to the end.

        Raises:
            AgentError, SearchError, ModelError, ToolError: when there is no answer.
        """
        answer = None
        async with aclosing(self._run(new_id("run"), question, options or AskOptions(), owner)) as events:
            # To the end: a run that is left at its last event counts as cancelled, and the store is asked once more.
            async for event in events:
                if isinstance(event, RunCompleted):
                    answer = event.answer
        if answer is None:
            raise RuntimeError("a run ended without a terminal event")
        return answer

    async def stream(
        self, question: str, options: AskOptions | None = None, *, owner: str = LOCAL, run_id: str = ""
    ) -> AsyncGenerator[Event]:
        """Tell a run as it goes; errors become `run.failed`. Closing the generator cancels the run.

        `run_id` is for callers that must know it beforehand (made by `new_id`).
        """
        run_id = run_id or new_id("run")
        async with aclosing(told(run_id, self._run(run_id, question, options or AskOptions(), owner))) as events:
            async for event in events:
                yield event

    async def resume(self, run_id: str, *, owner: str = LOCAL, after_seq: int = 0) -> AsyncGenerator[Event]:
        """Go on with a run that was interrupted, from the last step that was stored; events count on from `after_seq`.

        That it cannot be resumed is told as `run.failed`, like every error.
        """
        async with aclosing(told(run_id, self._resume(run_id, owner, after_seq), after_seq)) as events:
            async for event in events:
                yield event

    async def _run(self, run_id: str, question: str, options: AskOptions, owner: str) -> AsyncGenerator[Event]:
        started = time.monotonic()
        check_question(question, self._services.settings.run.max_question_chars)
        await check_files(self.model, options.attachments)
        opened = await self.threads.begin(run_id, new_id("thread"), question, options, owner)
        turns = [*given_turns(options), *opened.turns]
        work = Asked(run_id, opened.thread_id, question, options, turns, started)
        async with self._accounted(run_id) as span, aclosing(self._tell(work, span)) as events:
            async for event in events:
                yield event

    async def _resume(self, run_id: str, owner: str, after_seq: int) -> AsyncGenerator[Event]:
        started = time.monotonic()
        run, earlier = await self.threads.take_over(run_id, owner)
        turns = [*given_turns(run.options), *earlier]
        work = Asked(run_id, run.thread_id, run.question, run.options, turns, started, after_seq, resumed=True)
        async with self._accounted(run_id) as span, aclosing(self._tell(work, span)) as events:
            async for event in events:
                yield event

    @asynccontextmanager
    async def _accounted(self, run_id: str) -> AsyncIterator[Span]:
        """However a run ends, the store says how, and so does its trace."""
        with self._services.spans.run(run_id) as span:
            try:
                yield span
            except Exception as error:
                await self.threads.end(run_id, "failed", problem_of(error))
                raise
            except BaseException:
                # Cancelled, or its events are no longer wanted.
                await self.threads.end(run_id, "cancelled")
                raise

    async def _tell(self, work: Asked, span: Span) -> AsyncGenerator[Event]:
        numbering = Numbering(work.run_id, work.after_seq)
        yield numbering.put(
            RunStarted(thread_id=work.thread_id, question=work.question, model=self._services.model.name)
        )
        language = work.options.language or ("zh" if is_chinese(work.question) else "en")
        timings = Timings()
        graph = await self._ready_graph()
        from agent.resume import Start, pick_up

        config: RunnableConfig = {"configurable": {"thread_id": work.run_id}}
        async with AsyncExitStack() as stack:
            channel = Channel()
            context = await self._open_context(stack, work, language, channel.tell, span)
            warning = self._services.settings.model.left_out
            fresh = fresh_state(work.question, language, work.turns, warning=warning)
            start = await pick_up(graph, config, context, fresh) if work.resumed else Start(fresh, dict(fresh))
            if start.answer:
                # Whoever hears this part only must hear the whole answer.
                yield numbering.put(AnswerDelta(text=start.answer))
            final = start.state
            steps = graph.astream(
                start.input,
                config,
                context=context,
                stream_mode="updates",
                version="v2",
                # Stored after each node, beside the next one, so that a run that is cut off can be resumed.
                durability="async" if graph.checkpointer else None,
            )
            items = await stack.enter_async_context(aclosing(channel.along(cast(AsyncGenerator[Plain], steps))))
            related: list[str] = []
            async for item in items:
                if isinstance(item, EventBase):
                    if isinstance(item, PassagesSelected):
                        # While the model writes its first word, and long before its last.
                        related = suggest(work.question, list(context.desk.pages.values()), language)
                    yield numbering.put(item)
                else:
                    for node, update in item["data"].items():
                        timings.ended(node)
                        final |= update or {}
        answer = assemble(work.run_id, work.thread_id, final, timings.report(work.started), work.question)
        span.note({"asterism.abstained": answer.abstained, "asterism.claims": len(answer.claims)})
        if related and not answer.abstained:
            answer = answer.model_copy(update={"related": related})
            yield numbering.put(RelatedSuggested(related=related))
        await self.threads.complete(answer)
        yield numbering.put(RunCompleted(answer=answer))

    async def _open_context(self, stack: AsyncExitStack, work: Asked, language: str, tell: Tell, span: Span) -> Context:
        """The run's own collaborators; the stack closes them, whatever happens."""
        services, settings, options = traced(self._services), self._services.settings, work.options
        scope = SearchScope(
            max_results=settings.search.max_results, sites=options.sites, recency=options.recency, language=language
        )
        reader = reader_for(services.reader, max_age_s(work.question, options.recency))
        desk = PageDesk(TracedReader(reader, services.spans))
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
            reordering=services.reordering,
            scope=scope,
            options=options,
            limits=settings.run,
            layers=services.layers,
            checks=settings.verify,
            max_pages=settings.fetch.max_pages,
            deadline=Deadline(ends_at=work.started + settings.run.deadline_s),
            today=datetime.now(UTC).date().isoformat(),
            boundary=f"=== {secrets.token_hex(8)} ===",
            effort=EFFORTS[options.depth],
            tell=tell,
            spans=services.spans,
            span=span,
        )
