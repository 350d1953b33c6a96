import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime

import pytest

from model_backend import (
    Brief,
    ChatModel,
    ChatRequest,
    Finished,
    Message,
    Noted,
    TextDelta,
    ToolCall,
    ToolCalled,
    ToolSpec,
)
from model_backend.chat import Delta
from model_backend.errors import (
    ContextTooLong,
    MalformedReply,
    ModelError,
    ModelMisconfigured,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel, create
from tests.model_backend.fake_server import (
    FakeServer,
    Json,
    Reply,
    Wire,
    call_pieces,
    calling,
    delta,
    failing,
    hang,
    listing,
    saying,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SEARCH = ToolSpec(name="search_web", description="Search.", parameters={"type": "object", "properties": {}})
OVERFLOWS = [
    # The wording of vLLM, vLLM for the output, llama-cpp-python, llama.cpp, SGLang.
    "This model's maximum context length is 2048 tokens. However, your prompt contains at least 2049 input tokens.",
    "max_tokens=4000 cannot be greater than max_model_len=2048. Please request fewer output tokens.",
    "This model's maximum context length is 2048 tokens. However, you requested 7515 tokens.",
    "the request exceeds the available context size, try increasing it",
    "The input (7000 tokens) is longer than the model's context length (2048 tokens).",
]


def ask(words: str = "Hello?", *, tools: tuple[ToolSpec, ...] = (), max_tokens: int = 64) -> ChatRequest:
    return ChatRequest(
        messages=(Message(role="system", content="Be brief."), Message(role="user", content=words)),
        brief=Brief(question=words),
        tools=tools,
        max_tokens=max_tokens,
    )


@asynccontextmanager
async def serving(
    *replies: Reply, models: Reply | None = None, **options: object
) -> AsyncIterator[tuple[FakeServer, OpenAICompatibleModel]]:
    async with FakeServer(replies=list(replies), models=models) as server:
        chosen = {"base_url": server.base_url, "name": "tiny", **options}
        model = OpenAICompatibleModel(ModelOptions(**chosen), pause_s=lambda: 0.0)  # type: ignore[arg-type]
        try:
            yield server, model
        finally:
            await model.aclose()


async def deltas_of(model: ChatModel, request: ChatRequest) -> list[Delta]:
    return [delta async for delta in model.stream(request)]


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))


def calls_of(deltas: list[Delta]) -> list[ToolCall]:
    return [delta.call for delta in deltas if isinstance(delta, ToolCalled)]


# --- what is said and heard


async def test_text_streams_piece_by_piece_and_ends_with_the_servers_count() -> None:
    async with serving(saying("A", "b", "c")) as (_, model):
        heard = await deltas_of(model, ask())
    assert [d.text for d in heard if isinstance(d, TextDelta)] == ["A", "b", "c"]
    assert isinstance(heard[-1], Finished)
    assert (heard[-1].reason, heard[-1].usage.input_tokens, heard[-1].usage.output_tokens) == ("stop", 7, 3)


async def test_the_request_carries_messages_tools_limits_and_asks_for_the_count() -> None:
    called = Message(
        role="assistant",
        content="",
        tool_calls=(ToolCall(id="c1", name="search_web", arguments={"query": "北京 天气"}),),
    )
    result = Message(role="tool", content="rain", tool_call_id="c1")
    request = ChatRequest(
        messages=(*ask("天气?").messages, called, result),
        brief=Brief(question="天气?"),
        tools=(SEARCH,),
        max_tokens=99,
        temperature=0.0,
    )
    async with serving(saying("ok"), api_key="s3cret") as (server, model):
        await deltas_of(model, request)
        seen = server.chats[0]
    assert seen.headers["authorization"] == "Bearer s3cret"
    assert seen.body["model"] == "tiny"
    assert seen.body["max_tokens"] == 99
    assert seen.body["temperature"] == 0.0
    assert seen.body["stream"] is True
    assert seen.body["stream_options"] == {"include_usage": True}
    assert seen.body["tools"][0]["function"]["name"] == "search_web"
    assert [m["role"] for m in seen.body["messages"]] == ["system", "user", "assistant", "tool"]
    assert all(isinstance(m["content"], str) for m in seen.body["messages"])
    assert json.loads(seen.body["messages"][2]["tool_calls"][0]["function"]["arguments"]) == {"query": "北京 天气"}
    assert seen.body["messages"][3]["tool_call_id"] == "c1"


