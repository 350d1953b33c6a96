"""Planning: whether to search, and for what. The model decides by a function call; rules step in when it cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.history import messages_of
from agent.stream import within
from model_backend import (
    Brief,
    ChatModel,
    ChatRequest,
    Finished,
    Message,
    Noted,
    TextDelta,
    ToolCalled,
    ToolSpec,
    Turn,
    Usage,
)
from model_backend.errors import MalformedReply
from prompts import render
from tools.text.words import terms

SEARCH_TOOL = ToolSpec(
    name="search_web",
    description="Search the web. Use it for facts, news and anything that may have changed.",
    parameters={
        "type": "object",
        "properties": {"query": {"type": "string", "description": "Short search query, understandable on its own."}},
        "required": ["query"],
    },
)
PLAN_TOKENS = 200
"""Room for up to three calls; a model that writes an essay instead is cut off here."""
PLAN_CHARS = 600
"""Visible text after which the model has plainly chosen not to call."""
HISTORY_SHARE = 0.3
"""Share of the window that earlier turns may take in a planning call."""
LONGEST_QUERY = 300
"""Characters; providers refuse longer queries (one at 400)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the model decided."""

    queries: tuple[str, ...]
    """Empty when no search is wanted."""
    usage: Usage
    notes: tuple[str, ...] = ()
    """What the model's side wants the user to know."""


def plan_request(
    question: str, turns: Sequence[Turn], model: ChatModel, *, today: str, queries: int, language: str
) -> ChatRequest:
    """The first decision of a run."""
    prompt = render("plan", question=question, today=today, tool=SEARCH_TOOL.name, queries=str(queries))
    return _request(prompt, question, turns, model, language)


def replan_request(
    question: str,
    turns: Sequence[Turn],
    model: ChatModel,
    *,
    today: str,
    queries: int,
    language: str,
    asked: Sequence[str],
    found: Sequence[str],
) -> ChatRequest:
    """A further decision, after `asked` brought too little."""
    prompt = render(
        "replan",
        question=question,
        today=today,
        tool=SEARCH_TOOL.name,
        queries=str(queries),
        asked="\n".join(f"- {query}" for query in asked),
        found="\n".join(f"- {title}" for title in found) or "- nothing",
    )
    return _request(prompt, question, turns, model, language)


def _request(prompt: str, question: str, turns: Sequence[Turn], model: ChatModel, language: str) -> ChatRequest:
    budget = round(model.context_tokens * HISTORY_SHARE)
    history = messages_of(turns, token_budget=budget, count_tokens=model.count_tokens)
    return ChatRequest(
        messages=(
            Message(role="system", content=render("system")),
            *history,
            Message(role="user", content=prompt),
        ),
        brief=Brief(question=question, turns=tuple(turns), language=language),
        tools=(SEARCH_TOOL,),
        max_tokens=PLAN_TOKENS,
        temperature=0.0,
    )


async def ask_for_plan(model: ChatModel, request: ChatRequest, *, queries: int, timeout_s: float) -> Plan:
    """Let the model decide.

    Raises:
        ModelError: when it gives no usable decision in time.
    """
    calls: list[str] = []
    usage = Usage()
    notes: list[str] = []
    chars = 0
    async with within(model.stream(request), timeout_s) as deltas:
        async for delta in deltas:
            if isinstance(delta, ToolCalled):
                calls.append(query_of(delta.call.arguments))
            elif isinstance(delta, TextDelta):
                chars += len(delta.text)
                if chars > PLAN_CHARS:
                    break
            elif isinstance(delta, Noted):
                notes.append(delta.text)
            elif isinstance(delta, Finished):
                usage = delta.usage
    return Plan(queries=distinct(calls)[:queries], usage=usage, notes=tuple(notes))


def query_of(arguments: Mapping[str, object]) -> str:
    """The query of a call, cut to what providers take.

    Raises:
        MalformedReply: when the call holds none.
    """
    value = arguments.get("query")
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, str) or not value.strip():
        raise MalformedReply("The model called the search without a query.")
    return " ".join(value.split())[:LONGEST_QUERY]


def distinct(queries: Sequence[str]) -> tuple[str, ...]:
    """Queries that ask for different things, in order: those with the same terms as an earlier one are dropped."""
    kept: dict[frozenset[str], str] = {}
    for query in queries:
        kept.setdefault(frozenset(terms(query)) or frozenset([query]), query)
    return tuple(kept.values())
