"""Keys, limits and origins: who comes in, how often, and what another's ids give."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from limits.aio.storage import MemoryStorage
from starlette.routing import Route

from agent.records import LOCAL
from agent.settings import ServiceSettings
from agent.store import open_threads
from service.access import is_loopback
from service.admission import Admission, Slot
from service.callers import Caller
from service.keys import KeyRing
from tests.doubles import make_agent, memory_settings
from tests.service.serving import QUESTION, Replying, Served, serving

ANYBODYS = ("/static/{path:path}", "/v1/models/{name:path}", "/shared/{share_id}")
"""Routes with a word in them that is nobody's; the last is the empty page that looks for what a link shows."""
MCP_ACCEPTS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(require_key=True) as service:
        yield service


async def key_of(served: Served, owner: str) -> dict[str, str]:
    _, secret = await served.hub.keys.add(owner)
    return {"Authorization": f"Bearer {secret}"}


async def taken(served: Served, places: int) -> None:
    """Wait until so many runs have a place."""
    async with asyncio.timeout(5):
        while served.hub.admission.running < places:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_without_a_key_only_health_is_open(served: Served) -> None:
    for path in ("/healthz", "/readyz", "/openapi.json"):
        assert (await served.client.get(path)).status_code == 200
    for method, path in (("POST", "/ask"), ("GET", "/threads"), ("GET", "/metrics"), ("GET", "/nothing")):
        reply = await served.client.request(method, path)
        assert (reply.status_code, reply.json()["code"]) == (401, "key-required")
        assert reply.headers["www-authenticate"] == "Bearer"


async def test_a_wrong_or_revoked_key_is_refused(served: Served) -> None:
    info, secret = await served.hub.keys.add("alice")
    good = {"Authorization": f"Bearer {secret}"}
    assert (await served.client.get("/threads", headers=good)).status_code == 200
    wrong = [f"Bearer {secret}x", f"Bearer {secret[:-1]}", "Bearer", f"Basic {secret}", secret, "Bearer ast_\u00e9"]
    for value in wrong:
        headers = {b"Authorization": value.encode()}
        assert (await served.client.get("/threads", headers=headers)).status_code == 401, value
    assert await served.hub.keys.revoke(info.id)
    assert (await served.client.get("/threads", headers=good)).status_code == 401
    assert not await served.hub.keys.revoke(info.id)


async def test_a_revoked_key_is_refused_even_where_none_is_needed() -> None:
    async with serving() as served:
        info, secret = await served.hub.keys.add("alice")
        await served.hub.keys.revoke(info.id)
        headers = {"Authorization": f"Bearer {secret}"}
        assert (await served.client.get("/threads", headers=headers)).status_code == 401
        foreign = {"Authorization": "Bearer sk-anything"}  # what SDKs send when they must send something
        assert (await served.client.get("/threads", headers=foreign)).status_code == 200


async def test_a_key_that_is_revoked_in_the_middle_of_an_answer_gets_no_more_of_it() -> None:
    async with serving(make_agent(Replying(delay_s=0.5)), require_key=True) as served:
        info, secret = await served.hub.keys.add("alice")
        _, other = await served.hub.keys.add("alice")
        asking = [
            asyncio.create_task(
                served.client.post(
                    "/ask",
                    json={"question": QUESTION, "stream": stream},
                    headers={"Authorization": f"Bearer {key}"},
                )
            )
            for key, stream in ((secret, True), (secret, False), (other, True))
        ]
        await taken(served, 3)
        await served.hub.keys.revoke(info.id)
        async with asyncio.timeout(3):
            streamed, whole = await asyncio.gather(*asking[:2])
        assert "The API key was revoked." in streamed.text.split("data: ")[-1]
        assert (whole.status_code, whole.json()["code"]) == (401, "key-required")
        assert served.hub.runs.live == 1
        asking[2].cancel()


async def test_another_users_ids_do_not_exist_at_any_address() -> None:
    settings = memory_settings(service=ServiceSettings(share=True))
    async with serving(make_agent(Replying()), settings, require_key=True) as served:
        await _bob_finds_nothing_of_alices(served)