async def test_nothing_of_this_machine_or_its_environment_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "leak")
    monkeypatch.setenv("OPENAI_ORG_ID", "leak")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/leak")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "authorization: leak\nx-more: leak")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with serving(saying("ok")) as (server, model):
        await deltas_of(model, ask())
        headers = server.chats[0].headers
    assert "leak" not in str(headers)
    assert "authorization" not in headers
    assert not [name for name in headers if name.startswith("x-")]


async def test_a_call_is_assembled_from_its_pieces() -> None:
    pieces = call_pieces(['{"que', 'ry": "上', '海"', "}"])
    async with serving(calling(*pieces)) as (_, model):
        heard = await deltas_of(model, ask(tools=(SEARCH,)))
    assert calls_of(heard) == [ToolCall(id="c1", name="search_web", arguments={"query": "上海"})]
    assert isinstance(heard[-1], Finished)
    assert heard[-1].reason == "tool_calls"
    assert heard[-1].usage.input_tokens > 0


@pytest.mark.parametrize(
    "pieces",
    [
        [*call_pieces(['{"query": "a"}']), *call_pieces(['{"query": "b"}'], index=1, id_="c2")],
        [*call_pieces(['{"query": "a"}']), *call_pieces(['{"query": "b"}'], index=0, id_="c2")],
        [{"id": f"c{n}", "function": {"name": "search_web", "arguments": {"query": q}}} for n, q in enumerate("ab")],
        [*call_pieces(['"{\\"query\\": \\"a\\"}"']), *call_pieces(['{"query": "b"} \n junk'], index=1, id_="c2")],
    ],
    ids=["by index", "all with index 0", "objects without index", "doubly written and with junk behind"],
)
async def test_two_calls_are_told_apart(pieces: list[Json]) -> None:
    async with serving(calling(*pieces)) as (_, model):
        heard = await deltas_of(model, ask(tools=(SEARCH,)))
    assert [call.arguments for call in calls_of(heard)] == [{"query": "a"}, {"query": "b"}]


async def test_a_forced_call_that_ends_with_stop_is_a_call() -> None:
    async with serving(calling(*call_pieces(["{}"]), finish_reason="stop")) as (_, model):
        heard = await deltas_of(model, ask(tools=(SEARCH,)))
    assert isinstance(heard[-1], Finished)
    assert heard[-1].reason == "tool_calls"


async def test_broken_arguments_are_a_malformed_reply_unless_another_call_can_be_read() -> None:
    broken = call_pieces(['{"query": "a'])
    async with serving(calling(*broken, finish_reason="length"), rung="native") as (_, model):
        with pytest.raises(MalformedReply):
            await deltas_of(model, ask(tools=(SEARCH,)))
    async with serving(calling(*broken, *call_pieces(['{"query": "b"}'], index=1, id_="c2"))) as (_, model):
        heard = await deltas_of(model, ask(tools=(SEARCH,)))
    assert [call.arguments for call in calls_of(heard)] == [{"query": "b"}]


async def test_a_call_where_no_tool_was_on_offer_never_reaches_the_caller() -> None:
    async with serving(calling(*call_pieces(['{"query": "a"}']))) as (_, model):
        with pytest.raises(MalformedReply):
            await deltas_of(model, ask())


