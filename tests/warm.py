"""The command for tests that start it often: forked from a process with everything loaded, in 30 ms instead of 1.5 s.

`python -m tests.warm SOCKET` is that process; `warm_call.py` asks it. What comes out is the command in a process of its
own, with its own streams, environment, folder and exit code; only its modules were loaded by another.
"""

import gc
import importlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CALLER = Path(__file__).with_name("warm_call.py")
READY = b"ready"
LOADED = ("agent.build", "agent.graph", "service.cli", "service.commands.ask", "service.commands.chat")


@contextmanager
def warmed_up(folder: Path) -> Iterator[list[str]]:
    """The words that start the command, in place of `asterism`, until the end of the block."""
    path = str(folder / "warm.sock")
    words = [sys.executable, "-m", "tests.warm", path]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=CALLER.parents[1], stdin=pipe, stdout=pipe) as template:
        assert template.stdout is not None
        assert template.stdout.read(len(READY)) == READY
        yield [sys.executable, "-IS", str(CALLER), path]


def serve(path: str) -> None:
    """Take calls until standard input ends; in each process that it forks, be the command."""
    for module in LOADED:
        importlib.import_module(module)
    assert threading.active_count() == 1, "a fork takes one thread along"
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen(64)
        sys.stdout.buffer.write(READY)
        sys.stdout.flush()
        while True:
            if 0 in select.select([0, listening.fileno()], [], [])[0]:
                return
            calling, _ = listening.accept()
            if os.fork() == 0:
                break
            calling.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(calling, 4, 3)
    call = calling.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL)
    command = os.fork()
    if command:
        _watch(calling, command, streams)
    calling.close()
    _become(call.decode("utf-8", "surrogateescape").split("\0"), streams)
    from service.cli import main

    main()


def _watch(calling: socket.socket, command: int, streams: list[int]) -> None:
    """Pass the caller's signals on, and how the command ends to the caller; the end of the caller ends it too."""
    for number in (0, 1, 2, *streams):
        os.close(number)
    ended = os.pidfd_open(command)
    while ended not in select.select([calling.fileno(), ended], [], [])[0]:
        os.kill(command, (calling.recv(1) or bytes([signal.SIGKILL]))[0])
    code = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
    calling.send(code.to_bytes(4, "big", signed=True))
    os._exit(0)


def _become(call: list[str], streams: list[int]) -> None:
    """Take the caller's folder, words, environment and streams over."""
    folder, open_streams, count, *rest = call
    os.chdir(folder)
    sys.argv = ["asterism", *rest[: int(count)]]
    os.environ.clear()  # noqa: TID251
    for line in rest[int(count) :]:
        name, _, value = line.partition("=")
        os.environ[name] = value  # noqa: TID251
    for number in (0, 1, 2):
        os.close(number)
    for number, handed in zip(map(int, open_streams), streams, strict=True):
        os.dup2(handed, number)
        os.close(handed)
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "utf-8").partition(":")  # noqa: TID251
    errors = errors or "strict"
    sys.stdin = _stream(0, "r", encoding, errors)
    sys.stdout = _stream(1, "w", encoding, errors)
    sys.stderr = _stream(2, "w", encoding, "backslashreplace")


def _stream(number: int, mode: str, encoding: str, errors: str) -> Any:
    """As the interpreter makes it at its start: none where the stream is closed, errors line by line."""
    try:
        return open(number, mode, encoding=encoding, errors=errors, closefd=False, buffering=1 if number == 2 else -1)
    except OSError:
        return None


if __name__ == "__main__":
    serve(sys.argv[1])