async def _bob_finds_nothing_of_alices(served: Served) -> None:
    alice, bob = await key_of(served, "alice"), await key_of(served, "bob")
    answer = (await served.client.post("/ask", json={"question": QUESTION}, headers=alice)).json()
    thread, run = f"/threads/{answer['thread_id']}", f"/runs/{answer['run_id']}"
    assert (await served.client.get(thread, headers=alice)).status_code == 200
    ids = {"thread_id": answer["thread_id"], "run_id": answer["run_id"], "share_id": answer["thread_id"][7:]}
    tried = set()
    for method, path in routes_of(served.app):
        if "{" in path and path not in ANYBODYS:
            reply = await served.client.request(method, path.format(**ids), headers=bob, json={"title": "x"})
            assert reply.status_code == 404, (method, path)
            assert "Kestrel" not in reply.text
            tried.add((method, path))
    assert {("GET", "/threads/{thread_id}"), ("GET", "/ui/runs/{run_id}/events")} <= tried
    stolen = {"question": QUESTION, "thread_id": answer["thread_id"]}
    for path in ("/ask", "/ui/ask"):
        for body in (stolen, {**stolen, "stream": True}, {**stolen, "replaces": answer["run_id"]}):
            assert (await served.client.post(path, json=body, headers=bob)).status_code == 404
    before = {"model": "asterism", "input": QUESTION, "previous_response_id": f"resp_{answer['run_id'][4:]}"}
    assert (await served.client.post("/v1/responses", json=before, headers=bob)).status_code == 404
    call = {"name": "ask", "arguments": stolen}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    told = await served.client.post("/mcp", json=message, headers={**bob, **MCP_ACCEPTS})
    assert '"isError":true' in told.text
    assert "There is no thread" in told.text
    for path in ("/threads", "/threads?q=Kestrel"):
        assert (await served.client.get(path, headers=bob)).json()["threads"] == []
    assert (await served.client.get(run, headers=alice)).status_code == 200


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    """Every route, also those that the OpenAPI document leaves out."""
    found = set()
    for route in app.routes:
        included = getattr(route, "original_router", None)
        for one in included.routes if included is not None else [route]:
            if isinstance(one, Route | APIRoute):
                found |= {(method, one.path) for method in one.methods or ()}
    return found


async def test_an_idempotency_key_is_its_owners(served: Served) -> None:
    headers = [{**await key_of(served, name), "Idempotency-Key": "same"} for name in ("alice", "bob")]
    runs = [
        (await served.client.post("/ask", json={"question": QUESTION}, headers=h)).json()["run_id"] for h in headers
    ]
    assert runs[0] != runs[1]


async def test_two_keys_of_one_owner_see_the_same_threads(served: Served) -> None:
    first, second = await key_of(served, "alice"), await key_of(served, "alice")
    await served.client.post("/ask", json={"question": QUESTION}, headers=first)
    assert len((await served.client.get("/threads", headers=second)).json()["threads"]) == 1


async def test_no_key_stands_in_the_store_or_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "store.db"
    async with open_threads("", path) as threads:
        _, secret = await KeyRing(threads.database).add("alice")
    async with serving(require_key=True) as served:
        await served.client.get("/threads", headers={"Authorization": f"Bearer {secret}"})
    assert secret.encode() not in path.read_bytes()
    assert secret not in caplog.text


async def test_a_name_that_is_none_gets_no_key(served: Served) -> None:
    for name in ("", LOCAL, "a b", "x" * 65, "-"):
        with pytest.raises(ValueError, match="a name has"):
            await served.hub.keys.add(name)


async def test_a_key_that_asks_too_often_is_told_when_to_come_back() -> None:
    settings = memory_settings(service=ServiceSettings(key_rate="2/minute"))
    async with serving(make_agent(Replying()), settings, require_key=True) as served:
        alice, bob = await key_of(served, "alice"), await key_of(served, "bob")
        replies = [await served.client.post("/ask", json={"question": QUESTION}, headers=alice) for _ in range(3)]
        assert [reply.status_code for reply in replies] == [200, 200, 429]
        assert 1 <= int(replies[-1].headers["retry-after"]) <= 60
        assert (await served.client.post("/ask", json={"question": QUESTION}, headers=bob)).status_code == 200