async def test_control_tokens_and_reasoning_stay_out_of_the_text() -> None:
    pieces = ["<thi", "nk>let me", " see</th", "ink>\n\nIt is <b>4</b>", " <|turn", "_end|>", "."]
    async with serving(saying(*pieces)) as (_, model):
        heard = await deltas_of(model, ask())
    assert text_of(heard) == "It is <b>4</b> ."


async def test_a_server_that_answers_in_one_piece_is_understood() -> None:
    whole = {"choices": [{"message": {"role": "assistant", "content": "All of it."}, "finish_reason": "stop"}]}

    async def reply(wire: Wire) -> None:
        await wire.answer(200, json.dumps(whole))

    async with serving(reply) as (_, model):
        assert text_of(await deltas_of(model, ask())) == "All of it."


async def test_a_reply_cut_by_its_limit_says_so() -> None:
    async with serving(saying("half", finish_reason="length", usage=None)) as (_, model):
        heard = await deltas_of(model, ask())
    assert isinstance(heard[-1], Finished)
    assert heard[-1].reason == "length"
    assert heard[-1].usage.output_tokens > 0


async def test_a_field_that_the_server_refuses_is_left_out_from_then_on() -> None:
    async with serving(failing(422, "stream_options: extra fields not permitted"), saying("ok")) as (server, model):
        assert text_of(await deltas_of(model, ask())) == "ok"
        await deltas_of(model, ask())
        bodies = [seen.body for seen in server.chats]
    assert ["stream_options" in body for body in bodies] == [True, False, False]


# --- stopping


async def test_closing_the_stream_stops_the_server() -> None:
    async with serving(hang) as (server, model):

        async def endless(wire: Wire) -> None:
            await wire.begin()
            leaving = asyncio.create_task(wire.left())
            while not leaving.done():
                await wire.chunk(delta(content="on "))
                await asyncio.sleep(0.005)
            server.gone.set()

        server.replies = [endless]
        async with aclosing(model.stream(ask())) as stream:
            await anext(stream)
        await asyncio.wait_for(server.gone.wait(), 2)


async def test_cancelling_the_task_stops_the_server_before_the_first_token() -> None:
    async with serving(hang) as (server, model):

        async def silent(wire: Wire) -> None:
            await wire.left()
            server.gone.set()

        server.replies = [silent]
        task = asyncio.create_task(deltas_of(model, ask()))
        await asyncio.wait_for(server.asked.wait(), 5)
        task.cancel()
        await asyncio.wait_for(server.gone.wait(), 2)
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_replies_at_the_same_time_do_not_mix() -> None:
    async def echo(wire: Wire) -> None:
        mine = server.chats[-1].body["messages"][-1]["content"]
        await wire.begin()
        for character in mine:
            await wire.chunk(delta(content=character))
            await asyncio.sleep(0)
        await wire.chunk(delta(finish_reason="stop"))
        await wire.end()

    async with serving(echo) as (server, model):
        words = [f"question number {n}" for n in range(8)]
        heard = await asyncio.gather(*(deltas_of(model, ask(word)) for word in words))
    assert [text_of(deltas) for deltas in heard] == words


# --- failures, each its own


async def fault_of(*replies: Reply, **options: object) -> ModelError:
    async with serving(*replies, **options) as (_, model):  # type: ignore[arg-type]
        with pytest.raises(ModelError) as caught:
            await deltas_of(model, ask())
    assert caught.value.remedy
    return caught.value


async def cut_in_the_middle(wire: Wire) -> None:
    await wire.begin()
    await wire.chunk(delta(content="half"))
    await wire.cut()


async def ends_without_a_reason(wire: Wire) -> None:
    await wire.begin()
    await wire.chunk(delta(content="half"))
    await wire.end()


async def garbage(wire: Wire) -> None:
    await wire.begin()
    await wire.line("data: {not json\n\n")
    await wire.end()


async def half_json(wire: Wire) -> None:
    await wire.answer(200, '{"choices": [')


