"""The run, top to bottom: (describe ->) plan -> search -> read -> select -> (again | write) -> check.

Each node reads the state, lets one thing happen, tells it, and returns what changed. How things are done stands in
the modules that the nodes call; a picture of the wiring is in the README.

The functions at the forks are coroutines although they wait for nothing: LangGraph runs any other in a thread.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Literal, TypeVar, cast

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agent import steps
from agent.context import Context
from agent.state import State, Update

NodeT = TypeVar("NodeT", bound=Callable[..., Awaitable[Update]])
RunGraph = CompiledStateGraph[State, Context, Update, State]


async def describe_files(state: State, runtime: Runtime[Context]) -> Update:
    """Put pictures and recordings into words."""
    return await steps.describe(state, runtime.context, runtime.context.tell)


async def plan_queries(state: State, runtime: Runtime[Context]) -> Update:
    """Let the model decide whether to search and for what, while the scout already looks."""
    if state.round == 0:
        return await steps.plan(state, runtime.context, runtime.context.tell)
    return await steps.replan(state, runtime.context, runtime.context.tell)


async def search_web(state: State, runtime: Runtime[Context]) -> Update:
    """Send the queries all at once, and merge what they find."""
    return await steps.search(state, runtime.context, runtime.context.tell)


async def read_pages(state: State, runtime: Runtime[Context]) -> Update:
    """Fetch and clean the results, until enough good pages are read or time is up."""
    return await steps.read(state, runtime.context, runtime.context.tell)


async def select_passages(state: State, runtime: Runtime[Context]) -> Update:
    """Choose the passages that fit the question and the model's window, and number their pages."""
    return await steps.select(state, runtime.context, runtime.context.tell)


async def write_answer(state: State, runtime: Runtime[Context]) -> Update:
    """Write from the numbered sources; the model is offered no tools here."""
    return await steps.write(state, runtime.context, runtime.context.tell)


async def check_claims(state: State, runtime: Runtime[Context]) -> Update:
    """Hold every claim against the pages it names."""
    return await steps.check(state, runtime.context, runtime.context.tell)


async def describe_or_plan(state: State, runtime: Runtime[Context]) -> Literal["describe_files", "plan_queries"]:
    """Look first at what came with the question."""
    return "describe_files" if runtime.context.options.attachments else "plan_queries"


async def search_or_write(state: State) -> Literal["search_web", "read_pages", "write_answer"]:
    """Search when there is something to search for; read at once what the user gave an address of."""
    if state.queries:
        return "search_web"
    return "read_pages" if state.round == 1 and state.results else "write_answer"


async def enough_or_again(state: State, runtime: Runtime[Context]) -> Literal["plan_queries", "write_answer"]:
    """Go round again while the evidence is thin, and rounds and time are left."""
    return "plan_queries" if steps.worth_another_round(state, runtime.context) else "write_answer"


def in_span(node: NodeT) -> NodeT:
    """The same node, seen by whoever traces the run."""

    @wraps(node)
    async def seen(state: State, runtime: Runtime[Context]) -> Update:
        with runtime.context.spans.node(node.__name__, runtime.context.span):
            return await node(state, runtime)

    return cast(NodeT, seen)


def build_graph(checkpointer: BaseCheckpointSaver[str] | None = None) -> RunGraph:
    """Wire the run; with a checkpointer, a run that is cut off can be resumed."""
    graph = StateGraph(State, context_schema=Context, input_schema=Update)
    graph.add_node(in_span(describe_files))
    graph.add_node(in_span(plan_queries))
    graph.add_node(in_span(search_web))
    graph.add_node(in_span(read_pages))
    graph.add_node(in_span(select_passages))
    graph.add_node(in_span(write_answer))
    graph.add_node(in_span(check_claims))
    graph.add_conditional_edges(START, describe_or_plan)
    graph.add_edge("describe_files", "plan_queries")
    graph.add_conditional_edges("plan_queries", search_or_write)
    graph.add_edge("search_web", "read_pages")
    graph.add_edge("read_pages", "select_passages")
    graph.add_conditional_edges("select_passages", enough_or_again)
    graph.add_edge("write_answer", "check_claims")
    graph.add_edge("check_claims", END)
    return graph.compile(checkpointer=checkpointer)
