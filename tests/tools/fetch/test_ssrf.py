"""No address of a page leads to a private server: our own cases, and the shared ones where that folder is at hand."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tools.fetch.internet import PUBLIC, SECRET, Authority, Internet, Route, online
from tests.tools.fetch.ssrf_cases import CASES, Case
from tools.errors import FetchError
from tools.fetch import Fetcher, FetchLimits

SHARED = Path(__file__).parents[3] / "../shared/cases/ssrf_cases.json"

_connected: list[tuple[Any, ...]] = []
_looked_up: list[Any] = []


def _listen(event: str, details: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        _connected.append(details[1])
    elif event == "socket.getaddrinfo":
        _looked_up.append(details[0])


sys.addaudithook(_listen)


@pytest.fixture(autouse=True)
def nothing_leaves_the_machine() -> Iterator[None]:
    """Sees every connect of the process, also those that bypass the rerouted network."""
    _connected.clear()
    _looked_up.clear()
    yield
    assert [address for address in _connected if address[0] != "127.0.0.1"] == []
    # Literal loopback addresses are what the servers and the rerouting bind and connect to.
    assert [host for host in _looked_up if host not in {"127.0.0.1", b"127.0.0.1"}] == []


def shared_cases() -> list[Any]:
    if not SHARED.exists():
        reason = "the shared SSRF cases are not beside this checkout"
        return [pytest.param(None, id="absent", marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(case, id=case["id"]) for case in json.loads(SHARED.read_text("utf-8"))["cases"]]


def to_route(spec: list[Any]) -> Route:
    status, location, headers, body = [*spec, None, None, None][:4] if len(spec) < 4 else spec
    return status, location, headers or {}, PUBLIC if body is None else body


def to_case(raw: dict[str, Any]) -> Case:
    names = {name.encode("idna").decode(): answers for name, answers in raw.get("dns", {}).items()}
    return Case(
        id=raw["id"],
        url=raw["url"],
        expect=raw["expect"],
        dns=names,
        cycle=raw.get("dns_cycle", False),
        server={path: to_route(spec) for path, spec in raw.get("server", {}).items()},
        env=raw.get("env", {}),
        repeat=raw.get("repeat", 1),
        max_requests=raw.get("max_requests", 20),
        may_connect=raw["group"] in {"redirect", "tls"},
    )


async def body_of(fetcher: Fetcher, url: str) -> str:
    """The body; of a refused or failed fetch, nothing."""
    try:
        return (await fetcher.fetch(url)).body.decode()
    except FetchError as error:
        return "" if error.remedy else "an error without a remedy"


async def judge(case: Case, authority: Authority) -> None:
    internet = Internet(case.dns, case.server, case.cycle)
    async with online(internet, authority, limits=FetchLimits(timeout_s=5.0)) as fetcher:
        for _ in range(case.repeat):
            body = await body_of(fetcher, case.url)
            assert internet.private_connects() == []
            assert SECRET not in body
            assert len(internet.requests) <= case.max_requests
            if case.expect == "block":
                assert body == ""
                assert case.may_connect or internet.connects == []
            elif case.expect == "allow":
                assert PUBLIC in body


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_an_address_is_judged_right(case: Case, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in case.env.items():
        monkeypatch.setenv(name, value)
    await judge(case, authority)


@pytest.mark.parametrize("raw", shared_cases())
async def test_a_shared_case_is_judged_right(
    raw: dict[str, Any], authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in raw.get("env", {}).items():
        monkeypatch.setenv(name, value)
    await judge(to_case(raw), authority)


async def test_the_harness_itself_sees_a_private_connection(authority: Authority) -> None:
    internet = Internet({"inside.example": [["10.0.0.1"]]}, {})
    limits = FetchLimits(allow_hosts=frozenset({"inside.example:80"}))
    async with online(internet, authority, limits=limits) as fetcher:
        fetched = await fetcher.fetch("http://inside.example/")
    assert fetched.body.decode() == SECRET
    assert internet.private_connects() == ["10.0.0.1"]
