"""The service over doubles, started once for each file of tests."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.service.serving import Served, serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served
