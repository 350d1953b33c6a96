"""Lines from a pipe, a file and a terminal."""

import asyncio
import os
import pty
from pathlib import Path

import pytest

from agent.errors import InvalidQuestion
from service.commands.lines import Lines


async def all_of(lines: Lines) -> list[str | None]:
    found: list[str | None] = []
    while (line := await lines.next()) is not None:
        found.append(line)
    return found


async def test_a_pipe_gives_its_lines_however_they_are_split() -> None:
    reader, writer = os.pipe()
    reading = asyncio.create_task(all_of(Lines(reader)))
    for piece in (b"one\ntw", b"o\n\n", "塔".encode()[:1], "塔".encode()[1:]):
        os.write(writer, piece)
        await asyncio.sleep(0.01)
    os.close(writer)
    assert await reading == ["one", "two", "", "塔"]
    os.close(reader)


async def test_a_plain_file_gives_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "questions.txt"
    path.write_bytes(b"one\ntwo")
    with path.open("rb") as file:
        assert await all_of(Lines(file.fileno())) == ["one", "two"]


async def test_what_is_no_text_is_kept_to_be_refused_later() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"\xff\n")
    os.close(writer)
    assert await Lines(reader).next() == "\udcff"
    os.close(reader)


async def test_waiting_at_a_terminal_can_be_cancelled_and_leaves_it_usable() -> None:
    terminal, typed = pty.openpty()
    lines = Lines(typed)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(lines.next(), 0.05)
    os.write(terminal, b"hello\n")
    assert await asyncio.wait_for(lines.next(), 5) == "hello"
    os.close(terminal)
    os.close(typed)


async def test_a_line_without_an_end_is_refused() -> None:
    endless = os.open("/dev/zero", os.O_RDONLY)
    with pytest.raises(InvalidQuestion, match="more than 10,000,000 bytes"):
        await Lines(endless).next()
    os.close(endless)


async def test_a_plain_file_lets_others_go_on_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "questions.txt"
    path.write_bytes(b"x" * 1_000_000)
    with path.open("rb") as file:
        reading = asyncio.create_task(Lines(file.fileno()).next())
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
