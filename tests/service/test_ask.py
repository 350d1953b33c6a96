"""`/ask`, `/runs` and `/threads` over real HTTP: what clients see, and what stops when they leave."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from agent.database import Transaction, Work
from agent.events import EVENT, RunCompleted
from agent.settings import ServiceSettings
from agent.store import open_threads
from tests.agent.test_threads import agent_on
from tests.doubles import FakeReader, SayingModel, make_agent, memory_settings
from tests.service.serving import ANSWER, QUESTION, Replying, Served, serving


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as service:
        yield service


async def ask(served: Served, **fields: Any) -> httpx2.Response:
    return await served.client.post("/ask", json={"question": QUESTION, **fields})


def events_of(text: str) -> list[dict[str, Any]]:
    """The events of a stream; `event:` and `id:` must say what the data says."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            event = json.loads(lines["data"])
            assert (lines["event"], int(lines["id"])) == (event["type"], event["seq"])
            found.append(event)
    return found


async def settled(served: Served, *, within_s: float = 1.0) -> float:
    """Seconds until no run is under way."""
    started = time.monotonic()
    while served.hub.runs.live:
        assert time.monotonic() - started < within_s, "runs are still under way"
        await asyncio.sleep(0.01)
    return time.monotonic() - started


async def first_thread(served: Served) -> dict[str, Any]:
    """The newest thread, as soon as there is one."""
    async with asyncio.timeout(5):
        while not (threads := (await served.client.get("/threads")).json()["threads"]):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    found = threads[0]
    assert isinstance(found, dict)
    return found


async def test_a_question_is_answered_as_one_object(served: Served) -> None:
    reply = await ask(served)
    assert reply.status_code == 200
    answer = reply.json()
    assert answer["answer"] == ANSWER
    assert answer["run_id"] == reply.headers["x-run-id"]
    expected = "run_id thread_id question attachments answer abstained language citations sources claims searches pages"
    expected += " groundedness related model profile usage timings warnings"
    assert set(answer) == set(expected.split())


LYING = "The Kestrel tower is 87 metres high [1]. It was built in 1955 [1]."


@pytest.mark.parametrize(("asked", "kept"), [("flag", LYING), ("drop", LYING.partition(" It")[0])])
async def test_a_question_says_what_becomes_of_unsupported_sentences(asked: str, kept: str) -> None:
    async with serving(make_agent(Replying(answer=LYING))) as served:
        assert (await ask(served, verify=asked)).json()["answer"] == kept
        assert (await ask(served, verify="hide")).status_code == 422


@pytest.mark.parametrize("by_header", [True, False])
async def test_the_same_question_is_streamed_and_ends_with_one_terminal_event(served: Served, by_header: bool) -> None:
    headers = {"Accept": "text/event-stream"} if by_header else {}
    body = {"question": QUESTION} | ({} if by_header else {"stream": True})
    reply = await served.client.post("/ask", json=body, headers=headers)
    assert reply.headers["content-type"].startswith("text/event-stream")
    events = events_of(reply.text)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event["type"] in ("run.completed", "run.failed") for event in events].count(True) == 1
    last = EVENT.validate_python(events[-1])
    assert isinstance(last, RunCompleted)
    assert "".join(event["text"] for event in events if event["type"] == "answer.delta") == last.answer.answer


async def test_a_silent_stream_sends_comments() -> None:
    settings = memory_settings(service=ServiceSettings(heartbeat_s=0.01))
    async with serving(make_agent(Replying(delay_s=0.03)), settings) as served:
        text = (await ask(served, stream=True)).text
    assert ":" in [line[:1] for line in text.splitlines()]
    assert events_of(text)[-1]["type"] == "run.completed"


