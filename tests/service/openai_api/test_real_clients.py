"""Clients that people use, against `asterism serve` with the embedded model over the sample web."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import openai
import pytest
import pytest_asyncio
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters

from eval.sample_library import index_sample_web
from eval.sample_web import serve_sample_web

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow, pytest.mark.clients]

QUESTION = "How tall is the tower of the Harrowick lighthouse?"
ROOT = Path(__file__).parents[3]
LITELLM_PYTHON = ROOT / ".venv-litellm/bin/python"
START_TIMEOUT_S = 40
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOLD_URL = "http://127.0.0.1:8080"
"""Where the README's service is."""


@dataclass(frozen=True)
class Service:
    """A running `asterism serve`."""

    url: str
    env: Mapping[str, str]
    """The environment it runs in."""
    command: list[str]
    """What starts `asterism`."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(command: list[str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    folder = tmp_path_factory.mktemp("served")
    async with serve_sample_web(slow_s=0.1) as web:
        await index_sample_web(folder / "library.db", web.base_url)
        env = {name: value for name, value in os.environ.items() if not name.startswith("ASTERISM_")}  # noqa: TID251
        env |= {
            "ASTERISM_STORE__URL": f"sqlite:///{folder / 'asterism.db'}",
            "ASTERISM_SEARCH__PROVIDERS": '["library"]',
            "ASTERISM_FETCH__ALLOW_HOSTS": json.dumps([web.base_url.removeprefix("http://").rstrip("/")]),
            "ASTERISM_FETCH__WORKERS": "1",
            "NO_PROXY": "127.0.0.1",
        }
        async with _serve(command, env, folder) as url:
            yield Service(url, env, command)


@asynccontextmanager
async def _serve(command: list[str], env: Mapping[str, str], folder: Path) -> AsyncIterator[str]:
    server = await asyncio.create_subprocess_exec(
        *(*command, "serve", "--port", "0"),
        cwd=folder,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert server.stderr is not None
    drain: asyncio.Task[bytes] | None = None
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            while "Asterism is at " not in (line := (await server.stderr.readline()).decode()):
                assert line, "the service ended before it listened"
        drain = asyncio.create_task(server.stderr.read())
        yield line.split("Asterism is at ")[1].split()[0]
    finally:
        if server.returncode is None:
            server.terminate()
        await server.wait()
        if drain is not None:
            await drain


def words_of(answer: str) -> str:
    """The beginning of an answer without the numbers of its marks.

    Of two runs, each reads and numbers pages as they come, so that marks and the last, least sure sentences differ.
    """
    return re.sub(r"\[\d+\]", "[]", answer).split("\n\n")[0]


async def test_openai_chat(service: Service) -> None:
    async with openai.AsyncOpenAI(base_url=f"{service.url}/v1", api_key="none") as client:
        whole = await client.chat.completions.create(model="asterism", messages=[{"role": "user", "content": QUESTION}])
        stream = await client.chat.completions.create(
            model="asterism", messages=[{"role": "user", "content": QUESTION}], stream=True
        )
        streamed = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
    content = whole.choices[0].message.content or ""
    assert "[1]" in content
    assert whole.choices[0].message.annotations
    assert words_of(streamed) == words_of(content)


async def test_openai_responses(service: Service) -> None:
    async with openai.AsyncOpenAI(base_url=f"{service.url}/v1", api_key="none") as client:
        whole = await client.responses.create(model="embedded", input=QUESTION)
        async with client.responses.stream(model="asterism", input=QUESTION) as stream:
            streamed = await stream.get_final_response()
    assert "[1]" in whole.output_text
    assert words_of(streamed.output_text) == words_of(whole.output_text)
    assert {item.type for item in whole.output} == {"web_search_call", "message"}


async def test_perplexity(service: Service) -> None:
    import perplexity  # It takes half a second, and other processes of the suite do without.

    client = perplexity.AsyncPerplexity(base_url=f"{service.url}/v1", api_key="none")
    async with client:
        whole = await client.chat.completions.create(
            model="asterism",
            messages=[{"role": "user", "content": QUESTION}],
            search_recency_filter="year",
            return_related_questions=True,
        )
        stream = await client.chat.completions.create(
            model="asterism", messages=[{"role": "user", "content": QUESTION}], stream=True
        )
        chunks = [chunk async for chunk in stream]
        with pytest.raises(perplexity.BadRequestError, match="search_recency_filter"):
            await client.chat.completions.create(
                model="asterism",
                messages=[{"role": "user", "content": QUESTION}],
                search_after_date_filter="01/01/2026",
            )
    assert whole.citations
    assert whole.search_results
    assert [result.url for result in whole.search_results] == whole.citations
    assert whole.usage is not None
    assert whole.usage.num_search_queries
    streamed = "".join(str(chunk.choices[0].delta.content or "") for chunk in chunks)
    assert "[1]" in streamed
    assert chunks[-1].citations


@pytest.mark.skipif(not LITELLM_PYTHON.exists(), reason="litellm has its own environment: `make test-clients` makes it")
async def test_litellm(service: Service) -> None:
    script = Path(__file__).with_name("litellm_client.py")
    env = {**service.env, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    child = await asyncio.create_subprocess_exec(
        str(LITELLM_PYTHON), str(script), service.url, QUESTION, env=env, stdout=asyncio.subprocess.PIPE
    )
    told = json.loads((await child.communicate())[0].splitlines()[-1])
    assert words_of(told["whole"]) == words_of(told["streamed"])
    assert "[1]" in told["whole"]
    assert told["citations"]


def use_it(language: str) -> str:
    """The code in that language of the README's section."""
    section = README.split("## Use it\n")[1].split("\n## ")[0]
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL))


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
async def test_the_curl_lines_of_the_readme(service: Service) -> None:
    lines = [line for line in use_it("sh").splitlines() if line.startswith("curl ")]
    assert len(lines) >= 2
    for line in lines:
        child = await asyncio.create_subprocess_shell(
            line.replace(TOLD_URL, service.url), env=dict(service.env), stdout=asyncio.subprocess.PIPE
        )
        out = (await child.communicate())[0].decode()
        last = json.loads(out.rsplit("data: ", 1)[-1])
        assert last["answer"]["answer"] if '"stream": true' in line else last["answer"], line


