"""The store: threads, runs and what is left of them, on SQLite, in memory, and on a real PostgreSQL."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from agent.answer import Answer, TokenUsage
from agent.asked import new_id
from agent.database import SqliteDatabase, Transaction
from agent.errors import RunNotFound, RunNotResumable, StoreUnusable, ThreadNotFound
from agent.events import RunCompleted, RunFailed
from agent.options import AskOptions
from agent.run import Agent
from agent.schema import STEPS, VERSION
from agent.services import Services
from agent.store import open_threads
from agent.store_file import open_store
from agent.threads import TURNS_KEPT, Threads
from tests.doubles import FakeReader, FakeSearcher, SayingModel, memory_settings, searches_for
from tests.servers import postgres_server

QUESTION = "How high is the Kestrel tower?"
ANSWER = "The Kestrel tower is 87 metres high [1]. It was built in 1901 [1]."
KILLS = int(os.environ.get("ASTERISM_TEST_KILLS", "1"))  # noqa: TID251
"""Kills of each store: one in the suite, `ASTERISM_TEST_KILLS=50` for the measurement. Read before tests clear it."""
TURNS = int(os.environ.get("ASTERISM_TEST_TURNS", "16"))  # noqa: TID251
"""Turns of the thread that is measured: `ASTERISM_TEST_TURNS=200` for the bar."""
TABLES = ("threads", "runs", "requests", "checkpoints")


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "memory", "postgresql"])
async def threads(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Threads]:
    url = {"sqlite": f"sqlite:///{tmp_path}/store.db", "memory": "memory://"}.get(request.param)
    async with open_threads(url or request.getfixturevalue("postgres"), tmp_path / "unused.db") as opened:
        yield opened


def agent_on(threads: Threads, model: SayingModel | None = None, reader: FakeReader | None = None) -> Agent:
    services = Services(
        model=model or SayingModel(searches_for("Kestrel tower height"), ANSWER),
        fallback=None,
        searcher=FakeSearcher(),
        reader=reader or FakeReader(),
        settings=memory_settings(),
    )
    return Agent(services, threads)


async def count(threads: Threads, table: str) -> int:
    if table == "checkpoints" and not threads.durable:
        return 0
    rows = await threads.database.read(lambda tx: tx.execute(f"SELECT count(*) FROM {table}"))
    return int(rows[0][0])


def bare_answer(run_id: str, thread_id: str, text: str) -> Answer:
    return Answer(
        run_id=run_id,
        thread_id=thread_id,
        question=QUESTION,
        answer=text,
        abstained=False,
        language="en",
        citations=[],
        sources=[],
        claims=[],
        searches=[],
        pages=[],
        groundedness=None,
        model="m",
        profile="p",
        usage=TokenUsage(),
        timings={},
        warnings=[],
    )


async def test_an_answer_is_read_back_as_it_was_told(threads: Threads) -> None:
    answer = await agent_on(threads).ask(QUESTION)
    thread = await threads.read(answer.thread_id)
    assert [run.answer for run in thread.runs] == [answer]
    assert (thread.head.title, thread.head.turns) == (QUESTION, 1)


async def test_a_question_asked_again_and_again_costs_no_earlier_turn(threads: Threads) -> None:
    thread_id, before = "", None
    for number in range(TURNS_KEPT + 3):
        run_id, options = new_id("run"), AskOptions(thread_id=thread_id or None, replaces=before)
        opened = await threads.begin(run_id, new_id("thread"), f"Question {number}", options)
        thread_id, before = opened.thread_id, run_id if number else None
        await threads.complete(bare_answer(run_id, thread_id, f"Answer {number}."))
    opened = await threads.begin(new_id("run"), new_id("thread"), "The last?", AskOptions(thread_id=thread_id))
    assert [turn["question"] for turn in opened.turns] == ["Question 0", f"Question {TURNS_KEPT + 2}"]


async def test_nothing_is_kept_of_the_state_of_a_run_that_has_ended(threads: Threads) -> None:
    await agent_on(threads).ask(QUESTION)
    assert await count(threads, "checkpoints") == 0


async def test_a_deleted_thread_leaves_no_row_in_any_table(threads: Threads) -> None:
    agent = agent_on(threads)
    await agent.prepare()
    before = [await count(threads, table) for table in TABLES]
    answer = await agent.ask(QUESTION, owner="deleter")
    await threads.delete(answer.thread_id, "deleter")
    assert [await count(threads, table) for table in TABLES] == before


async def test_what_is_anothers_does_not_exist(threads: Threads) -> None:
    answer = await agent_on(threads).ask(QUESTION, owner="alice")
    for owner in ("bob", "local", ""):
        with pytest.raises(ThreadNotFound):
            await threads.read(answer.thread_id, owner)
        with pytest.raises(ThreadNotFound):
            await threads.rename(answer.thread_id, "mine", owner)
        with pytest.raises(ThreadNotFound):
            await threads.delete(answer.thread_id, owner)
        with pytest.raises(ThreadNotFound):
            await agent_on(threads).ask(QUESTION, AskOptions(thread_id=answer.thread_id), owner=owner)
        with pytest.raises(RunNotFound):
            await threads.run(answer.run_id, owner)
        with pytest.raises(RunNotFound):
            await threads.take_over(answer.run_id, owner)
        assert answer.thread_id not in [head.id for head in await threads.list(owner)]


@pytest.mark.parametrize("thread_id", ["", "thread_", "' OR 1=1 --", "\x00", "\ud800", "thread_" + "0" * 32])
async def test_an_id_that_is_none_is_a_thread_that_is_not_there(threads: Threads, thread_id: str) -> None:
    with pytest.raises(ThreadNotFound):
        await threads.read(thread_id)


async def test_threads_are_listed_newest_first_page_by_page_and_found_by_their_words(threads: Threads) -> None:
    owner = new_id("owner")
    for number in range(5):
        run_id = new_id("run")
        opened = await threads.begin(run_id, new_id("thread"), f"Question {number} of 100%", AskOptions(), owner)
        await threads.complete(bare_answer(run_id, opened.thread_id, f"Antwort {number} Über 茶叶"))
    first = await threads.list(owner, limit=2)
    rest = await threads.list(owner, limit=9, before=(first[-1].updated_at, first[-1].id))
    assert [head.title[:10] for head in [*first, *rest]] == [f"Question {n}" for n in (4, 3, 2, 1, 0)]
    assert len(await threads.list(owner, search="QUESTION 3")) == 1
    assert len(await threads.list(owner, search="茶叶")) == 5
    assert len(await threads.list(owner, search="über")) == len(await threads.list(owner, search="ÜBER")) == 5
    assert len(await threads.list(owner, search="100%")) == 5
    assert await threads.list(owner, search="_uestion") == []


async def test_a_run_whose_events_are_no_longer_wanted_is_cancelled_and_leaves_no_state(threads: Threads) -> None:
    events = agent_on(threads, SayingModel("never", delay_s=30)).stream(QUESTION)
    started = await anext(events)
    await events.aclose()
    assert (await threads.run(started.run_id)).status == "cancelled"
    await asyncio.sleep(0.05)
    assert await count(threads, "checkpoints") == 0


async def test_only_an_interrupted_run_can_be_resumed_and_only_once(threads: Threads) -> None:
    run_id = new_id("run")
    await threads.begin(run_id, new_id("thread"), QUESTION, AskOptions())
    with pytest.raises(RunNotResumable):
        await threads.take_over(run_id)
    await threads.end(run_id, "interrupted")
    taken = await asyncio.gather(*(threads.take_over(run_id) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(result, RunNotResumable) for result in taken) == 2


async def test_an_interrupted_run_goes_on_where_it_was_and_reads_its_pages_again(threads: Threads) -> None:
    if not threads.durable:
        pytest.skip("memory does not outlive its process")
    slow = SayingModel(searches_for("Kestrel tower height"), ANSWER, delay_s=0.05)
    run_id = new_id("run")
    events = agent_on(threads, slow).stream(QUESTION, run_id=run_id)
    async for event in events:
        if event.type == "answer.delta":
            break
    # As a process does that is told to stop: noted first, cancelled then.
    await threads.end(run_id, "interrupted")
    await events.aclose()
    model, reader = SayingModel(ANSWER), FakeReader()
    told = [event async for event in agent_on(threads, model, reader).resume(run_id, after_seq=40)]
    assert isinstance(told[-1], RunCompleted)
    assert told[-1].answer.run_id == run_id
    assert told[-1].answer.claims[0].verdict == "supported"
    assert [event.seq for event in told] == list(range(41, 41 + len(told)))
    assert "queries.planned" not in [event.type for event in told]
    assert model.requests[0].tools == ()  # the plan was not made again
    assert sorted(set(reader.reads)) == sorted({page.url for page in told[-1].answer.pages})
    assert await count(threads, "checkpoints") == 0


async def test_a_run_cut_off_after_its_last_word_tells_the_whole_answer_again(threads: Threads) -> None:
    if not threads.durable:
        pytest.skip("memory does not outlive its process")
    run_id = new_id("run")
    options = AskOptions(search="never")
    model = SayingModel("It is high.", delay_s=0.02)
    async with aclosing(agent_on(threads, model).stream(QUESTION, options, run_id=run_id)) as told:
        async for event in told:
            if event.type == "claims.checked":
                await asyncio.sleep(0.1)  # What the node before wrote is being stored meanwhile.
                await threads.end(run_id, "interrupted")
                break
    again = [event async for event in agent_on(threads, SayingModel("never asked")).resume(run_id)]
    last = again[-1]
    assert isinstance(last, RunCompleted)
    assert last.answer.answer == "It is high."
    assert [event.text for event in again if event.type == "answer.delta"] == ["It is high."]


async def test_a_run_cut_off_before_anything_was_stored_starts_anew(threads: Threads) -> None:
    run_id = new_id("run")
    await threads.begin(run_id, new_id("thread"), QUESTION, AskOptions(depth="quick"))
    await threads.end(run_id, "interrupted")
    told = [event async for event in agent_on(threads).resume(run_id)]
    assert isinstance(told[-1], RunCompleted)


async def test_a_thread_grows_by_its_answers_and_nothing_else(tmp_path: Path) -> None:
    """The bar: at most 20 KB a turn."""
    path, turns = tmp_path / "store.db", TURNS
    model = SayingModel(*(reply for _ in range(turns) for reply in (searches_for("Kestrel tower height"), ANSWER)))
    sizes: list[int] = []
    async with open_threads("", path) as threads:
        agent, thread_id = agent_on(threads, model), None
        for _ in range(turns):
            thread_id = (await agent.ask(QUESTION, AskOptions(thread_id=thread_id))).thread_id
            sizes.append((await threads.database.read(lambda tx: tx.execute("PRAGMA page_count")))[0][0] * 4096)
    half = turns // 2
    print(f"{turns} turns: {(sizes[-1] - sizes[0]) / (turns - 1):.0f} bytes a turn")
    assert (sizes[-1] - sizes[half]) / (turns - half - 1) < 20_000
    assert sizes[-1] - sizes[half] <= 1.5 * (sizes[half] - sizes[0]) + 8192  # linear


# --- the file ---------------------------------------------------------------------------------------------------


async def open_and_close(path: Path) -> None:
    async with open_threads("", path):
        pass


def foreign_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()


def newer_store(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA application_id = 1095980114")
        connection.execute("PRAGMA user_version = 99")
        connection.execute("CREATE TABLE threads (id TEXT)")
    connection.close()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_bytes(b"SQLite"), "not a SQLite database"),
        (lambda path: path.write_bytes(os.urandom(40_000)), "not a SQLite database"),
        (foreign_database, "another program"),
        (newer_store, "newer Asterism"),
    ],
)
async def test_a_file_that_is_not_our_store_is_refused_and_left_as_it_is(tmp_path: Path, damage, told) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "store.db"
    damage(path)
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match=told) as caught:
        await open_and_close(path)
    assert caught.value.remedy
    assert path.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_is_told_as_that(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreUnusable) as caught:
        open_store(tmp_path / "store.db")
    assert "writable" in caught.value.remedy


@pytest.mark.parametrize("share", [0.9, 0.6, 0.3, 0.1])
async def test_a_truncated_store_is_refused(tmp_path: Path, share: float) -> None:
    path = tmp_path / "store.db"
    async with open_threads("", path) as threads:
        for _ in range(5):
            await agent_on(threads).ask(QUESTION)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(StoreUnusable):
        await open_and_close(path)


async def test_a_store_damaged_inside_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with open_threads("", path) as threads:
        for _ in range(5):
            await agent_on(threads).ask(QUESTION)
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(bytes(data))
    with pytest.raises(StoreUnusable):
        await open_and_close(path)


def store_of_the_first_version(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA application_id = 1095980114")
        connection.execute("PRAGMA user_version = 1")
        for statement in STEPS[0]:
            connection.execute(statement.replace("{blob}", "BLOB"))
        connection.execute(
            "INSERT INTO threads VALUES ('thread_00000000000000000000000000000001', 'local', 'Towers', 1, 2)"
        )
    connection.close()


async def test_an_older_store_becomes_a_newer_one_and_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store_of_the_first_version(path)
    async with open_threads("", path) as threads:
        assert (await threads.read("thread_00000000000000000000000000000001")).head.title == "Towers"
        answer = await agent_on(threads).ask(QUESTION, AskOptions(thread_id="thread_00000000000000000000000000000001"))
    async with open_threads("", path) as threads:
        assert [run.answer for run in (await threads.read("thread_00000000000000000000000000000001")).runs] == [answer]
        version = await threads.database.read(lambda tx: tx.execute("PRAGMA user_version"))
    assert version == [(VERSION,)]


async def test_several_processes_may_open_a_new_store_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from agent.store_file import open_store; open_store(Path(sys.argv[1]))"
    )
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", code, str(tmp_path / "store.db")) for _ in range(3)
    ]
    assert [await process.wait() for process in processes] == [0, 0, 0]


# --- forged rows ------------------------------------------------------------------------------------------------


async def test_forged_state_is_not_executed_and_fails_closed(tmp_path: Path) -> None:
    path, sign = tmp_path / "store.db", tmp_path / "executed"
    async with open_threads("", path) as threads:
        run_id = new_id("run")
        events = agent_on(threads, SayingModel(searches_for("tower"), ANSWER, delay_s=0.05)).stream(
            QUESTION, run_id=run_id
        )
        async for event in events:
            if event.type == "answer.delta":
                break
        await threads.end(run_id, "interrupted")
        await events.aclose()
        assert await count(threads, "checkpoints") > 0
    for kind, payload in forged_payloads(sign).items():
        forge(path, kind, payload)
        async with open_threads("", path) as threads:
            told = [event async for event in agent_on(threads).resume(run_id)]
            assert not sign.exists(), kind
            assert isinstance(told[-1], RunFailed), kind
            assert told[-1].problem.code == "store-unusable"
            await threads.database.write(lambda tx: _interrupted_again(tx, run_id))


def _interrupted_again(tx: Transaction, run_id: str) -> None:
    tx.execute("UPDATE runs SET status = 'interrupted' WHERE id = ?", run_id)


def forged_payloads(sign: Path) -> dict[str, bytes]:
    import pickle

    import ormsgpack

    class Touch:
        def __reduce__(self):  # type: ignore[no-untyped-def]
            return os.system, (f"touch {sign}",)

    # What LangGraph's msgpack form calls a constructor: (module, name, argument).
    call = ormsgpack.packb(("os", "system", f"touch {sign}"))
    constructor = {"lc": 2, "type": "constructor", "id": ["os", "system"], "args": [f"touch {sign}"]}
    return {
        "json": json.dumps({"channel_values": constructor}).encode(),
        "pickle": pickle.dumps(Touch()),
        "msgpack": ormsgpack.packb({"channel_values": {"x": ormsgpack.Ext(0, call)}}),
    }


def forge(path: Path, kind: str, payload: bytes) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id, type, checkpoint, metadata)"
            " SELECT id, '', 'ffffffff-0000-0000-0000-000000000000', ?, ?, '{}' FROM runs",
            (kind, payload),
        )
    connection.close()


# --- kill -9 ----------------------------------------------------------------------------------------------------

VICTIM = """
import asyncio, sys
from pathlib import Path
from agent.store import open_threads
from tests.agent.test_threads import ANSWER, QUESTION, agent_on
from tests.doubles import SayingModel, searches_for