async def test_a_stream_is_taken_up_after_the_last_event(served: Served) -> None:
    reply = await ask(served, stream=True)
    events = events_of(reply.text)
    run_id = reply.headers["x-run-id"]
    for header in ("1" * 5_000, str(2**53)):
        beyond = await served.client.get(f"/runs/{run_id}/events", headers={"Last-Event-ID": header})
        assert (beyond.status_code, events_of(beyond.text)) == (200, [])
    for after in (0, 3, len(events) - 1, len(events)):
        again = await served.client.get(f"/runs/{run_id}/events", headers={"Last-Event-ID": str(after)})
        assert events_of(again.text) == events[after:]
    assert events_of((await served.client.get(f"/runs/{run_id}/events?after=4")).text) == events[4:]


async def test_a_run_in_the_background_goes_on_and_is_followed_from_elsewhere() -> None:
    async with serving(make_agent(Replying(delay_s=0.03))) as served:
        async with served.client.stream(
            "POST", "/ask", json={"question": QUESTION, "stream": True, "background": True}
        ) as r:
            run_id = r.headers["x-run-id"]
        text = (await served.client.get(f"/runs/{run_id}/events", headers={"Last-Event-ID": "1"})).text
        events = events_of(text)
        assert (events[0]["seq"], events[-1]["type"]) == (2, "run.completed")


@pytest.mark.parametrize("stream", [True, False])
async def test_a_client_that_leaves_stops_model_and_pages(stream: bool) -> None:
    model, reader = Replying(delay_s=0.2), FakeReader(delay_s=30)
    async with serving(make_agent(model, reader=reader)) as served:
        before = asyncio.all_tasks()
        body = {"question": QUESTION, "stream": stream}
        with pytest.raises(httpx2.TimeoutException):
            await served.client.post("/ask", json=body, timeout=0.3)
        assert await settled(served) < 1.0
        assert served.hub.admission.running == 0
        await asyncio.sleep(0.05)
        left = [task for task in asyncio.all_tasks() - before if not task.get_name().startswith("Task-")]
        assert left == []


async def test_a_run_is_cancelled_by_request_and_its_client_is_told() -> None:
    async with serving(make_agent(SayingModel("never", delay_s=30))) as served:
        asking = asyncio.create_task(ask(served, background=True))
        thread = await first_thread(served)
        run = (await served.client.get(f"/threads/{thread['id']}")).json()["runs"][0]
        assert run["status"] == "running"
        cancelled = await served.client.post(f"/runs/{run['run_id']}/cancel")
        assert cancelled.json()["status"] == "cancelled"
        reply = await asking
        assert (reply.status_code, reply.json()["code"]) == (409, "run-cancelled")
        again = await served.client.post(f"/runs/{run['run_id']}/cancel")
        assert again.json()["status"] == "cancelled"


async def test_what_is_refused_before_it_began_is_a_problem_even_for_streams(served: Served) -> None:
    missing = {"question": QUESTION, "thread_id": "thread_" + "0" * 32}
    for stream in (True, False):
        reply = await served.client.post("/ask", json={**missing, "stream": stream})
        assert (reply.status_code, reply.json()["code"]) == (404, "thread-not-found")
        assert reply.headers["content-type"] == "application/problem+json"


async def test_a_thread_is_continued_listed_renamed_exported_and_deleted(served: Served) -> None:
    first = (await ask(served)).json()
    thread_id = first["thread_id"]
    second = (await ask(served, thread_id=thread_id)).json()
    assert second["thread_id"] == thread_id
    listed = (await served.client.get("/threads", params={"q": "KESTREL"})).json()
    assert [(thread["id"], thread["turns"]) for thread in listed["threads"]] == [(thread_id, 2)]
    renamed = await served.client.patch(f"/threads/{thread_id}", json={"title": "Towers"})
    assert renamed.json()["title"] == "Towers"
    whole = (await served.client.get(f"/threads/{thread_id}")).json()
    assert [run["answer"] for run in whole["runs"]] == [first, second]
    markdown = await served.client.get(f"/threads/{thread_id}/export")
    assert markdown.headers["content-type"].startswith("text/markdown")
    assert "# Towers" in markdown.text
    assert "http://tower.example/kestrel" in markdown.text
    exported = await served.client.get(f"/threads/{thread_id}/export", params={"format": "json"})
    assert exported.json() == whole
    assert (await served.client.delete(f"/threads/{thread_id}")).status_code == 204
    for reply in (
        await served.client.get(f"/threads/{thread_id}"),
        await served.client.get(f"/runs/{first['run_id']}"),
        await served.client.get(f"/runs/{first['run_id']}/events"),
        await served.client.delete(f"/threads/{thread_id}"),
    ):
        assert reply.status_code == 404


