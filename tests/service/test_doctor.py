"""`asterism doctor` tells the faults of a model server apart, each with what to do about it."""

import re

import pytest

from agent.settings import ModelSettings, RankSettings, StoreSettings
from service.commands.doctor import Finding, examine_model, examine_ranking, where_threads_are
from tests.doubles import memory_settings
from tests.model_backend.fake_server import (
    FakeServer,
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

HTML = "<!doctype html><title>Welcome to nginx!</title>"
CALL = calling(*call_pieces(['{"query": "Oslo weather"}']))


async def garbage(wire: Wire) -> None:
    await wire.begin()
    await wire.line("data: {this is no JSON\n\n")
    await wire.end()


async def cut(wire: Wire) -> None:
    await wire.begin()
    await wire.chunk(delta(content="It"))
    await wire.cut()


async def found_at(server: FakeServer, **model: object) -> list[Finding]:
    chosen = {"name": "tiny", "base_url": server.base_url, "first_token_timeout_s": 2.0, "next_token_timeout_s": 2.0}
    settings = memory_settings(model=ModelSettings.model_validate({**chosen, **model}))
    return [finding async for finding in examine_model(settings)]


FAULTS: dict[str, tuple[Reply, Reply | None, str, str]] = {
    "garbage": (garbage, None, "not a chat completion", "OpenAI-compatible"),
    "a hang": (hang, None, "no first token", "busy or stuck"),
    "a hang at the listing": (hang, hang, "did not answer within", "still loading"),
    "a 500": (failing(500, "CUDA out of memory"), None, "HTTP 500.*CUDA out of memory", "server's log"),
    "a cut stream": (cut, None, "broke off", "crashed or run out of memory"),
    "a wrong name": (failing(404, "The model `tiny` does not exist."), listing("megrez"), "does not serve", "megrez"),
    "a wrong key": (failing(401, "Unauthorized"), failing(401, "Unauthorized"), "refuses our key", "API_KEY"),
    "HTML": (failing(200, HTML, "text/html"), failing(200, HTML, "text/html"), "text/html", "/v1"),
}


def test_the_store_is_named_without_its_password() -> None:
    settings = memory_settings(store=StoreSettings(url="postgresql://user:secret@db.example:5432/threads"))
    assert where_threads_are(settings) == "postgresql://db.example/threads"


@pytest.mark.parametrize("name", FAULTS)
async def test_each_fault_has_its_own_words_and_remedy(name: str) -> None:
    reply, models, told, remedy = FAULTS[name]
    async with FakeServer(replies=[reply], models=models) as server:
        findings = await found_at(server, **({"first_token_timeout_s": 0.2} if reply is hang else {}))
    assert [finding.state for finding in findings] == ["bad"]
    assert re.search(told, findings[0].told), findings[0]
    assert re.search(remedy, findings[0].remedy), findings[0]


def test_the_words_tell_the_faults_apart() -> None:
    words = [told for _, _, told, _ in FAULTS.values()]
    assert len(set(words)) == len(words)


async def test_a_server_that_is_not_there_is_told_with_its_address() -> None:
    async with FakeServer(replies=[hang]) as server:
        gone = server.base_url
    settings = memory_settings(model=ModelSettings(name="tiny", base_url=gone))
    finding = await anext(examine_model(settings))
    assert finding.state == "bad"
    assert gone in finding.told
    assert "Start the server" in finding.remedy


async def test_what_the_probe_found_is_told_way_by_way() -> None:
    async with FakeServer(replies=[saying("OK"), CALL, saying("no"), saying("no")]) as server:
        model, calls = await found_at(server)
    assert model.state == calls.state == "ok"
    assert "2,048 tokens" in model.told
    assert calls.told == "native works, json_schema does not, json_words does not; used: native"


async def test_a_model_that_makes_no_call_is_a_note_that_says_what_happens_then() -> None:
    async with FakeServer(replies=[saying("no")]) as server:
        _, calls = await found_at(server)
    assert calls.state == "note"
    assert "used: rules" in calls.told
    assert "--enable-auto-tool-choice" in calls.remedy


async def test_a_server_that_breaks_under_every_call_is_not_taken_for_one_without_calls() -> None:
    async with FakeServer(replies=[saying("OK"), failing(500, "boom")]) as server:
        _, calls = await found_at(server)
    assert calls.state == "note"
    assert "no reply to the probe" in calls.told


async def test_servers_that_put_passages_in_order_are_looked_at_when_they_are_set() -> None:
    rank = RankSettings(rerank_url="http://127.0.0.1:9/v1", rerank_name="scorer", embed_name="half")
    found = {finding.part: finding async for finding in examine_ranking(memory_settings(rank=rank))}
    assert (found["reranking"].state, found["embeddings"].state) == ("note", "bad")
    assert "order of their words" in found["reranking"].told
    assert "ASTERISM_RANK__EMBED_URL" in found["embeddings"].told
    assert [finding async for finding in examine_ranking(memory_settings())] == []
