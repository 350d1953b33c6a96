"""Pages are fetched by the guarded fetcher and by nothing else in this program."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("agent", "tools", "model_backend", "prompts", "service", "eval")

CLIENTS = {
    "httpx",
    "httpx2.AsyncClient",
    "httpx2.Client",
    "httpx2.get",
    "httpx2.post",
    "httpx2.stream",
    "httpx2.request",
    "httpcore2.AsyncConnectionPool",
    "requests",
    "aiohttp",
    "urllib3",
    "urllib.request",
    "http.client",
    "primp",
    "playwright",
    "ddgs",
    "trafilatura.fetch_url",
    "trafilatura.fetch_response",
    "trafilatura.downloads",
    "trafilatura.spider",
}
"""What could fetch a page behind the guard's back."""

ALLOWED = {
    "tools/fetch/fetcher.py": {"httpcore2.AsyncConnectionPool"},
    "model_backend/openai_compatible/connection.py": {"httpx2.AsyncClient"},  # the model server out of the settings
    "tools/render/chromium.py": {"playwright"},
    "tools/render/renderer.py": {"playwright"},  # a browser whose every request the guarded fetcher answers
    "tools/render/traffic.py": {"playwright"},
    "tools/search/_http.py": {"httpx2.AsyncClient"},  # addresses out of the settings
    "tools/search/duckduckgo.py": {"ddgs"},  # its own address
}


def clients_in(source: str) -> set[str]:
    if not any(client.split(".")[0] in source for client in CLIENTS):
        return set()  # It takes a second to parse them all.
    return {client for name in names_in(ast.parse(source)) for client in CLIENTS if covers(client, name)}


def names_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute):
            yield ast.unparse(node)


def covers(client: str, name: str) -> bool:
    return name == client or name.startswith(f"{client}.")


def test_no_other_client_is_used() -> None:
    used = {
        str(path.relative_to(ROOT)): found
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if (found := clients_in(path.read_text("utf-8")) - ALLOWED.get(str(path.relative_to(ROOT)), set()))
    }
    # What measures the running program over HTTP, from outside, asks loopback servers and no pages.
    assert {path: found for path, found in used.items() if not path.startswith("eval/")} == {}


@pytest.mark.parametrize(
    "line",
    [
        "import requests",
        "from urllib.request import urlopen",
        "import httpx2\nhttpx2.get('x')",
        "from ddgs import DDGS",
    ],
)
def test_the_check_itself_sees_a_client(line: str) -> None:
    assert clients_in(line)


def test_parsing_an_address_is_no_client() -> None:
    assert not clients_in("import httpx2\nhttpx2.URL('http://x')\nfrom urllib.parse import urlsplit")
