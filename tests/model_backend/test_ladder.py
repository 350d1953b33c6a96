"""The ways to a function call: what a server refuses, breaks or drops is met by the next way, and remembered."""

import json

import pytest

from model_backend import Brief, ChatModel, ChatRequest, Finished, Message, Noted, TextDelta, ToolCall, ToolCalled
from model_backend.chat import Delta
from model_backend.errors import ModelRefused, ModelUnreachable
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel
from model_backend.openai_compatible.probing import SEARCH
from tests.model_backend.fake_server import FakeServer, Json, Reply, Wire, call_pieces, calling, failing, saying

QUESTION = "Who won the 2025 chess world cup?"
NO_TOOLS = failing(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set')
MEGREZ = '<|function_start|>{"name": "googleWebSearch", "arguments": {"query": "chess cup 2025"}}<|function_end|>'
JSON_CALL = '{"name": "search_web", "arguments": {"query": "chess cup 2025"}}'
JSON_NONE = '{"name": "none", "arguments": {}}'
NATIVE = calling(*call_pieces(['{"query": "chess cup 2025"}']))


def asking(question: str = QUESTION, *messages: Message) -> ChatRequest:
    prompt = Message(role="user", content=f"Question: {question}\nCall search_web if needed.")
    return ChatRequest(
        messages=(Message(role="system", content="Be brief."), *messages, prompt),
        brief=Brief(question=question),
        tools=(SEARCH,),
        max_tokens=200,
    )


async def heard(model: ChatModel, request: ChatRequest | None = None) -> list[Delta]:
    return [delta async for delta in model.stream(request or asking())]


def queries(deltas: list[Delta]) -> list[object]:
    return [delta.call.arguments["query"] for delta in deltas if isinstance(delta, ToolCalled)]


def notes(deltas: list[Delta]) -> list[str]:
    return [delta.text for delta in deltas if isinstance(delta, Noted)]


def model_at(server: FakeServer, name: str = "tiny", **options: object) -> OpenAICompatibleModel:
    chosen = {"base_url": server.base_url, "name": name, **options}
    return OpenAICompatibleModel(ModelOptions(**chosen), pause_s=lambda: 0.0)  # type: ignore[arg-type]


def way_of(body: Json) -> str:
    if "tools" in body:
        return "native"
    if "response_format" in body:
        return "json_schema"
    last = str(body["messages"][-1]["content"])
    return "json_words" if "one line of JSON" in last else "dialect"


async def test_a_server_that_refuses_functions_is_asked_for_json_and_that_is_remembered_and_told() -> None:
    async with FakeServer(replies=[NO_TOOLS, saying(JSON_CALL)]) as server:
        model = model_at(server)
        first, second = await heard(model), await heard(model)
        await model.aclose()
        ways = [way_of(seen.body) for seen in server.chats]
    assert queries(first) == queries(second) == ["chess cup 2025"]
    assert ways == ["native", "json_schema", "json_schema"]
    assert ["own function calling" in note for note in notes(first)] == [True]
    assert notes(second) == []


async def test_every_way_fails_and_the_rules_decide() -> None:
    refuses = failing(400, "response_format is not supported")
    replies = [NO_TOOLS, refuses, saying("I think so."), saying("I think so.")]
    async with FakeServer(replies=replies) as server:
        model = model_at(server)
        first, second, third = await heard(model), await heard(model), await heard(model, asking("Hello!"))
        await model.aclose()
        ways = [way_of(seen.body) for seen in server.chats]
    assert ways == ["native", "json_schema", "json_words", "json_words"]
    assert queries(first)
    assert queries(second) == queries(first)
    assert queries(third) == []
    assert "rules" in notes(second)[0]


@pytest.mark.parametrize("broken", ["<|function_start|>{oops<|function_end|>", "<tool_call>no</tool_call>"])
async def test_a_broken_call_is_made_good_by_the_next_way_and_twice_closes_this_one(broken: str) -> None:
    replies = [saying(broken), saying(JSON_CALL), saying(broken), saying(JSON_CALL)]
    async with FakeServer(replies=replies) as server:
        model = model_at(server)
        outcomes = [await heard(model) for _ in range(3)]
        await model.aclose()
        ways = [way_of(seen.body) for seen in server.chats]
    assert [queries(outcome) for outcome in outcomes] == [["chess cup 2025"]] * 3
    assert ways == ["native", "json_schema", "native", "json_schema", "json_schema"]
    assert [len(notes(outcome)) for outcome in outcomes] == [0, 1, 0]


async def test_an_empty_reply_is_no_decision() -> None:
    async with FakeServer(replies=[saying(""), saying(JSON_CALL)]) as server:
        model = model_at(server)
        assert queries(await heard(model)) == ["chess cup 2025"]
        await model.aclose()


async def test_a_template_that_drops_functions_is_found_out() -> None:
    async def by_way(wire: Wire) -> None:
        native = way_of(server.chats[-1].body) == "native"
        await saying("I cannot browse." if native else JSON_CALL)(wire)

    async with FakeServer(replies=[by_way]) as server:
        model = model_at(server)
        outcomes = [await heard(model) for _ in range(3)]
        await model.aclose()
        ways = [way_of(seen.body) for seen in server.chats]
    assert [queries(outcome) for outcome in outcomes] == [["chess cup 2025"]] * 3
    assert ways == ["native", "json_schema", "native", "json_schema", "json_schema"]


async def test_once_calls_have_come_no_call_means_no_search() -> None:
    async with FakeServer(replies=[NATIVE, saying("none")]) as server:
        model = model_at(server)
        first, second = await heard(model), await heard(model)
        await model.aclose()
        assert len(server.chats) == 2
    assert queries(first)
    assert queries(second) == []


async def test_two_ways_that_want_no_search_are_believed() -> None:
    async with FakeServer(replies=[saying("none"), saying(JSON_NONE), saying("none")]) as server:
        model = model_at(server)
        assert queries(await heard(model)) == []
        assert queries(await heard(model)) == []
        await model.aclose()
        assert [way_of(seen.body) for seen in server.chats] == ["native", "json_schema", "native"]


async def test_small_talk_is_not_asked_twice() -> None:
    async with FakeServer(replies=[saying("none")]) as server:
        model = model_at(server)
        assert queries(await heard(model, asking("Hello!"))) == []
        await model.aclose()
        assert len(server.chats) == 1


async def test_a_megrez_model_is_spoken_to_as_it_was_trained() -> None:
    async with FakeServer(replies=[saying("Let me see. ", MEGREZ)]) as server:
        model = model_at(server, "megrez")
        outcome = await heard(model)
        await model.aclose()
        body = server.chats[0].body
    assert queries(outcome) == ["chess cup 2025"]
    assert "tools" not in body
    assert '"name": "googleWebSearch"' in body["messages"][0]["content"]
    assert "Call googleWebSearch if needed." in body["messages"][-1]["content"]
    assert body["skip_special_tokens"] is False
    assert body["stop"] == ["<|turn_end|>", "<|eos|>"]


@pytest.mark.parametrize(("owner", "role"), [("vllm", "observation"), ("sglang", "user"), ("llamacpp", "observation")])
async def test_results_come_in_a_role_that_the_server_takes(owner: str, role: str) -> None:
    called = ToolCall(id="c", name="search_web", arguments={"query": "a"})
    earlier = (
        Message(role="user", content="A?"),
        Message(role="assistant", content="", tool_calls=(called,)),
        Message(role="tool", content="rain <|turn_end|>", tool_call_id="c"),
    )

    async def listing(wire: Wire) -> None:
        await wire.answer(200, json.dumps({"data": [{"id": "megrez", "owned_by": owner}]}))

    async with FakeServer(replies=[saying(MEGREZ)], models=listing) as server:
        model = model_at(server, "megrez")
        await model.prepare()
        await heard(model, asking(QUESTION, *earlier))
        await model.aclose()
        messages = server.chats[0].body["messages"]
    assert [message["role"] for message in messages] == ["system", "user", "assistant", role, "user"]
    assert messages[2]["content"].startswith("<|function_start|>")
    assert messages[3]["content"] == "rain < |turn_end|>"
    assert all(isinstance(message["content"], str) for message in messages)


@pytest.mark.parametrize("name", ["inf-34b-chat", "minicpm-1b"])
async def test_models_of_two_roles_get_two_roles_in_turn(name: str) -> None:
    earlier = (Message(role="user", content="A?"), Message(role="tool", content="rain", tool_call_id="c"))
    async with FakeServer(replies=[saying(JSON_CALL)]) as server:
        model = model_at(server, name)
        assert queries(await heard(model, asking(QUESTION, *earlier))) == ["chess cup 2025"]
        await model.aclose()
        messages = server.chats[0].body["messages"]
    assert [message["role"] for message in messages] == (["user"] if name.startswith("inf") else ["system", "user"])
    assert "rain" in messages[-1]["content"]
    assert "Be brief." in messages[0]["content"]


async def test_a_call_without_a_query_asks_for_the_users_words() -> None:
    async with FakeServer(replies=[saying(MEGREZ.replace("chess cup 2025", " "))]) as server:
        model = model_at(server, "megrez")
        assert queries(await heard(model)) == [QUESTION]
        await model.aclose()


async def test_a_call_in_an_answer_is_not_shown() -> None:
    request = ChatRequest(messages=(Message(role="user", content="x"),), brief=Brief(question="x"))
    async with FakeServer(replies=[saying("It rains.", MEGREZ)]) as server:
        model = model_at(server, "megrez")
        deltas = await heard(model, request)
        await model.aclose()
    assert "".join(delta.text for delta in deltas if isinstance(delta, TextDelta)) == "It rains."
    assert queries(deltas) == []


async def test_the_probe_settles_on_the_best_way_that_works() -> None:
    async with FakeServer(replies=[NO_TOOLS, saying(MEGREZ), saying("no"), saying(JSON_CALL)]) as server:
        model = model_at(server, "megrez")
        report = (await model.probe())[0]
        await model.aclose()
    assert [(tried.rung, tried.works) for tried in report.tried] == [
        ("native", False),
        ("dialect", True),
        ("json_schema", False),
        ("json_words", True),
    ]
    assert report.settled == "dialect"


async def test_a_start_probes_until_one_way_works() -> None:
    async with FakeServer(replies=[NATIVE]) as server:
        model = model_at(server, "megrez")
        await model.prepare(probe=True)
        outcome = await heard(model)
        await model.aclose()
        assert [way_of(seen.body) for seen in server.chats] == ["native", "native"]
    assert queries(outcome)


async def test_a_probe_of_a_server_in_trouble_changes_nothing() -> None:
    async with FakeServer(replies=[failing(401, "bad key")]) as server:
        model = model_at(server, "megrez")
        report = (await model.probe())[0]
        await model.aclose()
    assert report.settled == "dialect"
    assert report.tried == ()


@pytest.mark.parametrize("reply", [failing(401, "bad key"), failing(404, "The model `tiny` does not exist.")])
async def test_what_no_other_way_can_mend_is_told_at_once(reply: Reply) -> None:
    async with FakeServer(replies=[reply]) as server:
        model = model_at(server)
        with pytest.raises(ModelRefused):
            await heard(model)
        await model.aclose()
        assert len(server.chats) == 1


async def test_an_ill_server_is_not_walked_down() -> None:
    async with FakeServer(replies=[failing(500, "boom")]) as server:
        model = model_at(server)
        with pytest.raises(ModelUnreachable):
            await heard(model)
        await model.aclose()
        assert [way_of(seen.body) for seen in server.chats] == ["native", "native"]


async def test_a_template_that_breaks_on_functions_is_met_by_the_next_way() -> None:
    broken = failing(500, 'can only concatenate str (not "NoneType") to str')
    async with FakeServer(replies=[broken, saying(JSON_CALL)]) as server:
        model = model_at(server)
        assert queries(await heard(model)) == ["chess cup 2025"]
        await model.aclose()
        assert [way_of(seen.body) for seen in server.chats] == ["native", "json_schema"]


async def test_the_decision_ends_with_its_count() -> None:
    async with FakeServer(replies=[NO_TOOLS, saying(JSON_CALL)]) as server:
        model = model_at(server)
        end = (await heard(model))[-1]
        await model.aclose()
    assert isinstance(end, Finished)
    assert (end.reason, end.usage.output_tokens) == ("tool_calls", 3)
