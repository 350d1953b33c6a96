"""The server around transformers, with a stand-in for the weights: prompts, streaming, stops, refusals."""

import asyncio
import base64
import socket
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from model_backend import Brief, ChatRequest, Message, TextDelta
from model_backend.errors import ModelRefused
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel
from model_backend.transformers_server.app import make_app
from model_backend.transformers_server.families import Wish
from model_backend.transformers_server.prompts import BadRequest, inf_prompt, omni_turns


class Standin:
    """Says its words one by one, for as long as it is let."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.said = 0
        self.stopped = False
        self.prompts: list[str] = []

    def count(self, messages: Sequence[Mapping[str, Any]]) -> int:
        return len(inf_prompt(messages)) // 4

    def pieces(self, wish: Wish, stopped: threading.Event) -> Iterator[str]:
        self.prompts.append(inf_prompt(wish.messages))
        for word in self.words:
            self.said += 1
            yield word
        self.stopped = stopped.is_set()


@asynccontextmanager
async def serving(family: Standin, name: str = "inf-34b-chat") -> AsyncIterator[OpenAICompatibleModel]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(make_app(family, "inf-34b-chat", 2048), log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    model = OpenAICompatibleModel(ModelOptions(base_url=address, name=name))
    try:
        yield model
    finally:
        await model.aclose()
        server.should_exit = True
        await task


def asking(words: str = "Why?") -> ChatRequest:
    system = Message(role="system", content="Be brief.")
    return ChatRequest(
        messages=(system, Message(role="user", content=words)), brief=Brief(question=words), max_tokens=50
    )


def test_inf_gets_its_published_turns() -> None:
    messages: list[Mapping[str, Any]] = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
        {"role": "user", "content": [{"type": "text", "text": "c"}]},
    ]
    assert inf_prompt(messages) == (
        "<|start|>user\na<|end|>\n<|start|>assistant<|message|>b<|end|>\n<|start|>user\nc<|end|>\n"
        "<|start|>assistant<|message|>"
    )


def test_instructions_open_the_first_question() -> None:
    messages = [{"role": "system", "content": "S"}, {"role": "user", "content": "a"}]
    assert inf_prompt(messages).startswith("<|start|>user\nS\n\na<|end|>")
    with pytest.raises(BadRequest):
        inf_prompt([{"role": "tool", "content": "x"}])


def test_omni_gets_one_file_a_message() -> None:
    data = base64.b64encode(b"file").decode()
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}}
    sound = {"type": "input_audio", "input_audio": {"data": data, "format": "wav"}}
    turn = omni_turns([{"role": "user", "content": [image, {"type": "text", "text": "What?"}]}])[0]
    assert (turn.text, turn.image, turn.audio) == ("What?", b"file", b"")
    assert omni_turns([{"role": "user", "content": [sound]}])[0].audio == b"file"
    for parts in [[image, image], [image, sound], [{"type": "image_url", "image_url": {"url": "http://x/y.png"}}]]:
        with pytest.raises(BadRequest):
            omni_turns([{"role": "user", "content": parts}])


async def test_a_reply_streams_up_to_its_stop_text() -> None:
    family = Standin("It ", "rains", ".<|e", "nd|>", "never")
    async with serving(family) as model:
        await model.prepare()
        heard = [delta async for delta in model.stream(asking())]
        assert model.context_tokens == 2048
    assert "".join(delta.text for delta in heard if isinstance(delta, TextDelta)).startswith("It rains.")
    assert "never" not in str(heard)
    assert "Be brief.\n\nWhy?" in family.prompts[0]


async def test_what_it_cannot_do_is_refused_as_vllm_would() -> None:
    async with serving(Standin("x"), name="nope") as model:
        with pytest.raises(ModelRefused) as caught:
            _ = [delta async for delta in model.stream(asking())]
    assert "inf-34b-chat" in caught.value.remedy


async def test_a_prompt_above_the_window_is_cut_to_it() -> None:
    family = Standin("x")
    async with serving(family) as model:
        # Forty thousand characters are cut to the window that the server told.
        await model.prepare()
        _ = [delta async for delta in model.stream(asking("word " * 8000))]
    assert len(family.prompts) == 1
