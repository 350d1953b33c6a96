"""The MCP server as the official client sees it, over the service and in this process."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from mcp.client.client import Client

from agent.settings import RunSettings, ServiceSettings
from service.mcp_desk import LocalDesk
from service.mcp_server import make_server
from tests.doubles import FakeReader, FakeSearcher, make_agent, memory_settings
from tests.service.serving import ANSWER, QUESTION, Replying, Served, serving
from tools.errors import SearchUnreachable

pytestmark = pytest.mark.asyncio(loop_scope="module")

STOPPED_WITHIN_S = 1.0
"""A client that leaves stops the work within this time."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


async def test_ask_tells_its_steps_and_gives_the_answer_twice(served: Served) -> None:
    steps: list[tuple[float, str | None]] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        steps.append((progress, message))

    async with Client(f"{served.url}/mcp") as client:
        result = await client.call_tool("ask", {"question": QUESTION}, progress_callback=note)
    assert not result.is_error
    assert result.structured_content is not None
    assert result.structured_content["answer"] == ANSWER
    text = result.content[0].model_dump()["text"]
    assert text.startswith(ANSWER)
    assert "[1] kestrel — http://tower.example/kestrel" in text
    assert [done for done, _ in steps] == [float(n) for n in range(1, len(steps) + 1)]
    assert "Writing the answer" in [message for _, message in steps]


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_clients_of_the_older_and_the_newer_protocol_see_three_tools(served: Served, mode: str) -> None:
    async with Client(f"{served.url}/mcp", mode=mode) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == ["ask", "search", "read_page"]
        assert all(tool.output_schema and tool.description for tool in tools.values())
        assert not (await client.call_tool("search", {"query": "kestrel"})).is_error


async def test_a_conversation_goes_on_by_its_thread(served: Served) -> None:
    async with Client(f"{served.url}/mcp") as client:
        first = await client.call_tool("ask", {"question": QUESTION})
        assert first.structured_content is not None
        thread_id = first.structured_content["thread_id"]
        second = await client.call_tool("ask", {"question": "Who built it?", "thread_id": thread_id})
    assert second.structured_content is not None
    assert second.structured_content["thread_id"] == thread_id
    thread = (await served.client.get(f"/threads/{thread_id}")).json()
    assert thread["turns"] == 2


async def test_read_page_gives_pieces_that_join(served: Served) -> None:
    url = "http://tower.example/kestrel"
    async with Client(f"{served.url}/mcp") as client:
        whole = (await client.call_tool("read_page", {"url": url})).structured_content
        assert whole is not None
        first = (await client.call_tool("read_page", {"url": url, "max_chars": 30})).structured_content
        assert first is not None
        rest = (await client.call_tool("read_page", {"url": url, "start": first["end"]})).structured_content
        assert rest is not None
        past = (await client.call_tool("read_page", {"url": url, "start": 10_000})).structured_content
        assert past is not None
    assert first["text"] + rest["text"] == whole["text"]
    assert (rest["start"], rest["end"], whole["total_chars"]) == (30, len(whole["text"]), len(whole["text"]))
    assert (past["text"], past["start"], past["end"]) == ("", whole["total_chars"], whole["total_chars"])


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {"question": " "}, "question"),
        ("ask", {"question": QUESTION, "thread_id": "thread_" + "0" * 32}, "no thread"),
        ("ask", {"question": QUESTION, "depth": "bottomless"}, "depth"),
        ("search", {"query": "kestrel", "max_results": 1000}, "max_results"),
        ("read_page", {"url": "http://tower.example/none"}, "404"),
    ],
)
async def test_what_cannot_be_done_is_told_as_an_error_of_the_tool(
    served: Served, tool: str, arguments: dict[str, object], told: str
) -> None:
    async with Client(f"{served.url}/mcp") as client:
        result = await client.call_tool(tool, arguments)
    assert result.is_error
    assert told in result.content[0].model_dump()["text"]


async def test_a_search_that_nobody_answers_is_an_error_with_its_remedy() -> None:
    agent = make_agent(Replying(), searcher=FakeSearcher(error=SearchUnreachable("down", remedy="Check the network.")))
    async with Client(make_server(LocalDesk(agent, memory_settings()))) as client:
        result = await client.call_tool("search", {"query": "kestrel"})
    assert result.is_error
    assert "down Check the network." in result.content[0].model_dump()["text"]


async def test_a_page_that_does_not_come_is_given_up() -> None:
    settings = memory_settings(run=RunSettings(read_timeout_s=0.1))
    agent = make_agent(Replying(), reader=FakeReader(delay_s=5), settings=settings)
    async with Client(make_server(LocalDesk(agent, settings))) as client:
        result = await client.call_tool("read_page", {"url": "http://tower.example/kestrel"})
    assert result.is_error
    assert "did not answer" in result.content[0].model_dump()["text"]


async def test_a_call_that_is_cancelled_stops_its_run() -> None:
    async with serving(make_agent(Replying(delay_s=0.2))) as served, Client(f"{served.url}/mcp") as client:
        call = asyncio.create_task(client.call_tool("ask", {"question": QUESTION}))
        async with asyncio.timeout(5):
            while not served.hub.runs.live:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        call.cancel()
        started = time.monotonic()
        while served.hub.runs.live:
            assert time.monotonic() - started < STOPPED_WITHIN_S, "the run goes on without its client"
            await asyncio.sleep(0.01)


async def test_without_a_key_the_door_is_closed_and_threads_belong_to_their_key() -> None:
    async with serving(require_key=True) as served:
        assert (await served.client.post("/mcp", json={})).status_code == 401
        secret = (await served.hub.keys.add("ann"))[1]
        other = (await served.hub.keys.add("ben"))[1]
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
        headers = {"Accept": "application/json, text/event-stream", "Authorization": f"Bearer {secret}"}
        arguments = {"name": "ask", "arguments": {"question": QUESTION}}
        reply = await served.client.post("/mcp", json={**call, "params": arguments}, headers=headers)
        assert "Kestrel" in reply.text
        threads = (await served.client.get("/threads", headers=headers)).json()["threads"]
        assert len(threads) == 1
        arguments["arguments"] = {"question": QUESTION, "thread_id": threads[0]["id"]}
        headers["Authorization"] = f"Bearer {other}"
        reply = await served.client.post("/mcp", json={**call, "params": arguments}, headers=headers)
        assert "There is no thread" in reply.text


async def test_reading_and_searching_count_against_the_rate_of_a_key() -> None:
    settings = memory_settings(service=ServiceSettings(key_rate="2/minute"))
    async with serving(make_agent(Replying(), settings=settings), settings, require_key=True) as served:
        secret = (await served.hub.keys.add("ann"))[1]
        headers = {"Accept": "application/json, text/event-stream", "Authorization": f"Bearer {secret}"}
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
        params = {"name": "search", "arguments": {"query": "kestrel"}}
        replies = [
            (await served.client.post("/mcp", json={**call, "params": params}, headers=headers)).text for _ in range(3)
        ]
    assert ["This key may ask" in reply for reply in replies] == [False, False, True]


async def test_there_are_no_sessions_to_take_over(served: Served) -> None:
    headers = {"Accept": "application/json, text/event-stream", "Mcp-Session-Id": "guessed"}
    reply = await served.client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, headers=headers)
    assert "mcp-session-id" not in reply.headers
    assert (await served.client.get("/mcp")).status_code == 405
    assert (await served.client.delete("/mcp")).status_code == 405
