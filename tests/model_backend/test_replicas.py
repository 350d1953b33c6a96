"""Several servers, and one that fails: failover, breaker, and what a long or endless reply does."""

import json

import pytest

from model_backend import Brief, ChatRequest, Finished, Message, Noted, TextDelta
from model_backend.chat import Delta
from model_backend.errors import ModelError, ModelRefused, ModelUnreachable
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel
from model_backend.openai_compatible.breaker import COOL_OFF_S, FAILURES, Breaker
from model_backend.openai_compatible.runaway import Runaway, repeats
from tests.model_backend.fake_server import FakeServer, Wire, delta, failing, hang, listing, saying

DEAD = "http://127.0.0.1:9/v1"


def asking(max_tokens: int = 200) -> ChatRequest:
    return ChatRequest(
        messages=(Message(role="user", content="Why?"),), brief=Brief(question="Why?"), max_tokens=max_tokens
    )


def model_of(*addresses: str, **options: object) -> OpenAICompatibleModel:
    chosen = {"base_url": ",".join(addresses), "name": "tiny", **options}
    return OpenAICompatibleModel(ModelOptions(**chosen), pause_s=lambda: 0.0)  # type: ignore[arg-type]


async def heard(model: OpenAICompatibleModel, max_tokens: int = 200) -> list[Delta]:
    return [delta async for delta in model.stream(asking(max_tokens))]


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))


async def test_a_dead_replica_is_passed_over() -> None:
    async with FakeServer(replies=[saying("ok")]) as server:
        model = model_of(DEAD, server.base_url)
        assert [text_of(await heard(model)) for _ in range(4)] == ["ok"] * 4
        await model.aclose()


async def test_replicas_take_turns() -> None:
    async with FakeServer(replies=[saying("a")]) as one, FakeServer(replies=[saying("b")]) as other:
        model = model_of(one.base_url, other.base_url)
        assert sorted([text_of(await heard(model)) for _ in range(4)]) == ["a", "a", "b", "b"]
        await model.aclose()


async def test_a_replica_that_never_begins_is_passed_over() -> None:
    async with FakeServer(replies=[hang]) as stuck, FakeServer(replies=[saying("ok")]) as well:
        model = model_of(stuck.base_url, well.base_url, first_token_timeout_s=0.5)
        assert [text_of(await heard(model)) for _ in range(2)] == ["ok", "ok"]
        await model.aclose()


async def test_a_refusal_is_not_carried_to_the_next_replica() -> None:
    async with FakeServer(replies=[failing(401, "key")]) as one, FakeServer(replies=[failing(401, "key")]) as other:
        model = model_of(one.base_url, other.base_url)
        with pytest.raises(ModelRefused):
            await heard(model)
        await model.aclose()
        assert len(one.chats) + len(other.chats) == 1


async def test_a_server_that_keeps_failing_is_left_alone_and_that_is_told() -> None:
    async with FakeServer(replies=[failing(500, "boom")]) as server:
        model = model_of(server.base_url)
        for _ in range(3):
            with pytest.raises(ModelUnreachable):
                await heard(model)
        with pytest.raises(ModelUnreachable, match="left alone"):
            await heard(model)
        await model.aclose()
        assert len(server.chats) <= FAILURES + 1


def test_a_breaker_opens_cools_off_and_closes_again() -> None:
    now = 100.0
    breaker = Breaker(clock=lambda: now)
    for _ in range(FAILURES - 1):
        breaker.failed()
    assert breaker.closed_in_s == 0
    breaker.failed()
    assert breaker.closed_in_s == COOL_OFF_S
    now += COOL_OFF_S
    assert breaker.closed_in_s == 0
    breaker.failed()
    assert breaker.closed_in_s == COOL_OFF_S
    breaker.succeeded()
    assert breaker.closed_in_s == 0


# --- replies that do not end as they should


CUT = saying("The tide rises ", finish_reason="length", usage=(50, 180))
REST = saying("twice a day.", usage=(240, 4))


