"""A run as the page follows it."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest_asyncio

from service.ui.live import Change
from tests.doubles import make_agent
from tests.service.serving import ANSWER, QUESTION, Replying, Served, serving
from tests.service.ui.test_live import apply

Told = tuple[str, int, str]


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as service:
        yield service


async def follow(served: Served, path: str, *, ask: bool = False, stop_after: int = 0) -> list[Told]:
    """(name, id, data) of each event; empty names are changes of blocks."""
    told: list[Told] = []
    body = {"json": {"question": QUESTION}} if ask else {}
    async with served.client.stream("POST" if ask else "GET", path, **body) as response:  # type: ignore[arg-type]
        assert response.headers["content-type"].startswith("text/event-stream")
        name, seq, data = "", 0, list[str]()
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("id:"):
                seq = int(line[3:])
            elif line.startswith("data:"):
                data.append(line[6:] if line[5:6] == " " else line[5:])
            elif not line and data:
                told.append((name, seq, "\n".join(data)))
                name, data = "", []
                if stop_after and len(told) >= stop_after:
                    break
    return told


def shown(told: list[Told]) -> list[str]:
    blocks: list[str] = []
    for name, _, data in told:
        if name:
            continue
        if data.startswith("="):
            apply(blocks, [Change(int(data[1:]), -1, "")])
        else:
            place, keep, html = data.split(" ", 2)
            apply(blocks, [Change(int(place), int(keep), html)])
    return blocks


async def test_the_answer_comes_as_blocks_and_ends_with_everything(served: Served) -> None:
    told = await follow(served, "/ui/ask", ask=True)
    assert [name for name, _, _ in told if name][:3] == ["started", "planned", "found"]
    assert told[-1][0] == "done"
    answer = json.loads(told[-1][2])
    assert "87 metres" in shown(told)[0]
    assert [claim["verdict"] for claim in answer["claims"]] == ["supported", "supported"]
    assert "87 metres" in answer["texts"][answer["claims"][0]["passages"][0]["at"]]["text"]
    assert "data-v=supported" in answer["blocks"][0]


async def test_a_page_that_comes_back_gets_what_it_has_not_seen() -> None:
    answer = " ".join([ANSWER] * 8)
    async with serving(make_agent(Replying(delay_s=0.01, answer=answer))) as served:
        before = await follow(served, "/ui/ask", ask=True, stop_after=8)
        run = json.loads(before[0][2])["run_id"]
        seen = before[-1][1]
        after = await follow(served, f"/ui/runs/{run}/events?after={seen}")
        whole = await follow(served, f"/ui/runs/{run}/events")
    assert all(seq > seen for _, seq, _ in after)
    assert after[-1][0] == whole[-1][0] == "done"
    assert shown(before + after) == shown(whole)
    assert "".join(shown(whole)).count("87 metres") == 8


async def test_a_page_that_comes_back_to_a_run_that_only_the_store_knows_is_told_its_end() -> None:
    agent = make_agent(Replying())
    async with serving(agent) as one, serving(agent) as other:
        answer = (await one.client.post("/ask", json={"question": QUESTION})).json()
        told = await follow(other, f"/ui/runs/{answer['run_id']}/events?after=7")
    assert [(name, seq) for name, seq, _ in told] == [("done", 8)]


async def test_a_thread_is_read_with_its_answers_as_blocks(served: Served) -> None:
    answer = json.loads((await follow(served, "/ui/ask", ask=True))[-1][2])
    thread = (await served.client.get(f"/ui/threads/{answer['thread_id']}")).json()
    assert thread["title"] == QUESTION
    assert thread["turns"][0]["answer"] == answer


async def test_a_turn_that_is_asked_again_takes_the_place_of_the_first(served: Served) -> None:
    first = (await served.client.post("/ask", json={"question": QUESTION})).json()
    body = {"question": "How tall?", "thread_id": first["thread_id"], "replaces": first["run_id"]}
    second = (await served.client.post("/ask", json=body)).json()
    thread = (await served.client.get(f"/ui/threads/{first['thread_id']}")).json()
    assert [turn["run_id"] for turn in thread["turns"]] == [second["run_id"]]


async def test_what_goes_on_when_the_page_leaves_can_be_stopped(served: Served) -> None:
    async with serving(make_agent(Replying(delay_s=0.2))) as slow:
        told = await follow(slow, "/ui/ask", ask=True, stop_after=1)
        run = json.loads(told[0][2])["run_id"]
        await asyncio.sleep(0)
        assert (await slow.client.get(f"/runs/{run}")).json()["status"] == "running"
        assert (await slow.client.post(f"/runs/{run}/cancel")).json()["status"] == "cancelled"
        assert json.loads((await follow(slow, f"/ui/runs/{run}/events"))[-1][2])["code"] == "run-cancelled"


async def test_the_page_is_told_what_can_be_done(served: Served) -> None:
    about = (await served.client.get("/ui/about")).json()
    assert (about["model"], about["attachments"]["max_images"], about["status"]) == ("saying", 0, "ready")
