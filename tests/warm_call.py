"""Stands for the command `asterism`: `python -IS warm_call.py SOCKET WORDS...` has `tests.warm` run the words.

Hands over folder, environment and those standard streams that are open, passes signals on, ends as the command ends.
Imports next to nothing: it is started a hundred times.
"""

import os
import signal
import socket
import sys

PASSED_ON = (signal.SIGINT, signal.SIGTERM)


def main() -> None:
    path, *words = sys.argv[1:]
    # Before anything else is opened: a socket would take the number of a stream that is closed.
    streams = [number for number in (0, 1, 2) if _is_open(number)]
    for number in {0, 1, 2} - set(streams):
        os.dup2(os.open(os.devnull, os.O_RDWR), number)
    environment = [f"{name}={value}" for name, value in os.environ.items()]  # noqa: TID251
    parts = [os.getcwd(), "".join(map(str, streams)), str(len(words)), *words, *environment]
    call = "\0".join(parts).encode("utf-8", "surrogateescape")
    with socket.socket(socket.AF_UNIX) as talking:
        for sign in PASSED_ON:
            signal.signal(sign, lambda number, _: talking.send(bytes([number])))
        talking.connect(path)
        socket.send_fds(talking, [len(call).to_bytes(4, "big")], streams)
        talking.sendall(call)
        code = int.from_bytes(talking.recv(4), "big", signed=True)
    os._exit(code if code >= 0 else 128 - code)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


main()
