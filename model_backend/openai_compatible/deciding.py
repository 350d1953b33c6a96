"""A deciding call: functions are on offer, and the ladder is gone down until a usable decision comes."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from model_backend import rules
from model_backend.chat import ChatRequest, Delta, Finished, Noted, TextDelta, ToolCall, ToolCalled, Usage
from model_backend.errors import MalformedReply
from model_backend.openai_compatible import faults
from model_backend.openai_compatible.exchange import Exchange, Manner
from model_backend.openai_compatible.server import Server
from model_backend.profiles import Rung

ASKED_IN_BODY: frozenset[Rung] = frozenset({"native", "json_schema"})
"""Ways that use a field of the request which a server may not know, or break on."""


@dataclass
class _Outcome:
    """What one way brought."""

    text: list[str] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    end: Finished = field(default_factory=Finished)
    failed: bool = False
    refused: bool = False
    declined: bool = False


async def decide_on(server: Server, manner: Manner, request: ChatRequest) -> AsyncGenerator[Delta, None]:
    """The model's decision, or that of the rules when the model gives none.

    Raises:
        ModelError: as `ChatModel.stream` says; `MalformedReply` only where a single way was allowed.
    """
    ladder = server.ladder
    rung = ladder.current
    silent: list[Rung] = []
    usage = Usage()
    while rung != "rules":
        outcome = _Outcome()
        async with aclosing(_try(server, manner, rung, request, outcome)) as deltas:
            async for delta in deltas:
                yield delta
        usage = _sum(usage, outcome.end.usage)
        lower = ladder.below(rung)
        if outcome.calls:
            ladder.worked(rung)
            for earlier in silent:
                # It kept silent where another way brought a call to the same question.
                note = ladder.failed(earlier)
                if note:
                    yield Noted(note)
        elif outcome.refused or outcome.failed:
            note = ladder.give_up(rung) if outcome.refused else ladder.failed(rung)
            if note:
                yield Noted(note)
            if lower is None:
                raise MalformedReply(
                    "The model sent a call that cannot be read and nothing else.",
                    remedy="Ask again; if it stays so, choose a model with function calling.",
                )
            rung = lower
            continue
        elif lower not in (None, "rules") and _doubtful(server, rung, outcome, request):
            silent.append(rung)
            rung = lower or rung
            continue
        else:
            # Two ways that agree that nothing is to be searched are believed from now on.
            for believed in [*silent, rung]:
                ladder.worked(believed)
        for text in outcome.text:
            yield TextDelta(text)
        for call in outcome.calls:
            yield ToolCalled(call)
        yield Finished(reason="tool_calls" if outcome.calls else outcome.end.reason, usage=usage)
        return
    for delta in by_rules(request, usage):
        yield delta


async def _try(
    server: Server, manner: Manner, rung: Rung, request: ChatRequest, outcome: _Outcome
) -> AsyncGenerator[Delta, None]:
    """One way. Text passes at once where calls came that way before, and waits for the outcome elsewhere."""
    exchange = Exchange(server, manner, rung)
    proven = server.ladder.is_proven(rung)
    try:
        async with aclosing(exchange.stream(request)) as deltas:
            async for delta in deltas:
                if isinstance(delta, ToolCalled):
                    outcome.calls.append(delta.call)
                elif isinstance(delta, Finished):
                    outcome.end = delta
                elif isinstance(delta, TextDelta) and not proven:
                    outcome.text.append(delta.text)
                else:
                    yield delta
    except MalformedReply:
        if exchange.assembly is None or not exchange.assembly.complete:
            raise
        outcome.failed = True
    except faults.RequestRefused:
        if rung not in ASKED_IN_BODY or server.ladder.below(rung) is None:
            raise
        outcome.refused = True
    said = exchange.assembly is not None and exchange.assembly.shown
    # Neither a call nor a word is no decision.
    outcome.failed = outcome.failed or (
        not outcome.calls and (bool(exchange.broken) or not (said or exchange.declined))
    )
    outcome.declined = exchange.declined


def _doubtful(server: Server, rung: Rung, outcome: _Outcome, request: ChatRequest) -> bool:
    """Whether a reply without a call may mean that the functions never reached the model.

    Templates drop functions without a word. As long as no call has come that way, a question that plainly needs a
    search is asked again in the next way.
    """
    if server.ladder.is_proven(rung) or outcome.declined or rung not in ("native", "dialect"):
        return False
    return rules.needs_search(request.brief.question, request.brief.turns)


def by_rules(request: ChatRequest, usage: Usage) -> list[Delta]:
    """The decision without a model: search with the question when it is about the world."""
    query = rules.search_query(request.brief.question, request.brief.turns)
    if not query or not rules.needs_search(request.brief.question, request.brief.turns):
        return [Finished(usage=usage)]
    tool = next((tool for tool in request.tools if "query" in str(tool.parameters)), request.tools[0])
    call = ToolCall(id="rules-1", name=tool.name, arguments={"query": query})
    return [ToolCalled(call), Finished(reason="tool_calls", usage=usage)]


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        input_tokens=one.input_tokens + other.input_tokens, output_tokens=one.output_tokens + other.output_tokens
    )