async def test_pages_of_threads_cover_all_without_repeats(served: Served) -> None:
    for _ in range(5):
        await ask(served)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await served.client.get("/threads", params={"limit": "2", **cursor})).json()
        seen += [thread["id"] for thread in page["threads"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(seen) == len(set(seen)) == 5


async def test_deleting_a_thread_stops_the_run_in_it() -> None:
    async with serving(make_agent(SayingModel("never", delay_s=30))) as served:
        asking = asyncio.create_task(ask(served))
        thread = await first_thread(served)
        assert (await served.client.delete(f"/threads/{thread['id']}")).status_code == 204
        assert (await asking).status_code == 409
        assert served.hub.runs.live == 0


async def test_the_same_idempotency_key_runs_once_also_at_the_same_time() -> None:
    model = Replying(delay_s=0.02)
    async with serving(make_agent(model)) as served:
        headers = {"Idempotency-Key": "abc-1"}

        async def send(question: str = QUESTION) -> httpx2.Response:
            return await served.client.post("/ask", json={"question": question}, headers=headers)

        replies = await asyncio.gather(*(send() for _ in range(5)))
        replies.append(await send())
        assert {reply.json()["run_id"] for reply in replies} == {replies[0].json()["run_id"]}
        assert len(model.requests) == 2
        other = await send("Something else?")
        assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")


async def test_a_key_whose_run_was_cancelled_runs_again() -> None:
    settings = memory_settings(service=ServiceSettings(leave_grace_s=0.05))
    async with serving(make_agent(Replying(delay_s=0.03)), settings) as served:
        headers = {"Idempotency-Key": "abc-2"}
        with pytest.raises(httpx2.TimeoutException):
            await served.client.post("/ask", json={"question": QUESTION}, headers=headers, timeout=0.15)
        await settled(served, within_s=2.0)
        reply = await served.client.post("/ask", json={"question": QUESTION}, headers=headers)
        assert reply.json()["answer"] == ANSWER


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"question": None}, 422),
        ({"question": "   "}, 422),
        ({"question": "\u200b"}, 422),
        ({"question": "a\x00b"}, 422),
        ({"question": "x" * 100_000}, 422),
        ({"question": "x", "unknown": 1}, 422),
        ({"question": "x", "thread_id": "../../etc/passwd"}, 422),
        ({"question": "x", "attachments": [{"type": "video_url", "video_url": {"url": "http://127.0.0.1/"}}]}, 422),
        ({"question": "x", "attachments": [{"type": "image_url", "image_url": "data:"}]}, 422),
        ([1, 2], 422),
        ("text", 422),
    ],
)
async def test_a_body_that_is_no_question_is_refused(served: Served, body: Any, status: int) -> None:
    reply = await served.client.post("/ask", json=body)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["code"] == "invalid-request"


async def test_bodies_that_are_too_much_are_refused_before_they_are_parsed(served: Served) -> None:
    headers = {"Content-Type": "application/json"}
    large = await served.client.post("/ask", content=b'{"question": "' + b"x" * 2_000_000 + b'"}', headers=headers)
    assert (large.status_code, large.json()["code"]) == (413, "body-too-large")
    deep = await served.client.post("/ask", content=b"[" * 100_000, headers=headers)
    assert (deep.status_code, deep.json()["code"]) == (422, "invalid-request")
    broken = await served.client.post("/ask", content=b'{"question": "\xff"', headers=headers)
    assert broken.status_code == 422
    surrogate = await served.client.post("/ask", content=b'{"question": "a\\ud800"}', headers=headers)
    assert surrogate.status_code == 422