async def test_a_reply_cut_by_its_limit_goes_on_once() -> None:
    async with FakeServer(replies=[CUT, REST]) as server:
        model = model_of(server.base_url)
        deltas = await heard(model)
        await model.aclose()
        further = server.chats[1].body["messages"]
    assert text_of(deltas) == "The tide rises twice a day."
    assert isinstance(deltas[-1], Finished)
    assert (deltas[-1].reason, deltas[-1].usage.output_tokens) == ("stop", 184)
    assert [message["role"] for message in further] == ["user", "assistant", "user"]


async def test_vllm_goes_on_with_its_own_words() -> None:
    async with FakeServer(replies=[CUT, REST], models=listing("tiny", owned_by="vllm")) as server:
        model = model_of(server.base_url)
        await model.prepare()
        assert text_of(await heard(model)) == "The tide rises twice a day."
        await model.aclose()
        body = server.chats[1].body
    assert body["continue_final_message"] is True
    assert body["messages"][-1] == {"role": "assistant", "content": "The tide rises "}


async def test_a_second_cut_is_told() -> None:
    async with FakeServer(replies=[CUT]) as server:
        model = model_of(server.base_url)
        deltas = await heard(model)
        await model.aclose()
        assert len(server.chats) == 2
    assert isinstance(deltas[-1], Finished)
    assert deltas[-1].reason == "length"


async def test_a_failure_while_going_on_leaves_the_half_that_was_read() -> None:
    async with FakeServer(replies=[CUT, failing(400, "no")]) as server:
        model = model_of(server.base_url)
        deltas = await heard(model)
        await model.aclose()
    assert text_of(deltas) == "The tide rises "
    assert isinstance(deltas[-1], Finished)
    assert deltas[-1].reason == "length"


@pytest.mark.parametrize("piece", ["the same again, ", "潮水又涨了。", "word "])
async def test_a_model_that_repeats_itself_is_stopped(piece: str) -> None:
    async with FakeServer() as server:

        async def endless(wire: Wire) -> None:
            await wire.begin()
            try:
                while True:
                    await wire.chunk(delta(content=piece))
            except ConnectionError:
                server.gone.set()
                raise

        server.replies = [endless]
        model = model_of(server.base_url)
        deltas = await heard(model, max_tokens=100_000)
        await model.aclose()
    assert len(text_of(deltas)) < 1000
    assert any(isinstance(delta, Noted) and "repeat" in delta.text for delta in deltas)
    assert isinstance(deltas[-1], Finished)


def test_lists_tables_and_rules_are_no_repetition() -> None:
    rows = "".join(f"| {n} | {n * 7} metres | tide |\n" for n in range(40))
    for text in [rows, "-" * 300, "\n" * 300, "- a\n- b\n" * 3, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, " * 3]:
        assert not repeats(text[-640:])
    assert repeats("yes and no. " * 30)


@pytest.mark.parametrize("whole", [False, True])
async def test_a_reply_far_past_its_limit_is_cut_there_even_when_it_comes_at_once(whole: bool) -> None:
    text = " ".join(str(number) for number in range(10_000))

    async def at_once(wire: Wire) -> None:
        if whole:
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            await wire.answer(200, json.dumps({"id": "x", "object": "chat.completion", "choices": [choice]}))
        else:
            await saying(text)(wire)

    async with FakeServer(replies=[at_once]) as server:
        model = model_of(server.base_url)
        deltas = await heard(model, max_tokens=100)
        await model.aclose()
    assert 1000 < len(text_of(deltas)) < 3000
    assert any(isinstance(delta, Noted) and "limit" in delta.text for delta in deltas)


def test_a_server_that_ignores_its_limit_is_stopped() -> None:
    guard = Runaway(max_tokens=10)
    words = [guard.stop(f"{n} different words each time {n * n} ") for n in range(60)]
    assert any("limit" in word for word in words)


def test_no_server_at_all_is_refused_at_once() -> None:
    with pytest.raises(ModelError):
        model_of("", " ")