async def test_the_program_of_the_readme(service: Service) -> None:
    program = use_it("python").replace(TOLD_URL, service.url)
    said: list[object] = []
    await asyncio.to_thread(exec, program, {"print": lambda *words: said.extend(words)})
    answer, citations = said
    assert answer
    assert isinstance(citations, list)


async def test_mcp_over_http(service: Service) -> None:
    async with Client(f"{service.url}/mcp") as client:
        await _uses_the_tools(client)


async def test_mcp_over_standard_input_and_output(service: Service) -> None:
    program, *arguments = service.command
    started = StdioServerParameters(command=program, args=[*arguments, "mcp"], env=dict(service.env))
    async with Client(started) as client:
        await _uses_the_tools(client)


async def _uses_the_tools(client: Client) -> None:
    assert [tool.name for tool in (await client.list_tools()).tools] == ["ask", "search", "read_page"]
    steps: list[str] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        steps.append(message or "")

    asked = await client.call_tool("ask", {"question": QUESTION}, progress_callback=note)
    assert asked.structured_content is not None
    assert "[1]" in asked.structured_content["answer"]
    assert any(step.startswith("Read ") for step in steps)
    found = await client.call_tool("search", {"query": "Harrowick lighthouse"})
    assert found.structured_content is not None
    url = found.structured_content["results"][0]["url"]
    page = await client.call_tool("read_page", {"url": url, "max_chars": 50})
    assert page.structured_content is not None
    assert page.structured_content["end"] <= 50
    for private in ("http://127.0.0.1:1/", "http://169.254.169.254/latest/", "file:///etc/passwd"):
        refused = await client.call_tool("read_page", {"url": private})
        assert refused.is_error


async def test_the_document_of_the_api_names_every_route(service: Service) -> None:
    async with httpx2.AsyncClient(trust_env=False, verify=False) as client:
        document = (await client.get(f"{service.url}/openapi.json")).json()
    for path in ("/v1/chat/completions", "/v1/responses", "/v1/models"):
        assert path in document["paths"]
    assert "$defs" not in json.dumps(document["paths"])