async def test_more_runs_than_places_and_queue_are_refused_at_once() -> None:
    limits = ServiceSettings(max_runs=2, max_queue=1, queue_wait_s=5)
    settings = memory_settings(service=limits)
    async with serving(make_agent(Replying(delay_s=0.03)), settings) as served:
        started = time.monotonic()

        async def send() -> tuple[httpx2.Response, float]:
            reply = await served.client.post("/ask", json={"question": QUESTION})
            return reply, time.monotonic() - started

        replies = await asyncio.gather(*(send() for _ in range(6)))
        refused = [(reply, took_s) for reply, took_s in replies if reply.status_code == 429]
        assert len(refused) == 3
        assert all(reply.headers["retry-after"] and took_s < 1.0 for reply, took_s in refused)
        assert sorted(reply.status_code for reply, _ in replies)[:3] == [200, 200, 200]
        assert (served.hub.admission.running, served.hub.admission.waiting) == (0, 0)


async def test_a_wait_that_is_too_long_is_refused() -> None:
    settings = memory_settings(service=ServiceSettings(max_runs=1, max_queue=5, queue_wait_s=0.05))
    async with serving(make_agent(Replying(delay_s=0.03)), settings) as served:
        first = asyncio.create_task(served.client.post("/ask", json={"question": QUESTION}))
        await taken(served, 1)
        second = await served.client.post("/ask", json={"question": QUESTION})
        assert second.status_code == 429
        assert (await first).status_code == 200


async def test_a_key_has_its_own_number_of_runs() -> None:
    settings = memory_settings(service=ServiceSettings(key_runs=1))
    async with serving(make_agent(Replying(delay_s=0.02)), settings, require_key=True) as served:
        alice, bob = await key_of(served, "alice"), await key_of(served, "bob")
        asks = [served.client.post("/ask", json={"question": QUESTION}, headers=h) for h in (alice, alice, bob)]
        assert sorted(reply.status_code for reply in await asyncio.gather(*asks)) == [200, 200, 429]


async def test_a_key_that_asks_much_at_once_has_no_more_runs_for_it() -> None:
    class Slow(MemoryStorage):
        async def acquire_entry(self, *arguments: Any, **named: Any) -> bool:
            await asyncio.sleep(0.001)
            return await super().acquire_entry(*arguments, **named)

    admission = Admission(max_runs=9, max_queue=9, queue_wait_s=1.0, key_rate="60/minute", key_runs=2, storage=Slow())
    caller = Caller(owner="alice", key_id="alice")
    asked = await asyncio.gather(*(admission.admit(caller) for _ in range(6)), return_exceptions=True)
    assert [type(one).__name__ for one in asked].count("Slot") == 2
    for slot in asked:
        if isinstance(slot, Slot):
            slot.release()
    assert admission.running == 0


async def test_other_sites_pages_and_rebound_names_stay_outside() -> None:
    async with serving(hosts=[]) as served:
        body = {"question": QUESTION}
        evil = await served.client.post("/ask", json=body, headers={"Origin": "http://evil.example"})
        assert (evil.status_code, evil.json()["code"]) == (403, "origin-refused")
        for odd in ("null", "http://[", "https://a]b", "x"):
            assert (await served.client.post("/ask", json=body, headers={"Origin": odd})).status_code == 403
        rebound = await served.client.get("/threads", headers={"Host": "evil.example"})
        assert rebound.status_code == 403
        own = await served.client.post("/ask", json=body, headers={"Origin": served.url})
        assert own.status_code == 200
        preflight = await served.client.options(
            "/ask", headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
        )
        assert "access-control-allow-origin" not in preflight.headers


async def test_an_origin_that_the_operator_named_may_call() -> None:
    settings = memory_settings(service=ServiceSettings(cors_origins=["http://friend.example"]))
    async with serving(make_agent(Replying()), settings) as served:
        reply = await served.client.post(
            "/ask", json={"question": QUESTION}, headers={"Origin": "http://friend.example"}
        )
        assert reply.headers["access-control-allow-origin"] == "http://friend.example"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        *((name, True) for name in ("127.0.0.1", "localhost", "::1", "127.9.9.9")),
        *((name, False) for name in ("0.0.0.0", "::", "192.168.1.2", "example.org", "")),
    ],
)
def test_only_loopback_is_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
