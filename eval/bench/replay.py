"""The replay servers: a search engine, a web and a model with fixed delays, in a process of their own.

Run as `python -m eval.bench.replay`: writes its addresses to standard output as one line of JSON, and serves until
standard input is closed, so that it never outlives the one who started it.
"""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass

from eval.bench.pace import Pace

HOSTS = 14
"""Loopback addresses the web is spread over, as results are from many sites."""
START_TIMEOUT_S = 20.0
"""Longest wait for the process to serve; it needs about one second."""
STOP_TIMEOUT_S = 5.0
"""Longest wait for it to end before it is killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAddresses:
    """Where the replay servers listen."""

    base_url: str
    """Search and log: `/search`, `/log`."""
    model_url: str
    """`ASTERISM_MODEL__BASE_URL`."""
    hosts: tuple[str, ...]
    """`host:port` of every site, for `ASTERISM_FETCH__ALLOW_HOSTS`."""


@asynccontextmanager
async def replaying(pace: Pace) -> AsyncIterator[ReplayAddresses]:
    """Start the servers in a process of their own, and end it.

    Raises:
        RuntimeError: when they do not come up.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "eval.bench.replay",
        json.dumps(asdict(pace)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            line = await process.stdout.readline()
        if not line:
            raise RuntimeError("the replay servers did not start")
        told = json.loads(line)
        yield ReplayAddresses(base_url=told["base_url"], model_url=told["model_url"], hosts=tuple(told["hosts"]))
    finally:
        process.stdin.close()
        try:
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def listen(hosts: int) -> list[socket.socket]:
    """One socket a host, all with the same port; 127.0.0.1 alone where the system has no other loopback address."""
    first = socket.create_server(("127.0.0.1", 0))
    port = first.getsockname()[1]
    sockets = [first]
    for number in range(2, hosts + 1):
        try:
            sockets.append(socket.create_server((f"127.0.0.{number}", port)))
        except OSError:
            break
    return sockets


def addresses_of(sockets: list[socket.socket]) -> ReplayAddresses:
    """What to tell the one who asks."""
    hosts = tuple("{}:{}".format(*listener.getsockname()) for listener in sockets)
    return ReplayAddresses(base_url=f"http://{hosts[0]}", model_url=f"http://{hosts[0]}/v1", hosts=hosts)


async def serve(pace: Pace) -> None:
    """Serve until standard input is closed."""
    import uvicorn

    from eval.bench.replay_app import make_app

    sockets = listen(HOSTS)
    addresses = addresses_of(sockets)
    config = uvicorn.Config(make_app(pace, addresses.hosts), log_level="error", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=sockets))
    sys.stdout.write(json.dumps(asdict(addresses)) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    server.force_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(serve(Pace(**json.loads(sys.argv[1]))))
