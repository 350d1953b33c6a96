"""Pictures and recordings over HTTP: taken as data, never as an address, and only by models that see or hear."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.agent.test_attached import SHOWN, searching
from tests.doubles import make_agent
from tests.files import PNG, audio_part, data_url, image_part, wav
from tests.service.serving import Served, serving
from tests.service.test_ask import events_of

HTTP = {"type": "image_url", "image_url": {"url": "http://127.0.0.1:1/never.png"}}
TEXT = {"type": "text", "text": "How high is it?"}
LARGE = PNG + bytes(3_000_000)
CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reading() -> AsyncIterator[Served]:
    """A service whose model reads only."""
    async with serving() as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seeing() -> AsyncIterator[Served]:
    """A service whose model sees and hears."""
    async with serving(make_agent(searching())) as served:
        yield served


def body_of(path: str, part: Any) -> dict[str, Any]:
    """A question about one file, as each API writes it."""
    if path == "/ask":
        return {"question": "How high is it?", "attachments": [part]}
    if path == CHAT:
        return {"model": "asterism", "messages": [{"role": "user", "content": [TEXT, part]}]}
    if part["type"] == "image_url":
        part = {"type": "input_image", "image_url": part["image_url"]["url"], "detail": "auto"}
    text = {"type": "input_text", "text": "How high is it?"}
    return {"model": "asterism", "input": [{"role": "user", "content": [text, part]}]}


PATHS = ["/ask", CHAT, RESPONSES]


@pytest.mark.parametrize("path", PATHS)
async def test_a_picture_and_a_recording_are_put_into_words_and_answered(seeing: Served, path: str) -> None:
    for part in (image_part(LARGE), audio_part(wav(2))):
        reply = await seeing.client.post(path, json=body_of(path, part))
        assert reply.status_code == 200, reply.text
        assert "87 metres" in reply.text
        assert data_url(PNG)[:40] not in reply.text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "part",
    [
        HTTP,
        {"type": "image_url", "image_url": {"url": "file:///etc/passwd"}},
        {"type": "image_url", "image_url": {"url": "//127.0.0.1:1/x"}},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,!!!"}},
        {"type": "image_url", "image_url": {"url": data_url(b"<svg onload=alert(1)>", "image/svg+xml")}},
        {"type": "input_audio", "input_audio": {"data": "http://127.0.0.1:1/never.wav"}},
    ],
)
async def test_addresses_and_other_data_are_refused_and_nothing_is_fetched(
    seeing: Served, path: str, part: dict[str, Any]
) -> None:
    reply = await seeing.client.post(path, json=body_of(path, part))
    assert reply.status_code == 400, reply.text
    assert "Send" in reply.text
    assert seeing.hub.runs.live == 0


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("stream", [True, False])
async def test_a_model_that_reads_only_names_one_that_sees(reading: Served, path: str, stream: bool) -> None:
    reply = await reading.client.post(path, json={**body_of(path, image_part()), "stream": stream})
    assert reply.status_code == 400, reply.text
    assert "megrez-3b-omni" in reply.text
    assert (await reading.client.get("/threads")).json()["threads"] == []


@pytest.mark.parametrize("path", PATHS)
async def test_only_files_may_make_a_body_long(reading: Served, path: str) -> None:
    long = "x" * 2_000_000
    body = {**body_of(path, image_part()), "question": long} if path == "/ask" else {"model": long}
    assert (await reading.client.post(path, json=body)).status_code == 413
    too_large = body_of(path, image_part(PNG + bytes(13_000_000)))
    assert (await reading.client.post(path, json=too_large)).status_code == 413


async def test_a_thread_shows_a_note_of_the_file_and_its_words(seeing: Served) -> None:
    answer = (await seeing.client.post("/ask", json=body_of("/ask", image_part(LARGE)))).json()
    whole = await seeing.client.get(f"/threads/{answer['thread_id']}")
    note = {"kind": "image", "media_type": "image/png", "bytes": len(LARGE), "words": SHOWN}
    assert whole.json()["runs"][0]["attachments"] == [note]
    assert answer["attachments"] == [note]
    assert len(whole.content) < 20_000


async def test_a_stream_tells_what_was_seen(seeing: Served) -> None:
    reply = await seeing.client.post("/ask", json={**body_of("/ask", image_part()), "stream": True})
    told = [event for event in events_of(reply.text) if event["type"] == "attachments.described"]
    assert [event["attachments"][0]["words"] for event in told] == [SHOWN]


async def test_files_of_earlier_messages_are_left_out_with_a_note(seeing: Served) -> None:
    messages = [
        {"role": "user", "content": [TEXT, image_part()]},
        {"role": "assistant", "content": "It is the Kestrel tower."},
        {"role": "user", "content": "How high is the Kestrel tower?"},
    ]
    reply = (await seeing.client.post(CHAT, json={"model": "asterism", "messages": messages})).json()
    assert any("Files of earlier messages" in warning for warning in reply["asterism"]["warnings"])


async def test_a_picture_without_words_is_asked_about(seeing: Served) -> None:
    body = {"model": "asterism", "messages": [{"role": "user", "content": [image_part()]}], "store": True}
    reply = (await seeing.client.post(CHAT, json=body)).json()
    thread = (await seeing.client.get(f"/threads/{reply['asterism']['thread_id']}")).json()
    assert thread["title"] == "What does the picture show?"
