"""`/v1/responses` as OpenAI's own client sees it."""

from typing import Any

import openai
import pytest
from openai.types.responses import ResponseFunctionWebSearch, ResponseOutputMessage, ResponseOutputText

from agent.events import Event, QueriesPlanned, ResultsFound, RunStarted
from service.openai_api.asked import Asked
from service.openai_api.response_items import ResponseItems
from tests.doubles import FakeSearcher, SayingModel, make_agent
from tests.service.openai_api.test_chat import client_of, earlier, failing
from tests.service.serving import ANSWER, QUESTION, Replying, Served, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def post(served: Served, **fields: Any) -> Any:
    return await served.client.post("/v1/responses", json={"model": "asterism", "input": QUESTION, **fields})


async def test_the_openai_client_gets_searches_text_and_annotations(served: Served) -> None:
    async with client_of(served) as client:
        response = await client.responses.create(model="asterism", input=QUESTION)
    assert (response.output_text, response.status) == (ANSWER, "completed")
    search, message = response.output
    assert isinstance(search, ResponseFunctionWebSearch)
    assert search.status == "completed"
    assert search.action.type == "search"
    assert "http://tower.example/kestrel" in [source.url for source in search.action.sources or []]
    assert isinstance(message, ResponseOutputMessage)
    part = message.content[0]
    assert isinstance(part, ResponseOutputText)
    spans = [annotation for annotation in part.annotations if annotation.type == "url_citation"]
    assert ANSWER[spans[1].start_index : spans[1].end_index] == "It was built in 1901 [1]."
    assert response.usage is not None
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens > 0


async def test_the_openai_client_follows_the_stream(served: Served) -> None:
    async with client_of(served) as client:
        stream = await client.responses.create(model="asterism", input=QUESTION, stream=True)
        events = [event async for event in stream]
    assert [event.sequence_number for event in events] == list(range(len(events)))
    kinds = list(dict.fromkeys(event.type for event in events))
    assert kinds == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.web_search_call.in_progress",
        "response.web_search_call.searching",
        "response.web_search_call.completed",
        "response.output_item.done",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.annotation.added",
        "response.output_text.done",
        "response.content_part.done",
        "response.completed",
    ]
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == ANSWER
    last = events[-1]
    assert last.type == "response.completed"
    assert last.response.output_text == ANSWER
    done = [event.item for event in events if event.type == "response.output_item.done"]
    assert done == last.response.output


async def test_the_client_s_own_helper_accumulates_the_stream(served: Served) -> None:
    async with client_of(served) as client, client.responses.stream(model="asterism", input=QUESTION) as stream:
        final = await stream.get_final_response()
    assert final.output_text == ANSWER


async def test_stream_and_whole_reply_hold_the_same_items(served: Served) -> None:
    async with client_of(served) as client:
        whole = await client.responses.create(model="asterism", input=QUESTION)
        stream = await client.responses.create(model="asterism", input=QUESTION, stream=True)
        events = [event async for event in stream]
    last = events[-1]
    assert last.type == "response.completed"

    def shape(items: Any) -> list[Any]:
        return [item.model_dump(exclude={"id"}) for item in items]

    assert shape(whole.output) == shape(last.response.output)


async def test_a_conversation_goes_on_after_an_earlier_response() -> None:
    model = Replying()
    async with serving(make_agent(model)) as served, client_of(served) as client:
        first = await client.responses.create(model="asterism", input=QUESTION)
        second = await client.responses.create(model="asterism", input="Who built it?", previous_response_id=first.id)
        threads = (await served.client.get("/threads")).json()["threads"]
    assert second.previous_response_id == first.id
    assert [thread["turns"] for thread in threads] == [2]
    assert "It was built in 1901" in earlier(model)


async def test_items_of_a_conversation_are_turns() -> None:
    model = Replying()
    async with serving(make_agent(model)) as served:
        reply = await post(
            served,
            instructions="Be brief.",
            input=[
                {"role": "user", "content": "Tell me of the harbour."},
                {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search"}},
                {
                    "type": "message",
                    "id": "msg_1",
                    "status": "completed",
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "It was dug in 1888 [1].", "annotations": []}],
                },
                {"role": "user", "content": [{"type": "input_text", "text": "How high is its tower?"}]},
            ],
        )
    assert reply.status_code == 200
    assert reply.json()["instructions"] == "Be brief."
    assert any("instructions" in warning for warning in reply.json()["asterism"]["warnings"])
    assert "dug in 1888" in earlier(model)


