"""Where cleaning workers come from: one process with the parsers loaded, started by `exec` with an empty environment.

It is never forked from a threaded loop, and no key is within reach of what parses pages. It belongs to no loop: one
nursery may serve several pools.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Self

from tools.clean.worker_protocol import FORK, KILL, ORDER

SEND_TIMEOUT_S = 5.0
"""An order is 17 bytes and waits in the socket's buffer; longer waits only who asks for thousands of workers."""

_PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from tools.clean.nursery import run; run()"


class Nursery:
    """A process that workers are forked from; started with the first worker, and again when it is gone."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def fork(self, *, cpu_s: int, growth_bytes: int) -> socket.socket:
        """A socket to a new worker; it is answered when the parsers are loaded.

        Args:
            cpu_s: CPU seconds one page may take.
            growth_bytes: Memory the worker may take beyond its loaded parsers.

        Raises:
            OSError: There can be no more processes or sockets.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            order = ORDER.pack(FORK, cpu_s, growth_bytes)
            try:
                self._send(order, [theirs.fileno()])
            except OSError:
                self.close()
                try:
                    self._send(order, [theirs.fileno()])
                except OSError:
                    ours.close()
                    raise
        return ours

    def kill(self, worker: int) -> None:
        """End a worker at once; whoever reads from its socket comes to the end."""
        if self._orders is not None:
            with suppress(OSError):
                self._send(ORDER.pack(KILL, worker, 0), [])

    def close(self) -> None:
        """End the process and all its workers."""
        if self._orders is not None:
            self._orders.close()
            self._orders = None
        if self._process is not None:
            # They are one group, whose number is nobody else's until `wait` has collected the process.
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _send(self, order: bytes, fds: list[int]) -> None:
        if self._orders is None:
            self._start()
        assert self._orders is not None
        socket.send_fds(self._orders, [order], fds)

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(SEND_TIMEOUT_S)
        command = (sys.executable, "-P", "-c", _PROGRAM, json.dumps(sys.path))
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                start_new_session=True,
            )
        self._orders = ours