async def bad_bytes(wire: Wire) -> None:
    await wire.begin()
    await wire.raw(b"9\r\ndata: \xff\n\n\r\n0\r\n\r\n")


async def array_chunk(wire: Wire) -> None:
    await wire.begin()
    await wire.chunk([1, 2])
    await wire.end()


async def error_inside(wire: Wire) -> None:
    await wire.begin()
    await wire.chunk(delta(content="half"))
    await wire.chunk({"error": {"message": "engine died", "code": 500}})
    await wire.end()


async def one_token_then_silence(wire: Wire) -> None:
    await wire.begin()
    await wire.chunk(delta(content="one"))
    await hang(wire)


async def keeps_alive_without_a_token(wire: Wire) -> None:
    await wire.begin()
    while True:
        await wire.line(": ping\n\n")
        await wire.chunk(delta(role="assistant", content=""))
        await asyncio.sleep(0.02)


HTML = failing(200, "<html>Welcome to the portal</html>", "text/html")


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (failing(401, "bad key"), ModelRefused),
        (failing(403, "no"), ModelRefused),
        (failing(404, "<html>404</html>", "text/html"), ModelRefused),
        (failing(400, "messages: field required"), ModelRefused),
        (failing(307, "", location="http://127.0.0.1:9/v1"), ModelRefused),
        (failing(400, '"auto" tool choice requires --enable-auto-tool-choice'), ModelRefused),
        (failing(429, "slow down"), ModelUnreachable),
        (failing(500, "boom"), ModelUnreachable),
        (failing(503, "<html>gateway</html>", "text/html"), ModelUnreachable),
        (HTML, MalformedReply),
        (half_json, MalformedReply),
        (failing(200, "engine died"), ModelUnreachable),
        (garbage, MalformedReply),
        (bad_bytes, MalformedReply),
        (array_chunk, MalformedReply),
        (cut_in_the_middle, ModelUnreachable),
        (ends_without_a_reason, ModelUnreachable),
        (error_inside, ModelUnreachable),
        *((failing(400, words), ContextTooLong) for words in OVERFLOWS),
        (failing(500, OVERFLOWS[3]), ContextTooLong),
    ],
)
async def test_each_fault_is_its_own_error_with_a_remedy(reply: Reply, kind: type[ModelError]) -> None:
    error = await fault_of(reply)
    assert isinstance(error, kind)
    assert "\n" not in str(error)


async def test_nobody_listening_names_the_setting() -> None:
    model = create(ModelOptions(base_url="http://127.0.0.1:9/v1", name="tiny"))
    with pytest.raises(ModelUnreachable) as caught:
        await deltas_of(model, ask())
    await model.aclose()
    assert "ASTERISM_MODEL__BASE_URL" in caught.value.remedy


async def test_an_unknown_model_names_those_served() -> None:
    error = await fault_of(failing(404, "The model `tiny` does not exist."), models=listing("big", "small"))
    assert isinstance(error, ModelRefused)
    assert "big, small" in error.remedy


async def test_a_key_never_shows_in_an_error() -> None:
    error = await fault_of(failing(401, "bad key"), api_key="s3cret")
    assert "s3cret" not in f"{error!r} {error.remedy}"


@pytest.mark.parametrize("reply", [hang, keeps_alive_without_a_token])
async def test_a_server_without_a_first_token_is_given_up_in_time(reply: Reply) -> None:
    started = time.monotonic()
    error = await fault_of(reply, first_token_timeout_s=0.2)
    assert isinstance(error, ModelTimeout)
    assert "first" in str(error)
    assert time.monotonic() - started < 3


async def test_a_stream_that_stalls_is_given_up_in_time() -> None:
    async with serving(one_token_then_silence, next_token_timeout_s=0.2) as (_, model):
        stream = model.stream(ask())
        assert await anext(stream) == TextDelta("one")
        with pytest.raises(ModelTimeout, match="next token"):
            await anext(stream)


