"""Files from the command line: read, named by what they are, refused in one sentence."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from model_backend.attachments import MAX_BYTES, AttachmentRefused
from service.cli import app
from service.commands.files import read_files
from tests.files import PNG, wav


def test_pictures_come_before_recordings(tmp_path: Path) -> None:
    picture, sound = tmp_path / "a.txt", tmp_path / "b"
    picture.write_bytes(PNG)
    sound.write_bytes(wav(1))
    assert [file.media_type for file in read_files([picture], [sound])] == ["image/png", "audio/wav"]


def test_what_cannot_be_taken_is_told_with_its_path(tmp_path: Path) -> None:
    text, large, picture = tmp_path / "notes.png", tmp_path / "large.png", tmp_path / "picture.png"
    text.write_text("no picture")
    large.write_bytes(PNG + bytes(MAX_BYTES))
    picture.write_bytes(PNG)
    for images, recordings, told in (
        ([text], [], "neither a picture nor a recording"),
        ([large], [], "MB are allowed"),
        ([tmp_path / "gone.png"], [], "cannot be read"),
        ([tmp_path], [], "cannot be read"),
        ([], [picture], "is a picture"),
    ):
        with pytest.raises(AttachmentRefused, match=told) as caught:
            read_files(images, recordings)
        assert str(tmp_path) in str(caught.value)
        assert caught.value.remedy


def test_a_picture_needs_no_words_and_a_model_that_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTERISM_STORE__URL", "memory://")
    picture = tmp_path / "picture.png"
    picture.write_bytes(PNG)
    result = CliRunner().invoke(app, ["ask", "--image", str(picture), "--provider", "library"])
    assert result.exit_code == 65
    assert "megrez-3b-omni" in result.stderr
    assert CliRunner().invoke(app, ["ask"]).exit_code == 2
