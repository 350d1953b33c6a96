"""Whatever a world of names and redirects looks like, the fetcher connects to no private address in it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.fetch.internet import SECRET, Internet, Rerouted, Route, answer
from tools.errors import FetchError
from tools.fetch import Fetcher, FetchLimits

HOSTS = ("one.example", "two.example", "three.example")
PUBLIC_ADDRESSES = ("104.16.1.1", "93.184.216.34", "2606:4700::1")
PRIVATE_ADDRESSES = (
    "127.0.0.1",
    "10.1.2.3",
    "::1",
    "::ffff:127.0.0.1",
    "169.254.169.254",
    "fe80::1%lo",
    "fd00::1",
    "0.0.0.0",
)
ANSWERS = st.lists(st.sampled_from(PUBLIC_ADDRESSES + PRIVATE_ADDRESSES), max_size=3)
"""What one lookup says; a name that points to a private one (CNAME) is answered with its addresses all the same."""
TARGETS = st.one_of(
    st.sampled_from(HOSTS).map(lambda host: f"http://{host}/go"),
    st.sampled_from(["/go", "//two.example/go", "http://TWO.example./go", "?again"]),
    st.sampled_from(["127.1", "[::1]", "0x7f000001", "localhost.", "one.example@10.0.0.1", "one.example:22"]).map(
        lambda host: f"http://{host}/"
    ),
)
NAMES = st.fixed_dictionaries({host: st.lists(ANSWERS, min_size=1, max_size=3) for host in HOSTS})


@asynccontextmanager
async def living_in(internet: Internet) -> AsyncIterator[Fetcher]:
    async def tell_secret(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer((200, None, {"Connection": "close"}, SECRET)))
        writer.close()

    servers = [await asyncio.start_server(serve, "127.0.0.1", 0) for serve in (internet.serve, tell_secret)]
    public, private = (server.sockets[0].getsockname()[1] for server in servers)
    fetcher = Fetcher(
        FetchLimits(timeout_s=2.0),
        resolve=internet.resolve,
        network=Rerouted(internet, public, public, private),
        ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )
    try:
        yield fetcher
    finally:
        await fetcher.aclose()
        for server in servers:
            server.close()


@settings(max_examples=60, deadline=None)
@given(NAMES, st.lists(TARGETS, min_size=1, max_size=4), st.sampled_from(HOSTS), st.sampled_from([301, 302, 307]))
def test_no_world_leads_to_a_private_address(
    names: dict[str, list[list[str]]], targets: list[str], start: str, status: int
) -> None:
    left = list(targets)

    class Turning(dict[str, Route]):
        """Each request is sent on to the next target; the last one is a page."""

        def get(self, key: str, default: Route | None = None) -> Route:  # type: ignore[override]
            return (status, left.pop(0), {}, "") if left else (200, None, {}, "PUBLIC")

    async def visit() -> None:
        internet = Internet(names, Turning(), cycle=True)
        async with living_in(internet) as fetcher:
            for _ in range(2):
                with suppress(FetchError):
                    assert SECRET not in (await fetcher.fetch(f"http://{start}/")).body.decode()
                assert internet.private_connects() == []

    asyncio.run(visit())
