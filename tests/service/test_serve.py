"""`asterism serve` and `asterism keys` as real processes."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from tests.servers import free_port

SERVED = """
import asyncio, sys
from agent.settings import ServiceSettings
from agent.store import open_threads
from service.app import create_app
from service.logs import set_up_logs
from service.open_exchange import open_exchange
from service.server import make_server
from tests.agent.test_threads import agent_on
from tests.doubles import memory_settings
from tests.service.serving import Replying

async def main(port, store, cache, delay_s, drain_s):
    set_up_logs("json")
    settings = memory_settings(service=ServiceSettings(key_rate="4/minute"))
    async with open_threads(store, None) as threads:
        agent = agent_on(threads, Replying(delay_s=delay_s))
        app = create_app(agent, settings, exchange=open_exchange(cache))
        await make_server(app, "127.0.0.1", port, drain_s).serve()

asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4]), float(sys.argv[5])))
"""
"""A server over doubles in a process of its own, by port, store, cache, seconds a token and seconds to drain."""
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def process(*arguments: str, port: int) -> AsyncIterator[tuple[asyncio.subprocess.Process, httpx2.AsyncClient]]:
    """A server process that is there, and a client for it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251
    child = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stderr=asyncio.subprocess.PIPE, env=environment
    )
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as client:
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


def serving_doubles(
    port: int, *, store: str = "memory://", cache: str = "memory://", delay_s: float = 0.01, drain_s: float = 10
) -> list[str]:
    return ["-c", SERVED, str(port), store, cache, str(delay_s), str(drain_s)]


def run(arguments: Sequence[str], store: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "ASTERISM_STORE__URL": f"sqlite:///{store}"}  # noqa: TID251
    return subprocess.run(
        [sys.executable, "-c", "from service.cli import main; main()", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_keys_are_made_listed_and_revoked(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    made = run(["keys", "add", "alice"], store)
    secret = made.stdout.strip()
    assert made.returncode == 0
    assert secret.startswith("ast_")
    key_id = secret.split("_")[1]
    listed = run(["keys", "list"], store)
    assert f"{key_id}  alice" in listed.stdout
    assert secret not in listed.stdout
    assert run(["keys", "revoke", key_id], store).returncode == 0
    assert "revoked" in run(["keys", "list"], store).stdout
    assert run(["keys", "revoke", key_id], store).returncode == 66
    bad = run(["keys", "add", "no name"], store)
    assert (bad.returncode, bad.stdout) == (78, "")


def test_a_public_address_without_keys_is_refused(tmp_path: Path) -> None:
    refused = run(["serve", "--host", "0.0.0.0", "--port", "0"], tmp_path / "store.db")
    assert refused.returncode == 78
    assert "asterism keys add" in refused.stderr


@pytest.mark.slow
async def test_sigterm_lets_running_answers_end_and_refuses_new_ones() -> None:
    port = free_port()
    async with process(*serving_doubles(port, delay_s=0.15), port=port) as (child, client):
        asks = [
            asyncio.create_task(client.post("/ask", json={"question": "How high?", "stream": stream}))
            for stream in (True, True, False)
        ]
        await asyncio.sleep(0.5)
        child.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.2)
        ready, late = await client.get("/readyz"), await client.post("/ask", json={"question": "Late?"})
        assert (ready.status_code, ready.json()["status"]) == (503, "not ready")
        assert (late.status_code, late.json()["code"]) == (503, "draining")
        assert late.headers["retry-after"]
        replies = await asyncio.gather(*asks)
        assert [reply.status_code for reply in replies] == [200, 200, 200]
        assert all("run.completed" in reply.text for reply in replies[:2])
        async with asyncio.timeout(10):
            assert await child.wait() == 0


@pytest.mark.slow
async def test_what_outlasts_the_drain_is_interrupted_and_resumed_by_the_next_process(tmp_path: Path) -> None:
    port, store = free_port(), f"sqlite:///{tmp_path}/store.db"
    async with process(*serving_doubles(port, store=store, delay_s=2, drain_s=0.5), port=port) as (child, client):
        asking = asyncio.create_task(client.post("/ask", json={"question": "How high?", "stream": True}))
        await asyncio.sleep(0.5)
        child.send_signal(signal.SIGTERM)
        reply = await asking
        last = json.loads(reply.text.strip().split("data: ")[-1])
        assert (last["type"], last["problem"]["code"]) == ("run.failed", "run-interrupted")
        async with asyncio.timeout(10):
            assert await child.wait() == 0
    run_id = reply.headers["x-run-id"]
    async with process(*serving_doubles(port, store=store), port=port) as (_, client):
        assert (await client.get(f"/runs/{run_id}")).json()["status"] == "interrupted"
        replayed = await client.get(f"/runs/{run_id}/events", headers={"Last-Event-ID": str(last["seq"] - 1)})
        assert "run-interrupted" in replayed.text
        resumed = await client.post(f"/runs/{run_id}/resume")
        assert (resumed.status_code, resumed.json()["run_id"]) == (200, run_id)
        assert (await client.get(f"/runs/{run_id}")).json()["status"] == "completed"
        assert (await client.post(f"/runs/{run_id}/resume")).status_code == 409


@pytest.mark.slow
async def test_the_log_has_the_runs_id_and_neither_question_nor_key() -> None:
    port = free_port()
    async with process(*serving_doubles(port), port=port) as (child, client):
        reply = await client.post(
            "/ask?token=sesame",
            json={"question": "What about Rumpelstiltskin?"},
            headers={"Authorization": "Bearer s3"},
        )
        child.send_signal(signal.SIGTERM)
        _, errors = await child.communicate()
    lines = [json.loads(line) for line in errors.decode().splitlines() if line.startswith("{")]
    assert [line["status"] for line in lines if line.get("run_id") == reply.headers["x-run-id"]] == [200]
    for secret in ("Rumpelstiltskin", "sesame", "Bearer"):
        assert secret not in errors.decode()
