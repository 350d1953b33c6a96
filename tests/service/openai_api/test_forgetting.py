"""Clients that leave: the work stops, and nothing of it stays."""

import asyncio
import time

import pytest

from tests.doubles import make_agent
from tests.service.serving import QUESTION, Replying, serving

STOPPED_WITHIN_S = 1.0
LEAVES_AFTER_S = 0.3


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses"])
async def test_a_client_that_leaves_stops_the_work_and_leaves_nothing(path: str, stream: bool) -> None:
    body = {
        "model": "asterism",
        "messages": [{"role": "user", "content": QUESTION}],
        "input": QUESTION,
        "stream": stream,
        "store": False,
    }
    async with serving(make_agent(Replying(delay_s=0.2))) as served:
        asking = asyncio.create_task(served.client.post(path, json=body))
        async with asyncio.timeout(5):
            while not served.hub.runs.live:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await asyncio.sleep(LEAVES_AFTER_S)
        asking.cancel()
        started = time.monotonic()
        while served.hub.runs.live:
            assert time.monotonic() - started < STOPPED_WITHIN_S, "the run goes on without its client"
            await asyncio.sleep(0.01)
        async with asyncio.timeout(STOPPED_WITHIN_S):
            while (await served.client.get("/threads")).json()["threads"]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