async def test_unknown_addresses_and_methods_are_problems_too(served: Served) -> None:
    for method, path, status in (("GET", "/nothing", 404), ("PUT", "/ask", 405), ("DELETE", "/healthz", 405)):
        reply = await served.client.request(method, path)
        assert (reply.status_code, reply.json()["status"]) == (status, status)
        if status == 405:
            assert reply.headers["allow"] == {"/ask": "POST", "/healthz": "GET"}[path]
        assert reply.headers["content-type"] == "application/problem+json"


async def test_a_bug_tells_nothing_of_itself() -> None:
    class Broken(SayingModel):
        def stream(self, request):  # type: ignore[no-untyped-def]
            raise ZeroDivisionError("secret detail")

    async with serving(make_agent(Broken("x"))) as served:
        reply = await ask(served)
        assert (reply.status_code, reply.json()["code"]) == (500, "internal")
        assert "secret" not in reply.text


async def test_every_reply_carries_the_security_headers(served: Served) -> None:
    for path in ("/healthz", "/nothing", "/threads"):
        headers = (await served.client.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers


async def test_readiness_names_the_parts_and_metrics_count_the_runs(served: Served) -> None:
    pages = (await ask(served)).json()["pages"]
    assert (await served.client.get("/healthz")).json()["status"] == "ok"
    ready = (await served.client.get("/readyz")).json()
    assert ready == {"status": "ready", "parts": {"store": "ok", "model": "ok", "cache": "ok"}}
    text = (await served.client.get("/metrics")).text
    for line in (
        'asterism_runs_total{outcome="answered"} 1.0',
        f'asterism_pages_total{{outcome="read"}} {len(pages)}.0',
        'asterism_searches_total{outcome="answered",provider="fake"} 1.0',
        'asterism_tokens_total{kind="input",model="saying"} 20.0',
        "asterism_runs_live 0.0",
    ):
        assert line in text, line
    assert "Kestrel" not in text


async def test_a_disk_that_is_full_is_told_and_nothing_that_was_kept_is_lost(tmp_path: Path) -> None:
    def grow_to(pages: int) -> Work[None]:
        """What SQLite says of a full disk it says of a file that may not grow, too."""

        def work(tx: Transaction) -> None:
            tx.execute(f"PRAGMA max_page_count = {pages}")

        return work

    async with open_threads("", tmp_path / "store.db") as threads, serving(agent_on(threads, Replying())) as served:
        first = (await ask(served)).json()
        await threads.database.write(grow_to(1))  # never less than it has
        long = {"question": QUESTION + "x" * 7000}  # two pages of the file each
        last = [await served.client.post("/ask", json={**long, "stream": n % 2 == 0}) for n in range(12)][-1]
        assert (last.status_code, last.json()["code"]) == (503, "store-unusable")
        assert "full" in last.json()["detail"]
        whole = (await served.client.get(f"/threads/{first['thread_id']}")).json()
        assert whole["runs"][0]["answer"] == first
        await threads.database.write(grow_to(1_000_000))
        assert (await ask(served)).status_code == 200


async def test_a_store_that_only_reads_is_not_ready(tmp_path: Path) -> None:
    async with open_threads("", tmp_path / "store.db") as threads, serving(agent_on(threads, Replying())) as served:
        await threads.database.read(lambda tx: tx.execute("PRAGMA query_only = ON"))
        ready = await served.client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "not ready")
        assert "readonly" in ready.json()["parts"]["store"]


async def test_a_store_that_is_gone_makes_the_service_not_ready() -> None:
    async with serving() as served:
        await served.hub.agent.threads.database.aclose()
        ready = await served.client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["parts"]["store"] != "ok"
        assert (await served.client.get("/healthz")).status_code == 200
        assert (await ask(served)).status_code == 503
