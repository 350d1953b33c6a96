import base64

import pytest

from model_backend import Brief, ChatRequest, Message
from model_backend.attachments import (
    MAX_BYTES,
    AttachmentRefused,
    check_attachments,
    check_files,
    description_request,
    make_attachment,
    parse_parts,
)
from model_backend.chat import Attachment
from model_backend.embedded.model import EmbeddedModel
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel
from model_backend.profiles import load_profile
from model_backend.sound import duration_s
from tests.files import PNG, data_url, wav
from tests.model_backend.fake_server import FakeServer, listing, saying

OMNI = load_profile("megrez-3b-omni")


def asking(*files: Attachment) -> ChatRequest:
    return ChatRequest(
        messages=(Message(role="user", content="What is it?", attachments=files),), brief=Brief(question="What is it?")
    )


def test_content_parts_become_text_and_files() -> None:
    text, files = parse_parts(
        [
            {"type": "text", "text": "What is it?"},
            {"type": "image_url", "image_url": {"url": data_url(PNG)}},
            {"type": "input_audio", "input_audio": {"data": base64.b64encode(wav(1)).decode(), "format": "wav"}},
        ]
    )
    assert text == "What is it?"
    assert [file.media_type for file in files] == ["image/png", "audio/wav"]


def test_a_file_is_what_it_begins_with_and_not_what_it_is_called() -> None:
    _, files = parse_parts([{"type": "image_url", "image_url": data_url(PNG, "image/jpeg")}])
    assert files[0].media_type == "image/png"


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "http://127.0.0.1/a.png"}},
        {"type": "audio_url", "audio_url": {"url": "file:///etc/passwd"}},
        {"type": "image_url", "image_url": {"url": "data:image/png,xx"}},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,%%%"}},
        {"type": "image_url", "image_url": {"url": data_url(b"<svg onload=1>")}},
        {"type": "input_audio", "input_audio": {}},
        {"type": "video_url", "video_url": {"url": "data:,"}},
        {"type": "image_url"},
        "text",
        None,
    ],
)
def test_addresses_and_nonsense_are_refused_with_a_remedy(part: object) -> None:
    with pytest.raises(AttachmentRefused) as caught:
        parse_parts([part])
    assert caught.value.remedy


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(AttachmentRefused, match="MB"):
        make_attachment(PNG + b"0" * MAX_BYTES)


@pytest.mark.parametrize("profile_id", ["megrez-3b-instruct", "default", "minicpm3-4b"])
def test_a_text_model_names_one_that_can(profile_id: str) -> None:
    with pytest.raises(AttachmentRefused) as caught:
        check_attachments(asking(make_attachment(PNG)), load_profile(profile_id))
    assert "megrez-3b-omni" in caught.value.remedy


def test_omni_takes_one_picture_or_one_recording_of_thirty_seconds() -> None:
    picture, sound = make_attachment(PNG), make_attachment(wav(29))
    check_attachments(asking(picture), OMNI)
    check_attachments(asking(sound), OMNI)
    for files in [(picture, picture), (sound, sound), (picture, sound), (make_attachment(wav(31)),)]:
        with pytest.raises(AttachmentRefused):
            check_attachments(asking(*files), OMNI)


def test_the_length_of_a_recording_is_read_from_it() -> None:
    assert duration_s(make_attachment(wav(2.5))) == pytest.approx(2.5)
    assert duration_s(make_attachment(b"ID3" + b"0" * 10)) is None
    assert duration_s(make_attachment(b"RIFF0000WAVEbroken")) is None


MPEG_1 = bytes([0xFF, 0xFB, 0x90, 0x00])
"""128 kbit/s at 44,100 Hz: frames of 417 bytes that last 26.122 ms."""


def mp3(frames: int, *, tag: bytes = b"") -> bytes:
    return tag + (MPEG_1 + b"\0" * 413) * frames


def test_an_mp3_is_measured_frame_by_frame_behind_its_tag() -> None:
    tag = b"ID3\x04\0\0" + bytes([0, 0, 1, 2]) + b"x" * 130
    for data in (mp3(100), mp3(100, tag=tag)):
        assert duration_s(make_attachment(data)) == pytest.approx(100 * 1152 / 44_100)
    with pytest.raises(AttachmentRefused, match="30 s"):
        check_attachments(asking(make_attachment(mp3(1200))), OMNI)


def test_a_recording_without_a_frame_is_refused_at_once() -> None:
    with pytest.raises(AttachmentRefused, match="cannot be read"):
        check_attachments(asking(make_attachment(b"ID3" + b"\0" * 3_000_000)), OMNI)


def test_a_wav_of_floats_or_without_a_true_size_is_measured() -> None:
    head = b"RIFF\xff\xff\xff\xffWAVE" + b"fmt " + (16).to_bytes(4, "little")
    head += b"\x03\0\x01\0" + (1000).to_bytes(4, "little") + (4000).to_bytes(4, "little") + b"\x04\0\x20\0"
    data = head + b"data\xff\xff\xff\xff" + b"\0" * 8000
    assert duration_s(make_attachment(data)) == pytest.approx(2.0)


async def test_a_picture_reaches_the_server_as_a_content_part() -> None:
    async with FakeServer(replies=[saying("A lighthouse.")]) as server:
        model = OpenAICompatibleModel(ModelOptions(base_url=server.base_url, name="megrez-3b-omni"))
        _ = [delta async for delta in model.stream(description_request([make_attachment(PNG)], "Where?", "en"))]
        await model.aclose()
        content = server.chats[0].body["messages"][-1]["content"]
    assert content[0]["image_url"]["url"] == data_url(PNG)
    assert "Describe" in content[1]["text"]


async def test_nothing_is_sent_to_a_model_that_cannot_see() -> None:
    async with FakeServer(replies=[saying("?")]) as server:
        model = OpenAICompatibleModel(ModelOptions(base_url=server.base_url, name="megrez"))
        with pytest.raises(AttachmentRefused):
            _ = [delta async for delta in model.stream(asking(make_attachment(PNG)))]
        await model.aclose()
        assert server.chats == []


def test_a_recording_is_asked_for_in_the_words_of_the_models_authors() -> None:
    sound = make_attachment(wav(1))
    assert description_request([sound], "?", "zh").messages[0].content == "将语音转化为文字。"
    assert description_request([sound], "?", "en").messages[0].content == "Convert speech to text."


def test_the_bytes_of_a_file_stay_out_of_logs() -> None:
    assert "PNG" not in repr(make_attachment(PNG)).replace("image/png", "")


async def test_a_model_without_senses_refuses_every_file() -> None:
    for file in (make_attachment(PNG), make_attachment(wav(1))):
        with pytest.raises(AttachmentRefused, match="takes no") as caught:
            await check_files(EmbeddedModel(), [file])
        assert "megrez-3b-omni" in caught.value.remedy


async def test_files_are_few_and_small_together() -> None:
    half = make_attachment(PNG + b"0" * (MAX_BYTES * 2 // 3))
    for files in ([make_attachment(PNG)] * 5, [half, half]):
        with pytest.raises(AttachmentRefused, match="together"):
            await check_files(EmbeddedModel(), files)


async def test_a_name_that_says_nothing_is_looked_up_before_a_picture_is_refused() -> None:
    async with FakeServer(replies=[saying("?")], models=listing("house", root="Infinigence/Megrez-3B-Omni")) as server:
        model = OpenAICompatibleModel(ModelOptions(base_url=server.base_url, name="house"))
        await check_files(model, [make_attachment(PNG)])
        await model.aclose()