async def main():
    url = sys.argv[1]
    async with open_threads(url, Path("unused")) as threads:
        print("open", flush=True)
        while True:
            model = SayingModel(searches_for("Kestrel tower height"), ANSWER, delay_s=0.004)
            async for event in agent_on(threads, model).stream(QUESTION):
                if event.type == "run.completed":
                    print(event.run_id, flush=True)

asyncio.run(main())
"""


async def kill_and_look(url: str, after_s: float) -> tuple[int, int]:
    """Kill a process that asks on and on; returns how many runs were whole, and how many were cut off."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}  # noqa: TID251
    command = [sys.executable, "-c", VICTIM, url]
    victim = await asyncio.to_thread(subprocess.Popen, command, stdout=subprocess.PIPE, env=environment, text=True)
    assert victim.stdout is not None
    assert await asyncio.to_thread(victim.stdout.readline) == "open\n"
    await asyncio.sleep(after_s)
    victim.send_signal(signal.SIGKILL)
    told = [line.strip() for line in victim.stdout.read().splitlines() if line.strip()]
    victim.wait()
    victim.stdout.close()
    async with open_threads(url, Path("unused")) as threads:
        heads = await threads.list(limit=10_000)
        runs = [run for head in heads for run in (await threads.read(head.id)).runs]
        whole = {run.id: run for run in runs if run.status == "completed"}
        assert set(told) <= set(whole), "an answer that was told must be there"
        assert all(run.answer and run.answer.answer == ANSWER for run in whole.values())
        cut_off = [run for run in runs if run.status == "interrupted"]
        assert all(run.answer is None for run in cut_off)
        assert len(whole) + len(cut_off) == len(runs)
        for run in cut_off:
            last = [event async for event in agent_on(threads, SayingModel(ANSWER)).resume(run.id)][-1]
            assert isinstance(last, RunCompleted), last
        for head in heads:
            await threads.delete(head.id)
        return len(whole), len(cut_off)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_kill_9_at_any_moment_loses_nothing_that_was_told(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/store.db" if kind == "sqlite" else request.getfixturevalue("postgres")
    async with open_threads(url, tmp_path / "unused.db") as threads:
        for head in await threads.list(limit=10_000):
            await threads.delete(head.id)
    cut_off = 0
    started = time.monotonic()
    for number in range(KILLS):
        cut_off += (await kill_and_look(url, 0.05 + (number * 0.0737) % 0.6))[1]
    print(f"{KILLS} kills on {kind}: {cut_off} runs cut off, all resumed; {time.monotonic() - started:.0f} s")


async def test_a_database_that_fails_says_so_without_its_statements() -> None:
    database = SqliteDatabase.in_memory()
    with pytest.raises(StoreUnusable) as caught:
        await database.read(lambda tx: tx.execute("SELECT secret FROM nowhere"))
    assert "SELECT" not in str(caught.value)
    await database.aclose()
