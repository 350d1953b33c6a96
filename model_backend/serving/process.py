"""A model server as a child process: started, watched until it is ready, stopped cleanly."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from model_backend.errors import ModelError, ModelTimeout, ModelUnreachable
from model_backend.openai_compatible.connection import Connection
from model_backend.serving.launch import LaunchPlan

READY_TIMEOUT_S = 1800.0
"""Longest wait for readiness: 34 billion parameters from a slow disk take some minutes, downloading them far longer."""
POLL_S = 0.5
STOP_TIMEOUT_S = 20.0
"""Longest wait after SIGINT or SIGTERM; then SIGKILL. vLLM needs up to 3 s."""
ASK_TIMEOUT_S = 2.0

Progress = Callable[[float], None]
"""Told every half second how long the wait has been, in seconds."""


@asynccontextmanager
async def serving(
    plan: LaunchPlan,
    *,
    progress: Progress | None = None,
    log: Path | None = None,
    ready_timeout_s: float = READY_TIMEOUT_S,
) -> AsyncIterator["asyncio.subprocess.Process"]:
    """A server that is ready; stopped at the end, with everything it started.

    Args:
        plan: What to start.
        progress: Told while it loads.
        log: File its output goes to; unset passes it through.
        ready_timeout_s: Longest wait.

    Raises:
        ModelError: when its program is not there, its address is taken, or it ends before it is ready.
        ModelTimeout: when it is not ready in time.
    """
    _require_free(plan)
    output: IO[bytes] | None = await asyncio.to_thread(log.open, "ab") if log else None
    try:
        try:
            process = await asyncio.create_subprocess_exec(
                *plan.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # A group of its own, so that what it starts is stopped with it, and Ctrl-C reaches it through us only.
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise ModelError(
                f"The program {plan.command[0]} is not there.",
                remedy=f"Install {plan.engine}, or name its program with --executable.",
            ) from error
        try:
            await wait_until_ready(process, plan, progress=progress, timeout_s=ready_timeout_s)
            yield process
        finally:
            await stop(process)
    finally:
        if output is not None:
            output.close()


async def wait_until_ready(
    process: "asyncio.subprocess.Process", plan: LaunchPlan, *, progress: Progress | None, timeout_s: float
) -> None:
    """Wait until the server lists the model.

    Raises:
        ModelError: when the process ends first.
        ModelTimeout: when it takes too long.
    """
    started = time.monotonic()
    connection = Connection(plan.base_url, "")
    try:
        while True:
            if process.returncode is not None:
                raise ModelError(
                    f"{plan.engine} ended with code {process.returncode} before it was ready.",
                    remedy="Read its output above; --print shows the command to try by hand.",
                )
            try:
                if await connection.models(timeout_s=ASK_TIMEOUT_S):
                    return
            except (ModelUnreachable, ModelTimeout):
                pass
            waited = time.monotonic() - started
            if waited > timeout_s:
                raise ModelTimeout(
                    f"{plan.engine} was not ready within {timeout_s:.0f} s.", remedy="Read its output above."
                )
            if progress is not None:
                progress(waited)
            await asyncio.sleep(POLL_S)
    finally:
        await connection.aclose()


async def stop(process: "asyncio.subprocess.Process") -> None:
    """Ask to end, then insist; with the whole group of the process."""
    # A shell has what it starts in the background ignore Ctrl-C, and an engine may have got that from us.
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    for sign in (signal.SIGTERM if deaf else signal.SIGINT, signal.SIGKILL):
        if process.returncode is None:
            _signal(process.pid, sign)
        try:
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await process.wait()
            break
        except TimeoutError:
            continue
    # Workers that outlived their parent.
    _signal(process.pid, signal.SIGKILL)


async def serve_until_stopped(plan: LaunchPlan, *, progress: Progress, ready: Callable[[], None]) -> int:
    """Start, tell when ready, and stay until the server ends or we are stopped; its exit code."""
    async with serving(plan, progress=progress) as process:
        ready()
        return await process.wait()


def _require_free(plan: LaunchPlan) -> None:
    """Whatever listens there already would be taken for the server that was started."""
    parts = urlsplit(plan.base_url)
    try:
        with socket.socket(socket.AF_INET6 if ":" in (parts.hostname or "") else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((parts.hostname, parts.port))
    except OSError as error:
        raise ModelError(
            f"The address {parts.netloc} cannot be used ({error.strerror}).",
            remedy="Choose another with --host or --port, or stop what listens there.",
        ) from error


def _signal(group: int, sign: signal.Signals) -> None:
    try:
        os.killpg(group, sign)
    except ProcessLookupError:
        return
