"""The graph that `langgraph.json` names, for LangGraph's own server: messages in, an answer with sources out.

The graph of a run (`agent/graph.py`) needs collaborators that only an open agent has. So this one is a single node
around the agent; its steps come as custom events, in the same JSON as everywhere.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agent.build import open_agent
from agent.errors import InvalidQuestion
from agent.events import RunCompleted, RunFailed
from agent.options import AskOptions
from agent.run import Agent
from agent.settings import Settings
from service.openai_api.messages import Conversation, Message, OtherMessage, UserMessage, conversation_of

AnswerGraph = CompiledStateGraph[Any, None, Any, Any]


class RunBroke(Exception):
    """The run ended without an answer; its text says why."""


@asynccontextmanager
async def make_graph() -> AsyncIterator[AnswerGraph]:
    """The graph over an agent that is opened from the settings, and closed with it."""
    async with open_agent(Settings()) as agent:
        yield answer_graph(agent)


def answer_graph(agent: Agent) -> AnswerGraph:
    """The graph over an open agent. The conversation stays with the caller; earlier messages are earlier turns."""

    async def answer(state: MessagesState) -> dict[str, Any]:
        """Answer the last human message."""
        conversation = conversation_in(state["messages"])
        if conversation is None:
            raise InvalidQuestion("There is no human message.", remedy="Send one with the question.")
        tell = get_stream_writer()
        options = AskOptions(turns=conversation.turns)
        async with aclosing(agent.stream(conversation.question, options)) as events:
            async for event in events:
                tell(event.model_dump(mode="json"))
                if isinstance(event, RunFailed):
                    raise RunBroke(event.problem.detail)
                if isinstance(event, RunCompleted):
                    whole = event.answer.model_dump(mode="json")
                    return {"messages": [AIMessage(event.answer.answer, response_metadata={"asterism": whole})]}
        raise RunBroke("The run ended without an answer.")

    graph = StateGraph(MessagesState)
    graph.add_node(answer)
    graph.add_edge(START, "answer")
    graph.add_edge("answer", END)
    return graph.compile()


def conversation_in(messages: list[AnyMessage]) -> Conversation | None:
    """LangChain's messages as a conversation; only their text is read."""
    said: list[Message] = []
    for message in messages:
        text = message.text
        if message.type == "human" and text.strip():
            said.append(UserMessage(role="user", content=text))
        elif message.type == "ai":
            said.append(OtherMessage(role="assistant", content=text))
    return conversation_of(said)
