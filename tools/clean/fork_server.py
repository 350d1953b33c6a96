"""The process that workers are forked from: the parsers are loaded once, and a new worker is there in milliseconds.

Started by `tools.cleaning_fork_server` only, which holds the other end of its standard input. It never sees a page.
"""

import os
import select
import signal
import socket

from tools.clean.worker import serve, warm_up
from tools.clean.worker_protocol import BORN, FORK, ORDER


def run() -> None:
    """Fork and kill as told, until the other end of standard input is closed."""
    orders = socket.socket(fileno=os.dup(0))
    os.dup2(1, 0)  # Workers must not be able to give orders.
    warm_up()
    ended, wakes = socket.socketpair()
    wakes.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno())
    signal.signal(signal.SIGCHLD, _note)
    alive: set[int] = set()
    while True:
        ready = select.select([orders, ended], [], [])[0]
        if ended in ready:
            ended.recv(64)
            _collect(alive)
        if orders not in ready:
            continue
        order, fds, _, _ = socket.recv_fds(orders, ORDER.size, 1)
        if len(order) < ORDER.size:
            break
        kind, first, second = ORDER.unpack(order)
        if kind == FORK:
            child = os.fork()
            if child == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for ours in (orders, ended, wakes):
                    ours.close()
                _be_a_worker(fds[0], first, second)
            alive.add(child)
            os.close(fds[0])
        elif first in alive:
            # A number is nobody else's for as long as its process has not been collected.
            os.kill(first, signal.SIGKILL)
    for child in alive:
        os.kill(child, signal.SIGKILL)


def _note(*_: object) -> None:
    """A worker has ended; the loop looks which."""


def _be_a_worker(fd: int, cpu_s: int, growth_bytes: int) -> None:
    try:
        with socket.socket(fileno=fd) as talking, talking.makefile("rb") as jobs, talking.makefile("wb") as outcomes:
            outcomes.write(BORN.pack(os.getpid()))
            outcomes.flush()
            serve(jobs, outcomes, cpu_s, growth_bytes)
    finally:
        os._exit(0)


def _collect(alive: set[int]) -> None:
    """Take leave of those that have ended."""
    while alive:
        ended, _ = os.waitpid(-1, os.WNOHANG)
        if ended == 0:
            return
        alive.discard(ended)
