"""The browser's walls: it runs without network, environment, profile or downloads.

Every request of a page is meant to be answered by us. What slips past (a WebSocket, a preconnect, a STUN packet) finds
a proxy address where nobody listens, a resolver that knows no name, and no way for datagrams.
"""

import importlib.util
import os
import shutil
import socket
from collections.abc import Iterable
from pathlib import Path

from tools.errors import CleanError

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
"""Programs looked for, in order, when none is named."""

FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-bypass-list=<-loopback>",  # loopback goes to the proxy too, not around it
    "--dns-prefetch-disable",
    "--no-pings",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-remote-fonts",
    "--disable-speech-api",
    "--mute-audio",
    "--js-flags=--max-old-space-size=256",
)

WITHOUT = (
    "RTCPeerConnection",
    "webkitRTCPeerConnection",
    "WebTransport",
    "WebSocket",
    "WebSocketStream",
    "EventSource",
    "SharedWorker",
)
"""Doors that only lead to a wall; pages that test for them go other ways."""

SHUT_DOORS = f"for (const name of {list(WITHOUT)!r}) delete globalThis[name];"
"""Run in every document before its own scripts."""


def find_browser(named: str) -> str:
    """The path of the browser: the one that is named, or the first one installed.

    Raises:
        CleanError: when there is none, or playwright is not installed.
    """
    if importlib.util.find_spec("playwright") is None:
        raise CleanError(
            "Rendering needs playwright.",
            remedy="Install it with `pip install 'asterism[render]'`, or set ASTERISM_FETCH__RENDER=false.",
        )
    names: Iterable[str] = (named,) if named else NAMES
    found = next((path for name in names if (path := shutil.which(name))), "")
    if not found:
        missing = f"There is no browser {named!r}." if named else "No Chromium is installed."
        raise CleanError(missing, remedy="Install one, or set ASTERISM_FETCH__RENDER_BROWSER to its path.")
    return found


def may_sandbox() -> bool:
    """Whether Chromium's own sandbox can be used: it refuses to start for root."""
    return os.geteuid() != 0


class Nowhere:
    """A port on loopback that we hold and never listen at, so that every connection to it is refused."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))

    @property
    def proxy(self) -> str:
        """As a browser wants its proxy."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()


def memory_bytes(pids: Iterable[int]) -> int:
    """Memory that the processes hold of their own; those that are gone count as nothing."""
    page = os.sysconf("SC_PAGE_SIZE")
    total = 0
    for pid in pids:
        try:
            _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text("ascii").split()
        except (OSError, ValueError):
            continue
        total += (int(resident) - int(shared)) * page
    return total
