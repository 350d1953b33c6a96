"""Finding out which ways to a function call a server manages, with a question that plainly needs a search."""

from contextlib import aclosing
from dataclasses import dataclass

from model_backend.chat import Brief, ChatRequest, Message, ToolCalled, ToolSpec
from model_backend.errors import ModelError
from model_backend.openai_compatible import faults
from model_backend.openai_compatible.exchange import Exchange, Manner
from model_backend.openai_compatible.server import Server
from model_backend.profiles import Rung

QUESTION = "What is the weather in Oslo right now?"
PROMPT = (
    f"Question: {QUESTION}\n\nIf the web must be searched to answer this, call search_web with a short query. "
    "If not, reply with the word: none"
)
SEARCH = ToolSpec(
    name="search_web",
    description="Search the web. Use it for facts, news and anything that may have changed.",
    parameters={
        "type": "object",
        "properties": {"query": {"type": "string", "description": "Short search query, understandable on its own."}},
        "required": ["query"],
    },
)
CALL_TOKENS = 120
"""Room for one call in any dialect, with a short thought before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One way."""

    rung: Rung
    works: bool
    told: str
    """The query that came, or why none did."""
    server_failed: bool = False
    """Whether the server broke on it. A way may be to blame, but never for all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeReport:
    """What a server manages."""

    base_url: str
    kind: str
    """`vllm`, `sglang`, `llama.cpp`, or empty when it does not tell."""
    context_tokens: int | None
    """Its window as it tells it."""
    tried: tuple[Tried, ...]
    settled: Rung
    """The way used from now on."""
    learned: bool
    """Whether the server said enough to choose by; when not, ask again later."""


async def probe_server(server: Server, manner: Manner, *, until_one_works: bool) -> ProbeReport:
    """Try the ways from the best on, and settle on the first that works; without any, on the rules.

    A server in trouble (silent, refusing us, or failing whatever is asked) changes nothing.
    """
    tried: list[Tried] = []
    for rung in server.ladder.rungs:
        if rung == "rules":
            break
        outcome = await _try(server, manner, rung)
        if outcome is None:
            # The server itself is in trouble: nothing is learned about the ladder.
            return _report(server, tried, learned=False)
        tried.append(outcome)
        if outcome.works and until_one_works:
            break
    if all(one.server_failed for one in tried):
        return _report(server, tried, learned=False)
    works = next((one.rung for one in tried if one.works), None)
    if works:
        server.ladder.settle(works)
    elif tried and "rules" in server.ladder.rungs:
        server.ladder.settle("rules")
    return _report(server, tried, learned=True)


def probe_request() -> ChatRequest:
    """The question of the probe."""
    return ChatRequest(
        messages=(Message(role="system", content="You are a helpful assistant."), Message(role="user", content=PROMPT)),
        brief=Brief(question=QUESTION),
        tools=(SEARCH,),
        max_tokens=CALL_TOKENS,
        temperature=0.0,
    )


async def _try(server: Server, manner: Manner, rung: Rung) -> Tried | None:
    request = probe_request()
    exchange = Exchange(server, manner, rung)
    queries: list[str] = []
    try:
        async with aclosing(exchange.stream(request)) as deltas:
            async for delta in deltas:
                if isinstance(delta, ToolCalled):
                    queries.append(str(delta.call.arguments.get("query", "")))
    except faults.ServerNotReady:
        return None
    except (faults.RequestRefused, faults.ServerHiccup) as error:
        failed = isinstance(error, faults.ServerHiccup)
        return Tried(rung=rung, works=False, told=str(error), server_failed=failed)
    except ModelError as error:
        if exchange.assembly is None or not exchange.assembly.complete:
            return None
        return Tried(rung=rung, works=False, told=str(error))
    if queries and queries[0]:
        return Tried(rung=rung, works=True, told=queries[0])
    return Tried(rung=rung, works=False, told=exchange.broken or "it made no call")


def _report(server: Server, tried: list[Tried], *, learned: bool) -> ProbeReport:
    return ProbeReport(
        base_url=server.base_url,
        kind=server.kind,
        context_tokens=server.window,
        tried=tuple(tried),
        settled=server.ladder.current,
        learned=learned,
    )
