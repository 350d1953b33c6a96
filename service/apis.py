"""Further APIs of the service: each adds itself to the app."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI

from service import mcp_server, openai_api
from service.hub import Hub

APIS: tuple[Callable[[FastAPI, Hub], AbstractAsyncContextManager[None] | None], ...] = (
    openai_api.install,
    mcp_server.install,
)
"""In the order of the OpenAPI document."""