@pytest.mark.parametrize("address", ["", "ftp://x/v1", "127.0.0.1:8000/v1", "http://", "http://u:p@127.0.0.1/v1"])
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(ModelMisconfigured) as caught:
        create(ModelOptions(base_url=address, name="tiny"))
    assert "http://HOST:PORT/v1" in caught.value.remedy
    assert "u:p" not in str(caught.value)


def test_an_unknown_profile_names_the_known() -> None:
    with pytest.raises(ModelError) as caught:
        create(ModelOptions(base_url="http://127.0.0.1:9/v1", name="tiny", profile="nope"))
    assert "default" in caught.value.remedy


# --- second tries


async def dropped(wire: Wire) -> None:
    await wire.cut()


@pytest.mark.parametrize("hiccup", [failing(500, "boom"), failing(503, "loading"), dropped])
async def test_a_hiccup_before_the_first_piece_is_tried_once_more(hiccup: Reply) -> None:
    async with serving(hiccup, saying("ok")) as (server, model):
        assert text_of(await deltas_of(model, ask())) == "ok"
        assert len(server.chats) == 2


async def test_a_second_hiccup_is_told() -> None:
    async with serving(failing(500, "boom"), failing(500, "boom"), saying("ok")) as (server, model):
        with pytest.raises(ModelUnreachable, match="HTTP 500"):
            await deltas_of(model, ask())
        assert len(server.chats) == 2


async def test_nothing_is_tried_again_once_something_was_streamed() -> None:
    async with serving(cut_in_the_middle, saying("ok")) as (server, model):
        with pytest.raises(ModelUnreachable, match="broke off"):
            await deltas_of(model, ask())
        assert len(server.chats) == 1


async def test_a_refusal_is_not_tried_again() -> None:
    async with serving(failing(400, "no"), saying("ok")) as (server, model):
        with pytest.raises(ModelRefused):
            await deltas_of(model, ask())
        assert len(server.chats) == 1


# --- what the server says about itself


async def test_the_window_comes_from_the_server() -> None:
    async with serving(saying("ok"), models=listing("other", "tiny")) as (_, model):
        assert model.context_tokens == 4096
        await model.prepare()
        assert model.context_tokens == 2048


async def test_the_first_call_learns_the_window_beside_its_request() -> None:
    async with serving(saying("ok")) as (server, model):
        await deltas_of(model, ask())
        await model.prepare()
        await deltas_of(model, ask())
        assert model.context_tokens == 2048
        assert [seen.path for seen in server.seen].count("/v1/models") == 1


async def test_a_window_that_was_set_is_kept_unless_the_server_has_less() -> None:
    async with serving(saying("ok"), context_tokens=1024) as (_, model):
        await model.prepare()
        assert model.context_tokens == 1024
    async with serving(saying("ok"), context_tokens=9000) as (_, model):
        await model.prepare()
        assert model.context_tokens == 2048


@pytest.mark.parametrize("models", [failing(404), failing(500), garbage, HTML, failing(200, "[]"), dropped])
async def test_a_server_that_does_not_say_is_no_failure(models: Reply) -> None:
    async with serving(saying("ok"), models=models) as (_, model):
        await model.prepare()
        assert text_of(await deltas_of(model, ask())) == "ok"
        assert model.context_tokens == 4096


async def test_a_healthy_server_is_reported_with_what_it_serves() -> None:
    async with serving(saying("OK"), models=listing("tiny", "big")) as (server, model):
        report = await model.check()
    assert report.healthy
    assert (report.served, report.context_tokens) == (("tiny", "big"), 2048)
    assert server.chats[0].body["max_tokens"] == 1


