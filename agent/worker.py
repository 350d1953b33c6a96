"""Who works on a run: this process, named so that anybody can tell later whether it still lives."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Worker:
    """One process of one machine. The start time tells it from a later process with the same number."""

    host: str
    pid: int
    started: str

    def __str__(self) -> str:
        return f"{self.host}/{self.pid}/{self.started}"

    @staticmethod
    def parse(text: str) -> "Worker":
        """The reverse of `str`.

        Raises:
            ValueError: when it is none.
        """
        host, pid, started = text.rsplit("/", 2)
        return Worker(host, int(pid), started)


def this_worker() -> Worker:
    """The process that calls."""
    return Worker(socket.gethostname(), os.getpid(), _start_of(os.getpid()))


def is_working(worker: str, lease_until: float, *, now: float, me: Worker) -> bool:
    """Whether the run's process can still be at it.

    On our own machine the process table says so at once. Of another machine we only know that no run outlives its
    deadline, which is what the lease is made from.
    """
    try:
        other = Worker.parse(worker)
    except ValueError:
        return False
    if other.host == me.host:
        return _start_of(other.pid) == other.started
    return now < lease_until


def _start_of(pid: int) -> str:
    """When a process was started, in clock ticks since boot; empty when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return "" if Path("/proc/self").exists() or not _answers(pid) else "unknown"
    except OSError:
        return ""
    # The second field is the command in brackets and may hold spaces; the start time is field 22 (proc(5)).
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else rest[18]


def _answers(pid: int) -> bool:
    """Whether a process exists, where there is no /proc."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