async def test_store_false_leaves_nothing_behind() -> None:
    async with serving() as served:
        reply = (await post(served, store=False)).json()
        assert (await served.client.get("/threads")).json()["threads"] == []
        again = await post(served, previous_response_id=reply["id"])
    assert reply["store"] is False
    assert (again.status_code, again.json()["error"]["code"]) == (404, "previous_response_not_found")


async def test_the_response_of_another_user_does_not_exist() -> None:
    async with serving(require_key=True) as served:
        secrets = [(await served.hub.keys.add(name))[1] for name in ("ann", "ben")]
        headers = [{"Authorization": f"Bearer {secret}"} for secret in secrets]
        body = {"model": "asterism", "input": QUESTION}
        first = (await served.client.post("/v1/responses", json=body, headers=headers[0])).json()
        stolen = {**body, "previous_response_id": first["id"]}
        assert (await served.client.post("/v1/responses", json=stolen, headers=headers[1])).status_code == 404
        assert (await served.client.post("/v1/responses", json=stolen, headers=headers[0])).status_code == 200


async def test_the_tool_says_where_and_how_to_search() -> None:
    searcher = FakeSearcher()
    async with serving(make_agent(Replying(), searcher=searcher)) as served:
        tool = {"type": "web_search", "filters": {"allowed_domains": ["tower.example"]}, "search_context_size": "low"}
        assert (await post(served, tools=[tool], tool_choice="required")).status_code == 200
    assert {request.sites for request in searcher.requests} == {("tower.example",)}


async def test_tool_choice_none_searches_nothing() -> None:
    searcher = FakeSearcher()
    async with serving(make_agent(SayingModel("Hello."), searcher=searcher)) as served:
        reply = (await post(served, tool_choice="none")).json()
    assert searcher.requests == []
    assert [item["type"] for item in reply["output"]] == ["message"]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"tools": [{"type": "function", "name": "f"}]}, "tools"),
        ({"background": True}, "background"),
        ({"conversation": "conv_1"}, "conversation"),
        ({"prompt": {"id": "p"}}, "prompt"),
        ({"text": {"format": {"type": "json_object"}}}, "text"),
        ({"previous_response_id": "resp_x"}, "previous_response_id"),
        (
            {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "http://127.0.0.1:1/x"}]}]},
            "input[0].content[0]",
        ),
        ({"input": []}, "input"),
        ({"input": "  "}, "input"),
        ({"input": [{"role": "assistant", "content": "x"}]}, "input"),
    ],
)
async def test_what_is_not_done_here_is_refused_by_its_name(served: Served, fields: dict[str, Any], param: str) -> None:
    reply = await post(served, **fields)
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)


async def test_a_failed_run_is_an_error_and_in_a_stream_a_failed_response() -> None:
    async with serving(failing()) as broken, client_of(broken) as client:
        with pytest.raises(openai.InternalServerError):
            await client.responses.create(model="asterism", input=QUESTION)
        stream = await client.responses.create(model="asterism", input=QUESTION, stream=True)
        events = [event async for event in stream]
    last = events[-1]
    assert last.type == "response.failed"
    assert last.response.error is not None
    assert "Nobody listens" in last.response.error.message


async def test_a_search_that_began_early_takes_the_place_of_a_planned_one() -> None:
    items = ResponseItems(Asked(model="asterism", created=0, kept=True), {})
    events: list[Event] = [
        RunStarted(run_id="run_" + "0" * 32, thread_id="t", question="q", model="m"),
        QueriesPlanned(round=1, queries=["planned"], standalone="q"),
        ResultsFound(query="early", provider="p", results=[], ms=1),
    ]
    told = [step for event in events for step in items.feed(event)]
    assert [name for name, _ in told].count("response.output_item.added") == 1
    assert told[-1][1]["item"]["action"]["query"] == "early"
    assert told[-1][1]["item"]["status"] == "completed"
