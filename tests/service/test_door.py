"""The door: what is full says so before it reads anything, and a crowd does not make the loop late."""

import asyncio
import time

from agent.settings import ServiceSettings
from service.door import LATE_S, LONGEST_GAP_S, Turnstile
from tests.doubles import SayingModel, make_agent, memory_settings
from tests.service.serving import ANSWER, QUESTION, Replying, Served, serving

FULL = memory_settings(service=ServiceSettings(max_runs=1, max_queue=0))


async def fill(served: Served) -> "asyncio.Task[object]":
    """Take the only place, for a client that leaves at once when it is told to."""
    taking = asyncio.create_task(served.client.post("/ask", json={"question": QUESTION}))
    async with asyncio.timeout(5):
        while not served.hub.admission.running:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return taking


async def test_a_full_service_refuses_before_it_reads_the_body() -> None:
    async with serving(make_agent(SayingModel("never", delay_s=30)), FULL) as served:
        taking = await fill(served)
        for path in ("/ask", "/v1/chat/completions", "/v1/responses", "/runs/run_1/resume", "/ui/ask"):
            reply = await served.client.post(path, content=b"no JSON at all")
            assert (reply.status_code, reply.headers["retry-after"]) == (429, "2"), path
        assert "error" in (await served.client.post("/v1/responses", content=b"")).json()
        taking.cancel()


async def test_a_question_that_was_sent_before_gets_its_answer_from_a_full_service() -> None:
    async with serving(make_agent(Replying()), FULL) as served:
        headers = {"Idempotency-Key": "once"}
        first = await served.client.post("/ask", json={"question": QUESTION}, headers=headers)
        served.hub.agent._services.model.delay_s = 30  # type: ignore[attr-defined]
        taking = await fill(served)
        again = await served.client.post("/ask", json={"question": QUESTION}, headers=headers)
        assert (again.status_code, again.json()) == (200, first.json())
        assert first.json()["answer"] == ANSWER
        taking.cancel()


async def test_bad_questions_give_their_places_back() -> None:
    async with serving(make_agent(Replying()), FULL) as served:
        for body in (b"{", b'{"question": 1}', b'{"question": ""}'):
            assert (await served.client.post("/ask", content=body)).status_code == 422
        assert (await served.client.post("/ask", json={"question": QUESTION})).status_code == 200


async def test_a_crowd_comes_in_one_by_one_and_in_order() -> None:
    turnstile = Turnstile()
    passed: list[tuple[int, float]] = []

    async def come(number: int) -> None:
        await turnstile.turn()
        passed.append((number, time.monotonic()))

    await asyncio.gather(*(come(number) for number in range(20)))
    assert [number for number, _ in passed] == list(range(20))
    assert passed[-1][1] - passed[0][1] > 19 * 0.0005
    waited_s = []
    for _ in range(3):
        await asyncio.sleep(0.01)
        started = time.monotonic()
        await turnstile.turn()
        waited_s.append(time.monotonic() - started)
    assert min(waited_s) < LONGEST_GAP_S, "nobody is before him"


async def test_nobody_comes_in_while_the_loop_is_late_but_for_one_now_and_then() -> None:
    turnstile = Turnstile()
    passed: list[float] = []
    late = True

    async def come() -> None:
        await turnstile.turn()
        passed.append(time.monotonic())

    async def keep_the_loop_busy() -> None:
        while late:
            time.sleep(1.5 * LATE_S)  # noqa: ASYNC251  what makes a loop late
            await asyncio.sleep(0)

    busy = asyncio.create_task(keep_the_loop_busy())
    started = time.monotonic()
    coming = [asyncio.create_task(come()) for _ in range(50)]
    await asyncio.sleep(5 * LONGEST_GAP_S)
    late = False
    assert 2 <= len(passed) <= 2 + (time.monotonic() - started) / LONGEST_GAP_S
    await asyncio.gather(busy, *coming)
    assert len(passed) == 50


async def test_who_leaves_while_waiting_holds_nobody_up() -> None:
    turnstile = Turnstile()
    await turnstile.turn()
    waiting = [asyncio.create_task(turnstile.turn()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    waiting[1].cancel()
    async with asyncio.timeout(1):
        await waiting[2]
