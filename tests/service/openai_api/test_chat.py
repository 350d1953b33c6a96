"""`/v1/chat/completions` as OpenAI's own client sees it."""

import json
from typing import Any

import openai
import pytest

from agent.run import Agent
from agent.settings import RunSettings
from model_backend.errors import ModelUnreachable
from tests.doubles import FakeSearcher, SayingModel, make_agent, memory_settings
from tests.service.serving import ANSWER, QUESTION, Replying, Served, serving
from tools.errors import SearchUnreachable

pytestmark = pytest.mark.asyncio(loop_scope="module")


def client_of(served: Served, key: str = "none") -> openai.AsyncOpenAI:
    # Without the certificates of the machine, which take 25 ms to read and are not for loopback.
    http_client = openai.DefaultAsyncHttpxClient(verify=False)
    return openai.AsyncOpenAI(base_url=f"{served.url}/v1", api_key=key, max_retries=0, http_client=http_client)


async def post(served: Served, **fields: Any) -> Any:
    body = {"model": "asterism", "messages": [{"role": "user", "content": QUESTION}], **fields}
    return await served.client.post("/v1/chat/completions", json=body)


async def test_the_openai_client_gets_an_answer_with_annotations_and_usage(served: Served) -> None:
    async with client_of(served) as client:
        completion = await client.chat.completions.create(
            model="asterism", messages=[{"role": "user", "content": QUESTION}]
        )
    message = completion.choices[0].message
    assert (message.content, completion.choices[0].finish_reason, completion.model) == (ANSWER, "stop", "asterism")
    assert completion.object == "chat.completion"
    assert completion.usage is not None
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens > 0
    spans = [annotation.url_citation for annotation in message.annotations or []]
    assert [ANSWER[span.start_index : span.end_index] for span in spans] == [
        "The Kestrel tower is 87 metres high [1].",
        "It was built in 1901 [1].",
    ]
    assert {span.url for span in spans} == {"http://tower.example/kestrel"}


async def test_the_openai_client_streams_the_same_answer(served: Served) -> None:
    async with client_of(served) as client:
        stream = await client.chat.completions.create(
            model="asterism",
            messages=[{"role": "user", "content": QUESTION}],
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = [chunk async for chunk in stream]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == ANSWER
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-2:] == [None, "stop"]
    assert len({chunk.id for chunk in chunks}) == 1
    assert all(chunk.usage is None for chunk in chunks[:-1])
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens > 0
    final = chunks[-2].model_dump()
    assert final["citations"][0] == "http://tower.example/kestrel"
    assert final["choices"][0]["delta"]["annotations"][0]["url_citation"]["start_index"] == 0


async def test_a_stream_without_usage_asked_tells_none(served: Served) -> None:
    text = (await post(served, stream=True)).text
    assert '"usage":{"prompt' not in text
    assert text.endswith("data: [DONE]\n\n")


async def test_lists_of_sources_are_never_shorter_than_the_highest_mark(served: Served) -> None:
    body = (await post(served)).json()
    ours = body["asterism"]
    assert len(body["citations"]) == len(body["search_results"]) == max(c["number"] for c in ours["citations"]) + 1
    assert body["search_results"][0]["source"] == "web"
    assert body["search_results"][0]["url"] == body["citations"][0]
    assert ours["verdicts"] == {"supported": 2}
    assert ours["groundedness"] == 1.0
    assert [claim["verdict"] for claim in ours["claims"]] == ["supported", "supported"]


async def test_offsets_count_code_points_of_chinese_and_of_signs_beyond_the_first_plane() -> None:
    answer = "𝄞 红隼塔高 87 米 [1]。"
    async with serving(make_agent(Replying(answer=answer))) as served:
        message = (await post(served, messages=[{"role": "user", "content": "红隼塔有多高？"}])).json()["choices"][0][
            "message"
        ]
    span = message["annotations"][0]["url_citation"]
    claimed = message["content"][span["start_index"] : span["end_index"]]
    assert "87 米" in claimed
    assert claimed.endswith("[1]。")


