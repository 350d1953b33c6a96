"""The API that OpenAI's and Perplexity's clients speak: `/v1/chat/completions`, `/v1/responses`, `/v1/models`."""

import time

from fastapi import FastAPI

from service.hub import Hub
from service.openai_api.errors import install_errors
from service.openai_api.routes import router


def install(app: FastAPI, hub: Hub) -> None:
    """Add the API to the service; its errors have OpenAI's shape."""
    install_errors(app)
    app.state.models_since = int(time.time())
    app.include_router(router)
