"""States of runs are written a moment later, the newest of each run alone, and none is lost when the file is closed."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import empty_checkpoint

from agent.sqlite_saver import MOMENT_S, StateSaver


def place(run_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": run_id, "checkpoint_ns": ""}}


@asynccontextmanager
async def saver_on(path: Path) -> AsyncIterator[StateSaver]:
    saver = StateSaver(path)
    try:
        yield saver
    finally:
        await saver.aclose()


async def keep(saver: StateSaver, run_id: str, node: str) -> RunnableConfig:
    checkpoint = empty_checkpoint()
    checkpoint["channel_values"] = {"node": node}
    return await saver.aput(place(run_id), checkpoint, {"source": "loop", "step": 1}, {})


async def state_of(saver: StateSaver, run_id: str) -> object:
    found = await saver.aget_tuple(place(run_id))
    return found.checkpoint["channel_values"]["node"] if found else None


def written(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT thread_id FROM checkpoints ORDER BY checkpoint_id").fetchall()
    connection.close()
    return [row[0] for row in rows]


async def test_a_state_is_written_after_a_moment_and_those_it_overtook_never(tmp_path: Path) -> None:
    async with saver_on(tmp_path / "states.db") as saver:
        for node in ("plan", "search", "read"):
            await keep(saver, "one", node)
        await keep(saver, "other", "plan")
        assert written(tmp_path / "states.db") == []
        await asyncio.sleep(4 * MOMENT_S)
        assert sorted(written(tmp_path / "states.db")) == ["one", "other"]
        assert await state_of(saver, "one") == "read"


async def test_a_state_that_still_waits_is_found(tmp_path: Path) -> None:
    async with saver_on(tmp_path / "states.db") as saver:
        told = await keep(saver, "one", "plan")
        found = await saver.aget_tuple(place("one"))
        assert found is not None
        assert found.config == told
        assert await state_of(saver, "other") is None


async def test_closing_writes_what_waits(tmp_path: Path) -> None:
    async with saver_on(tmp_path / "states.db") as saver:
        await keep(saver, "one", "plan")
    async with saver_on(tmp_path / "states.db") as saver:
        assert await state_of(saver, "one") == "plan"


async def test_of_a_run_that_ended_nothing_is_written_later(tmp_path: Path) -> None:
    async with saver_on(tmp_path / "states.db") as saver:
        await keep(saver, "one", "plan")
        await saver.adelete_thread("one")
        await asyncio.sleep(2 * MOMENT_S)
    assert written(tmp_path / "states.db") == []


async def test_a_state_that_cannot_be_written_is_told_with_the_next_one(tmp_path: Path) -> None:
    async with saver_on(tmp_path / "states.db") as saver:
        saver.conn.execute("PRAGMA query_only = ON")
        await keep(saver, "one", "plan")
        await asyncio.sleep(2 * MOMENT_S)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            await keep(saver, "one", "search")
        assert await state_of(saver, "one") is None