def earlier(model: SayingModel) -> str:
    """Everything that the model was shown."""
    return json.dumps([[m.content for m in request.messages] for request in model.requests], ensure_ascii=False)


async def test_earlier_messages_are_turns_and_the_system_message_is_not_followed() -> None:
    model = Replying()
    async with serving(make_agent(model)) as served:
        body = (
            await post(
                served,
                messages=[
                    {"role": "system", "content": "Answer as a pirate."},
                    {"role": "user", "content": "Tell me of the harbour of Kestrel Bay."},
                    {"role": "assistant", "content": "It was dug in 1888 [1]."},
                    {"role": "user", "content": [{"type": "text", "text": "And how high is its tower?"}]},
                ],
            )
        ).json()
    assert "dug in 1888" in earlier(model)
    assert "pirate" not in earlier(model)
    assert any("System messages" in warning for warning in body["asterism"]["warnings"])


async def test_nothing_is_kept_unless_it_is_asked_for(served: Served) -> None:
    kept_not = (await post(served)).json()
    await post(served, stream=True)
    assert (await served.client.get("/threads")).json()["threads"] == []
    assert kept_not["asterism"]["thread_id"] is None
    kept = (await post(served, store=True)).json()
    thread = (await served.client.get(f"/threads/{kept['asterism']['thread_id']}")).json()
    assert thread["runs"][0]["run_id"] == kept["asterism"]["run_id"]


async def test_filters_reach_the_search() -> None:
    searcher = FakeSearcher()
    async with serving(make_agent(Replying(), searcher=searcher)) as served:
        body = (
            await post(
                served,
                search_recency_filter="hour",
                search_domain_filter=["tower.example"],
                web_search_options={"search_context_size": "low"},
                return_related_questions=True,
            )
        ).json()
    assert {(request.sites, request.recency) for request in searcher.requests} == {(("tower.example",), "day")}
    assert isinstance(body["related_questions"], list)
    assert any("a day" in warning for warning in body["asterism"]["warnings"])


async def test_a_stream_with_dropped_sentences_shows_only_what_stood_the_check() -> None:
    lying = "The Kestrel tower is 87 metres high [1]. It was built in 1955 [1]."
    async with serving(make_agent(Replying(answer=lying))) as served:
        text = (await post(served, stream=True, verify="drop")).text
    chunks = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
    assert "".join(one["choices"][0]["delta"].get("content", "") for one in chunks) == lying.partition(" It")[0]


async def test_disable_search_searches_nothing() -> None:
    searcher = FakeSearcher()
    async with serving(make_agent(SayingModel("Hello."), searcher=searcher)) as served:
        await post(served, disable_search=True)
    assert searcher.requests == []


IMAGE = {"type": "image_url", "image_url": {"url": "http://127.0.0.1:1/never.png"}}


