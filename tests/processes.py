"""What the kernel says about the processes that a test started."""

import os
from pathlib import Path


def children() -> list[int]:
    """Living children of this process, zombies too."""
    me = os.getpid()
    return [child for child, parent in _parents().items() if parent == me]


def descendants() -> list[int]:
    """Living children of this process and theirs, zombies too."""
    me = os.getpid()
    parents = _parents()
    mine = {me}
    while more := {child for child, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return list(mine - {me})


def _parents() -> dict[int, int]:
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[int(stat.parent.name)] = int(fields[1])
    return found


def peak_bytes(pid: int) -> int:
    """The most memory that a process had so far; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError):
        return 0
