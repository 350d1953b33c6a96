"""A run is one, however many ask for it, and its stream ends once, whatever became of it."""

import asyncio
from pathlib import Path

from agent.asked import new_id
from agent.options import AskOptions
from agent.records import RunRecord
from agent.run import Agent
from agent.store import open_threads
from tests.doubles import make_agent
from tests.service.serving import QUESTION, Replying, Served, serving


async def interrupted(agent: Agent) -> RunRecord:
    """A run as a server that was stopped leaves it."""
    run_id = new_id("run")
    await agent.threads.begin(run_id, new_id("thread"), QUESTION, AskOptions())
    await agent.threads.end(run_id, "interrupted")
    return await agent.threads.run(run_id)


async def events_of(served: Served, run_id: str) -> list[str]:
    """The names of its events."""
    reply = await served.client.get(f"/runs/{run_id}/events")
    return [line.removeprefix("event: ") for line in reply.text.splitlines() if line.startswith("event: ")]


async def test_of_two_who_resume_a_run_at_once_one_does_and_the_run_can_be_followed_and_cancelled() -> None:
    agent = make_agent(Replying(delay_s=0.2))
    async with serving(agent) as served:
        run = await interrupted(agent)
        first, second = (
            asyncio.create_task(served.client.post(f"/runs/{run.id}/resume?background=true")) for _ in range(2)
        )
        done, _ = await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED)
        assert [task.result().status_code for task in done] == [409]
        assert served.hub.runs.live == 1
        following = asyncio.create_task(events_of(served, run.id))
        assert (await served.client.post(f"/runs/{run.id}/cancel")).json()["status"] == "cancelled"
        assert (await following)[-1] == "run.failed"
        assert sorted([(await first).status_code, (await second).status_code]) == [409, 409]
        assert served.hub.admission.running == 0


async def test_a_stream_ends_when_the_thread_of_its_run_is_deleted(tmp_path: Path) -> None:
    async with open_threads("", tmp_path / "store.db") as elsewhere, open_threads("", tmp_path / "store.db") as here:
        agent = make_agent(Replying())
        agent.threads = here
        async with serving(agent) as served:
            run_id, thread_id = new_id("run"), new_id("thread")
            await elsewhere.begin(run_id, thread_id, QUESTION, AskOptions())
            following = asyncio.create_task(events_of(served, run_id))
            await asyncio.sleep(0.1)
            assert (await served.client.delete(f"/threads/{thread_id}")).status_code == 204
            assert await following == ["run.failed"]
