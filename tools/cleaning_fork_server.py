"""Where cleaning workers come from: one process with the parsers loaded, started by `exec` with an empty environment.

It is never forked from a threaded loop, and no key is within reach of what parses pages. It belongs to no loop, so that
several pools may share it. That of `multiprocessing` is not used: it inherits the environment with its keys, and its
processes import the program's main module.
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

_PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from tools.clean.fork_server import run; run()"


class ForkServer:
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
            try:
                self._order_fork(ORDER.pack(FORK, cpu_s, growth_bytes), theirs)
            except OSError:
                ours.close()
                raise
        return ours

    def kill(self, worker: int) -> None:
        """End a worker at once; whoever reads from its socket comes to the end."""
        if self._orders is not None:
            with suppress(OSError):
                self._orders.send(ORDER.pack(KILL, worker, 0))

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

    def _order_fork(self, order: bytes, worker: socket.socket) -> None:
        orders = self._orders or self._start()
        try:
            socket.send_fds(orders, [order], [worker.fileno()])
        except OSError:
            self.close()
            socket.send_fds(self._start(), [order], [worker.fileno()])

    def _start(self) -> socket.socket:
        self._orders, theirs = socket.socketpair()
        self._orders.settimeout(SEND_TIMEOUT_S)
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
        return self._orders
