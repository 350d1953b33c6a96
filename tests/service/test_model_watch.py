"""The service starts without its model server, says so, and finds out how it calls functions when it is up."""

import asyncio
import contextlib

from model_backend import Brief, ChatRequest, Message
from model_backend.errors import ModelError
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel
from service.model_watch import get_to_know, keep_knowing
from tests.doubles import SayingModel, make_agent
from tests.model_backend.fake_server import FakeServer, call_pieces, calling, failing, saying
from tests.service.serving import serving

CALL = calling(*call_pieces(['{"query": "Oslo weather"}']))
SOON = (0.01, 0.02)


def model_at(base_url: str) -> OpenAICompatibleModel:
    return OpenAICompatibleModel(ModelOptions(base_url=base_url, name="megrez"))


async def test_a_server_that_comes_up_later_is_probed_then() -> None:
    async with FakeServer(replies=[failing(503, "loading")] * 3 + [CALL]) as server:
        model = model_at(server.base_url)
        async with asyncio.timeout(5):
            await get_to_know(model, again_s=SOON)
        assert model.probed
        assert model.ways == "the server's own function calling"
        await model.aclose()


async def test_a_probe_is_not_made_twice() -> None:
    async with FakeServer(replies=[CALL]) as server:
        model = model_at(server.base_url)
        for _ in range(2):
            await get_to_know(model, again_s=SOON)
        assert len(server.chats) == 1
        await model.aclose()


async def test_models_without_a_server_need_no_probe() -> None:
    await keep_knowing(SayingModel("x"))


async def test_a_server_that_was_gone_is_probed_anew() -> None:
    no_tools = failing(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set')
    async with FakeServer(replies=[no_tools, saying("no"), saying("no"), saying("no"), failing(500), CALL]) as server:
        model = model_at(server.base_url)
        watching = asyncio.create_task(keep_knowing(model, watch_s=0.01))
        async with asyncio.timeout(5):
            while not model.probed:  # noqa: ASYNC110  nobody tells
                await asyncio.sleep(0.01)
            assert model.ways == "rules that ask no model"
            request = ChatRequest(messages=(Message(role="user", content="?"),), brief=Brief(question="?"))
            with contextlib.suppress(ModelError):
                _ = [delta async for delta in model.stream(request)]
            while model.ways != "the server's own function calling":  # noqa: ASYNC110  nobody tells
                await asyncio.sleep(0.01)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await model.aclose()


async def test_the_service_starts_while_the_model_server_is_down_and_readiness_says_so() -> None:
    async with FakeServer(replies=[saying("x")]) as server:
        gone = server.base_url
    model = model_at(gone)
    async with serving(make_agent(model)) as served:
        ready = await served.client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        assert gone in ready.json()["parts"]["model"]
    await model.aclose()


async def test_the_ladder_is_chosen_when_the_service_starts() -> None:
    no_tools = failing(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set')
    megrez = '<|function_start|>{"name": "googleWebSearch", "arguments": {"query": "Oslo"}}<|function_end|>'
    async with FakeServer(replies=[no_tools, saying(megrez)]) as server:
        model = model_at(server.base_url)
        async with serving(make_agent(model)), asyncio.timeout(5):
            while not model.probed:  # noqa: ASYNC110  the service tells nobody
                await asyncio.sleep(0.01)
        assert model.ways == "the model's own call format, read by Asterism"
        await model.aclose()
