"""Real servers that tests start for themselves on loopback, in a folder that goes away: PostgreSQL and Redis."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import pytest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        assert isinstance(port, int)
        return port


def wait_for(port: int, *, timeout_s: float = 15.0) -> None:
    give_up_at = time.monotonic() + timeout_s
    while time.monotonic() < give_up_at:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens at port {port}")


def wait_for_postgres(data: Path, *, timeout_s: float = 30.0) -> None:
    """It listens before it serves; the last line of its file of state says when it does."""
    give_up_at = time.monotonic() + timeout_s
    state = data / "postmaster.pid"
    while time.monotonic() < give_up_at:
        if state.exists() and state.read_text(encoding="utf-8").split()[-1:] == ["ready"]:
            return
        time.sleep(0.05)
    raise TimeoutError("PostgreSQL did not start")


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of an empty database; skips where PostgreSQL is not installed."""
    found = sorted(glob("/usr/lib/postgresql/*/bin/initdb"))
    program = found[-1] if found else shutil.which("initdb")
    if program is None:
        pytest.skip("PostgreSQL is not installed (apt install postgresql)")
    pytest.importorskip("psycopg_pool", reason="the extra `postgres` is not installed")
    bin_folder = Path(program).resolve().parent
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="asterism-pg-"))
    if user:
        shutil.chown(folder, user)
    data, port = folder / "data", free_port()
    try:
        subprocess.run(
            [
                bin_folder / "initdb",
                "-D",
                data,
                "-U",
                "asterism",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-N",
            ],
            user=user,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=folder,
        )
        server = subprocess.Popen(
            [
                *(bin_folder / "postgres", "-D", data, "-p", str(port), "-k", str(folder)),
                *("-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=16MB", "-c", "fsync=off"),
            ],
            user=user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        try:
            wait_for_postgres(data)
            yield f"postgresql://asterism@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class RedisServer:
    """A Redis that can be killed and started again."""

    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
        )
        wait_for(self.port)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=10)
            self.process = None


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A Redis; skips where it is not installed."""
    if shutil.which("redis-server") is None:
        pytest.skip("Redis is not installed (apt install redis-server)")
    pytest.importorskip("redis", reason="the extra `redis` is not installed")
    server = RedisServer(free_port())
    server.start()
    try:
        yield server
    finally:
        server.kill()
