"""The OpenAPI document is true: schemathesis asks what it allows and what it forbids, and looks at every answer.

`ASTERISM_TEST_EXAMPLES=200` makes it the full run.
"""

import asyncio
import os
import sys

import pytest

from service.routes.told import EVENT_TYPES
from tests.agent.test_attached import searching
from tests.doubles import make_agent
from tests.service.serving import serving

EXAMPLES = os.environ.get("ASTERISM_TEST_EXAMPLES", "3")  # noqa: TID251
"""Examples an operation: enough to see a wrong document, few enough for every run of the suite. Read before tests
clear it."""


async def test_every_operation_says_what_it_does_and_how_it_fails() -> None:
    async with serving() as served:
        document = (await served.client.get("/openapi.json")).json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], (method, path)
            assert {"401", "500"} <= set(operation["responses"]), (method, path)
            taken = operation.get("requestBody", {}).get("content", {}).values()
            given = operation["responses"].get("200", {}).get("content", {}).values()
            for content in [*taken, *given]:
                named = document["components"]["schemas"].get(content.get("schema", {}).get("$ref", "").split("/")[-1])
                assert "example" in content or "examples" in (named or {}), (method, path)
    assert "run.completed" in EVENT_TYPES
    assert len(EVENT_TYPES) == 14


@pytest.mark.slow
@pytest.mark.clients
async def test_schemathesis_finds_nothing_wrong() -> None:
    pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    async with serving(make_agent(searching())) as served:
        child = await asyncio.create_subprocess_exec(
            *(
                "env",
                "SCHEMATHESIS_HOOKS=tests.service.schema_hooks",
                sys.executable,
                "-m",
                "schemathesis.cli",
                "run",
                f"{served.url}/openapi.json",
            ),
            *("--checks", "all", "-n", EXAMPLES, "--phases", "examples,fuzzing", "--no-color", "--seed", "1"),
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await child.communicate()
    assert child.returncode == 0, out.decode()[-4000:]
