"""The graph for LangGraph's own server."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from agent.errors import InvalidQuestion
from model_backend.errors import ModelUnreachable
from service.langgraph_app import RunBroke, answer_graph
from tests.doubles import SayingModel, make_agent
from tests.service.openai_api.test_chat import earlier
from tests.service.serving import ANSWER, QUESTION, Replying

ROOT = Path(__file__).parents[2]


async def test_langgraph_json_names_a_factory_whose_graph_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTERISM_STORE__URL", "memory://")
    monkeypatch.setenv("ASTERISM_SEARCH__PROVIDERS", '["duckduckgo"]')
    monkeypatch.setenv("ASTERISM_SEARCH__DUCKDUCKGO_URL", "http://127.0.0.1:1/")
    path, name = json.loads((ROOT / "langgraph.json").read_text())["graphs"]["asterism"].split(":")
    assert (ROOT / path).exists()
    factory = getattr(importlib.import_module(path.removeprefix("./").removesuffix(".py").replace("/", ".")), name)
    async with factory() as graph:
        state = await graph.ainvoke({"messages": [HumanMessage("What is 6 * 7?")]})
    assert "42" in state["messages"][-1].text


async def test_messages_go_in_and_an_answer_with_its_sources_comes_out() -> None:
    model = Replying()
    told: list[str] = []
    state: Any = None
    messages = [
        SystemMessage("Be a pirate."),
        HumanMessage("Tell me of the harbour."),
        AIMessage("It was dug in 1888 [1]."),
        HumanMessage(QUESTION),
    ]
    stream: Any = answer_graph(make_agent(model)).astream({"messages": messages}, stream_mode=["custom", "values"])
    async for mode, part in stream:
        if mode == "custom":
            told.append(part["type"])
        else:
            state = part
    last = state["messages"][-1]
    assert last.text == ANSWER
    assert last.response_metadata["asterism"]["sources"][0]["url"] == "http://tower.example/kestrel"
    assert (told[0], told[-1]) == ("run.started", "run.completed")
    assert "dug in 1888" in earlier(model)
    assert "pirate" not in earlier(model)


async def test_without_a_question_and_without_an_answer_it_says_why() -> None:
    with pytest.raises(InvalidQuestion):
        await answer_graph(make_agent(Replying())).ainvoke({"messages": [AIMessage("x")]})
    broken = make_agent(SayingModel(ModelUnreachable("Nobody listens.", remedy="Start the server.")))
    with pytest.raises(RunBroke, match="Nobody listens"):
        await answer_graph(broken).ainvoke({"messages": [HumanMessage(QUESTION)]})