async def test_what_is_wrong_with_a_server_is_told_apart() -> None:
    unknown = failing(404, "The model `tiny` does not exist.")
    cases: list[tuple[Reply, Reply | None, str]] = [
        (failing(401, "bad key"), failing(401, "bad key"), "refuses our key"),
        (unknown, listing("big"), "does not serve 'tiny'"),
        (HTML, HTML, "text/html"),
        (failing(500, "boom"), None, "HTTP 500"),
        (failing(500, "boom"), failing(500, "boom"), "HTTP 500"),
        (cut_in_the_middle, None, "broke off"),
        (garbage, None, "not a chat completion"),
        (hang, None, "no first token"),
    ]
    for reply, models, words in cases:
        async with serving(reply, models=models, first_token_timeout_s=0.2) as (_, model):
            report = await model.check()
        assert words in report.problem
        assert report.remedy
        assert report.reachable
        assert not report.healthy


async def test_a_server_that_is_not_there_is_reported_unreachable() -> None:
    model = create(ModelOptions(base_url="http://127.0.0.1:9/v1", name="tiny"))
    report = await model.check()
    await model.aclose()
    assert not report.reachable
    assert "No model server answers" in report.problem


async def test_a_server_without_a_listing_is_healthy_when_it_answers() -> None:
    async with serving(saying("OK"), models=failing(404, "")) as (_, model):
        report = await model.check()
    assert report.healthy
    assert report.served == ()


# --- cost


def test_importing_the_backend_does_not_load_the_sdk() -> None:
    code = "import sys, model_backend, model_backend.openai_compatible; print('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


async def test_a_field_refused_inside_the_stream_is_left_out_as_well() -> None:
    async def refuses(wire: Wire) -> None:
        await wire.begin()
        words = "token_id(s) [120005] in stop_token_ids contain out-of-vocab token ids."
        await wire.chunk({"error": {"message": words, "code": 400}})
        await wire.end()

    async with serving(refuses, saying("ok"), name="megrez") as (server, model):
        assert text_of(await deltas_of(model, ask())) == "ok"
        bodies = [seen.body for seen in server.chats]
    assert ["stop_token_ids" in body for body in bodies] == [True, False]


async def test_reasoning_that_the_template_opened_is_kept_out_from_the_second_reply_on() -> None:
    async with serving(saying("Hm, let me see.</think>", "\n\nFour.")) as (_, model):
        await deltas_of(model, ask())
        assert text_of(await deltas_of(model, ask())) == "Four."


async def test_a_tag_that_a_model_wrote_once_does_not_hold_back_what_it_writes_later() -> None:
    tagged, plain = saying("The tag </think> ends it."), saying("One. ", "Two. ", "Three.")
    async with serving(tagged, plain, plain) as (_, model):
        await deltas_of(model, ask())
        assert text_of(await deltas_of(model, ask())) == "One. Two. Three."
        pieces = [delta.text for delta in await deltas_of(model, ask()) if isinstance(delta, TextDelta)]
    assert pieces == ["One. ", "Two. ", "Three."]


async def test_text_that_comes_in_parts_is_read() -> None:
    async def parts(wire: Wire) -> None:
        await wire.begin()
        await wire.chunk(delta(content=[{"type": "text", "text": "Fo"}, {"type": "text", "text": "ur."}]))
        await wire.chunk(delta(finish_reason="stop"))
        await wire.end()

    async with serving(parts) as (_, model):
        assert text_of(await deltas_of(model, ask())) == "Four."


@pytest.mark.parametrize("field", ["reasoning_content", "content"])
async def test_reasoning_without_an_end_is_ended(field: str) -> None:
    async def thinks(wire: Wire) -> None:
        await wire.begin()
        await wire.chunk(delta(content="<think>"))
        for number in range(100_000):
            part = {field: f"step {number}, "}
            await wire.chunk({"choices": [{"index": 0, "delta": part, "finish_reason": None}]})

    async with serving(thinks) as (server, model):
        heard = await deltas_of(model, ask(max_tokens=50))
        await asyncio.wait_for(server.gone.wait(), 5)
    assert text_of(heard) == ""
    assert [delta.text for delta in heard if isinstance(delta, Noted)]
