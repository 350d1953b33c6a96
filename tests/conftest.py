"""For every test: no settings from outside, and no traffic but to loopback."""

import gc
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.warm import warmed_up
from tools.cleaning_fork_server import ForkServer

# Enough to find what is wrong again and again; `--hypothesis-profile default` looks longer. A busy machine is no fault.
settings.register_profile("suite", max_examples=60, deadline=None, database=None)
settings.load_profile("suite")

LOOPBACK = ("127.", "::1", "localhost")

# Programs that the tests start, and pytest itself, load their modules twice as fast from bytecode that is kept.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # noqa: TID251
# Nor do users have their output written letter by letter.
os.environ.pop("PYTHONUNBUFFERED", None)  # noqa: TID251

# A shell that runs the tests in the background has them, and all that they start, ignore Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Modules and tests are made once and stay: looking through them for garbage takes a fifth of the collection.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on garbage is collected again, but for what is there already."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """What to write in place of `asterism` in a call; see `tests.warm`."""
    with warmed_up(tmp_path_factory.mktemp("warm")) as words:
        yield words


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """One for all tests that are not about how workers start."""
    with ForkServer() as opened:
        yield opened


@pytest.fixture(scope="session")
def _nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of tests that ask for none: a folder for each of them costs more than most of them."""
    return tmp_path_factory.mktemp("nowhere")


@pytest.fixture(autouse=True)
def _clean_settings(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, _nowhere: Path) -> Iterator[None]:
    """The environment and the working folder hold no settings of the person who runs the tests, nor of another test."""
    for name in [name for name in os.environ if name.startswith("ASTERISM_")]:  # noqa: TID251
        monkeypatch.delenv(name)
    folder: Path = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else _nowhere
    # One test has few pages.
    monkeypatch.setenv("ASTERISM_FETCH__WORKERS", "1")
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    monkeypatch.chdir(folder)
    yield
    for left in _nowhere.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere else is a failure, not a slow test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if isinstance(address, tuple) and not str(host).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