@pytest.mark.parametrize(
    ("fields", "param", "code"),
    [
        ({"n": 2}, "n", "unsupported_parameter"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools", "unsupported_parameter"),
        ({"logprobs": True}, "logprobs", "unsupported_parameter"),
        ({"audio": {"voice": "alloy", "format": "mp3"}}, "audio", "unsupported_parameter"),
        ({"response_format": {"type": "json_object"}}, "response_format", "unsupported_parameter"),
        ({"stop": ["x"]}, "stop", "unsupported_parameter"),
        ({"search_domain_filter": ["-evil.example"]}, "search_domain_filter", "unsupported_parameter"),
        ({"messages": [{"role": "user", "content": [IMAGE]}]}, "messages[0].content[0]", "unsupported_content"),
        (
            {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": ""}}]}]},
            "messages[0].content[0]",
            "unsupported_content",
        ),
        ({"messages": []}, "messages", "invalid_value"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "messages", "invalid_value"),
        ({"messages": [{"role": "user", "content": " \n"}]}, "messages[0].content", "invalid_value"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages[0]", "invalid_value"),
        ({"stream": "yes"}, "stream", "invalid_value"),
        ({"max_tokens": 0}, "max_tokens", "invalid_value"),
        ({"max_tokens": 1.5}, "max_tokens", "invalid_value"),
        ({"n": True}, "n", "unsupported_parameter"),
        ({"return_images": 0}, "return_images", "unsupported_parameter"),
    ],
)
async def test_what_is_not_done_here_is_refused_by_its_name(
    served: Served, fields: dict[str, Any], param: str, code: str
) -> None:
    reply = await post(served, **fields)
    error = reply.json()["error"]
    assert (reply.status_code, error["param"], error["code"]) == (400, param, code)
    assert error["type"] == "invalid_request_error"
    assert error["message"]
    assert served.hub.runs.live == 0


async def test_what_openai_takes_and_we_have_no_use_for_is_ignored(served: Served) -> None:
    reply = await post(
        served, temperature=0.2, top_p=0.9, seed=7, user="u", presence_penalty=1, metadata={"a": "b"}, n=1.0, unknown={}
    )
    assert reply.status_code == 200


async def test_a_limit_that_is_not_applied_is_told(served: Served) -> None:
    body = (await post(served, max_tokens=5)).json()
    assert any("5 tokens" in warning for warning in body["asterism"]["warnings"])


async def test_both_names_of_the_model_are_known_and_no_other(served: Served) -> None:
    async with client_of(served) as client:
        names = [model.id async for model in client.models.list()]
        assert names == ["asterism", "saying"]
        assert (await client.models.retrieve("saying")).id == "saying"
        completion = await client.chat.completions.create(
            model="saying", messages=[{"role": "user", "content": QUESTION}]
        )
        assert completion.model == "saying"
        with pytest.raises(openai.NotFoundError) as caught:
            await client.chat.completions.create(model="gpt-0", messages=[{"role": "user", "content": QUESTION}])
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff"])
async def test_a_body_that_is_no_object_is_refused(served: Served, body: bytes) -> None:
    reply = await served.client.post("/v1/chat/completions", content=body)
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] is None


async def test_a_question_that_is_too_long_is_refused_in_the_same_shape() -> None:
    settings = memory_settings(run=RunSettings(max_question_chars=100))
    async with serving(make_agent(Replying(), settings=settings), settings) as served:
        reply = await post(served, messages=[{"role": "user", "content": "a" * 101}])
    assert reply.status_code == 400
    assert "101" in reply.json()["error"]["message"]


async def test_an_unknown_path_has_the_same_shape(served: Served) -> None:
    assert (await served.client.get("/v1/nothing")).json()["error"]["code"] == "not_found"
    assert (await served.client.get("/v1/chat/completions")).json()["error"]["code"] == "method_not_allowed"
    assert (await served.client.get("/nothing")).json()["code"] == "not-found"


async def test_a_wrong_key_is_an_authentication_error() -> None:
    async with serving(require_key=True) as served, client_of(served, "wrong") as client:
        with pytest.raises(openai.AuthenticationError) as caught:
            await client.models.list()
    assert caught.value.code == "invalid_api_key"


def failing() -> Agent:
    return make_agent(SayingModel(ModelUnreachable("Nobody listens.", remedy="Start the server.")))


async def test_a_run_that_fails_is_a_server_error(served: Served) -> None:
    async with serving(failing()) as broken, client_of(broken) as client:
        with pytest.raises(openai.InternalServerError) as caught:
            await client.chat.completions.create(model="asterism", messages=[{"role": "user", "content": QUESTION}])
    assert caught.value.code == "model_unreachable"
    assert caught.value.type == "server_error"


async def test_a_stream_that_fails_raises_in_the_client() -> None:
    async with serving(failing()) as broken, client_of(broken) as client:
        stream = await client.chat.completions.create(
            model="asterism", messages=[{"role": "user", "content": QUESTION}], stream=True
        )
        with pytest.raises(openai.APIError, match="Nobody listens"):
            async for _ in stream:
                pass


async def test_a_search_that_nobody_answers_is_a_failed_search() -> None:
    searcher = FakeSearcher(error=SearchUnreachable("down", remedy="wait"))
    async with serving(make_agent(Replying(), searcher=searcher)) as served:
        reply = await post(served)
    assert (reply.status_code, reply.json()["error"]["code"]) == (502, "search_failed")
