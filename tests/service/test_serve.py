"""`asterism serve` and `asterism keys` as real processes."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner, Result

from agent.errors import Misconfigured
from agent.store import open_threads
from service.app import create_app
from service.cli import app as cli
from service.commands.serve import require_free
from service.server import DrainingServer, make_server
from tests.agent.test_threads import agent_on
from tests.doubles import memory_settings
from tests.servers import free_port
from tests.service.serving import Replying

SERVED = """
import asyncio, sys
from service.app import create_app
from service.logs import set_up_logs
from service.server import make_server
from tests.doubles import make_agent, memory_settings
from tests.service.serving import Replying

async def main(port, delay_s):
    set_up_logs("json")
    app = create_app(make_agent(Replying(delay_s=delay_s)), memory_settings())
    await make_server(app, "127.0.0.1", port, 10).serve()

asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
"""
"""A server over doubles in a process of its own, by port and seconds a token."""
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def process(*arguments: str, port: int) -> AsyncIterator[tuple[asyncio.subprocess.Process, httpx2.AsyncClient]]:
    """A server process that is there, and a client for it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251
    child = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stderr=asyncio.subprocess.PIPE, env=environment
    )
    try:
        async with httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False, verify=False
        ) as client:
            async with asyncio.timeout(60):
                await up(child, client)
            yield child, client
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()


async def up(child: asyncio.subprocess.Process, client: httpx2.AsyncClient) -> None:
    while True:
        assert child.returncode is None, "the server ended"
        try:
            await client.get("/healthz")
        except httpx2.TransportError:
            await asyncio.sleep(0.1)
        else:
            return


def test_keys_are_made_listed_and_revoked(tmp_path: Path) -> None:
    def keys(*arguments: str) -> Result:
        store = {"ASTERISM_STORE__URL": f"sqlite:///{tmp_path}/store.db"}
        return CliRunner().invoke(cli, ["keys", *arguments], env=store)

    made = keys("add", "alice")
    secret = made.stdout.strip()
    assert made.exit_code == 0
    assert secret.startswith("ast_")
    key_id = secret.split("_")[1]
    listed = keys("list").stdout
    assert f"{key_id}  alice" in listed
    assert secret not in listed
    assert keys("revoke", key_id).exit_code == 0
    assert "revoked" in keys("list").stdout
    assert keys("revoke", key_id).exit_code == 66
    bad = keys("add", "no name")
    assert (bad.exit_code, bad.stdout) == (2, "")


@pytest.mark.parametrize("host", ["a..b", "x" * 300, "\udcff", "[::1]"])
def test_what_is_no_name_of_a_host_cannot_be_served_at(host: str) -> None:
    with pytest.raises(Misconfigured, match="cannot be used") as caught:
        require_free(host, 8080)
    assert "--host" in caught.value.remedy


def test_a_port_in_use_is_refused() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(Misconfigured, match="Address already in use"),
    ):
        require_free("127.0.0.1", taken.getsockname()[1])


def test_a_public_address_without_keys_is_refused(tmp_path: Path) -> None:
    store = {"ASTERISM_STORE__URL": f"sqlite:///{tmp_path}/store.db"}
    refused = CliRunner().invoke(cli, ["serve", "--host", "0.0.0.0", "--port", "0"], env=store)
    assert refused.exit_code == 78
    assert "asterism keys add" in refused.stderr


@pytest.mark.slow
async def test_sigterm_lets_running_answers_end_and_the_log_has_neither_question_nor_key() -> None:
    port = free_port()
    async with process("-c", SERVED, str(port), "0.05", port=port) as (child, client):
        asks = [
            asyncio.create_task(
                client.post(
                    "/ask?token=sesame",
                    json={"question": "What about Rumpelstiltskin?", "stream": stream},
                    headers={"Authorization": "Bearer s3"},
                )
            )
            for stream in (True, True, False)
        ]
        await asyncio.sleep(0.3)
        child.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.1)
        ready, late = await client.get("/readyz"), await client.post("/ask", json={"question": "Late?"})
        assert (ready.status_code, ready.json()["status"]) == (503, "not ready")
        assert (late.status_code, late.json()["code"]) == (503, "draining")
        assert late.headers["retry-after"]
        replies = await asyncio.gather(*asks)
        assert [reply.status_code for reply in replies] == [200, 200, 200]
        assert all("run.completed" in reply.text for reply in replies[:2])
        async with asyncio.timeout(10):
            _, errors = await child.communicate()
        assert child.returncode == 0
    lines = [json.loads(line) for line in errors.decode().splitlines() if line.startswith("{")]
    told = {line["run_id"]: line["status"] for line in lines if "run_id" in line}
    assert told == {reply.headers["x-run-id"]: 200 for reply in replies}
    for secret in ("Rumpelstiltskin", "sesame", "Bearer"):
        assert secret not in errors.decode()


@asynccontextmanager
async def drained_by_hand(store: str, *, delay_s: float) -> AsyncIterator[tuple[DrainingServer, httpx2.AsyncClient]]:
    """The server of `asterism serve`, but in this process, which takes no signals."""
    async with open_threads(store, Path("unused")) as threads:
        agent = agent_on(threads, Replying(delay_s=delay_s))
        server = make_server(create_app(agent, memory_settings()), "127.0.0.1", 0, 0.2)
        server.capture_signals = nullcontext  # type: ignore[method-assign,assignment]
        serving = asyncio.create_task(server.serve())
        try:
            while not server.started:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, verify=False) as client:
                yield server, client
            server.handle_exit(signal.SIGTERM, None)
            async with asyncio.timeout(10):
                await serving
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


async def test_what_outlasts_the_drain_is_interrupted_and_resumed_by_the_next_server(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/store.db"
    async with drained_by_hand(store, delay_s=2) as (server, client):
        asking = asyncio.create_task(client.post("/ask", json={"question": "How high?", "stream": True}))
        await asyncio.sleep(0.3)
        server.handle_exit(signal.SIGTERM, None)
        reply = await asking
        last = json.loads(reply.text.strip().split("data: ")[-1])
        assert (last["type"], last["problem"]["code"]) == ("run.failed", "run-interrupted")
    run_id = reply.headers["x-run-id"]
    async with drained_by_hand(store, delay_s=0.01) as (_, client):
        assert (await client.get(f"/runs/{run_id}")).json()["status"] == "interrupted"
        replayed = await client.get(f"/runs/{run_id}/events", headers={"Last-Event-ID": str(last["seq"] - 1)})
        assert "run-interrupted" in replayed.text
        resumed = await client.post(f"/runs/{run_id}/resume")
        assert (resumed.status_code, resumed.json()["run_id"]) == (200, run_id)
        assert (await client.get(f"/runs/{run_id}")).json()["status"] == "completed"
        assert (await client.post(f"/runs/{run_id}/resume")).status_code == 409
