import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from tests.processes import descendants
from tests.tools.clean.bad_pdfs import BAD_PDFS
from tests.tools.clean.pages import LIGHTHOUSE, article
from tools.clean import MAX_TEXT_CHARS
from tools.cleaning_fork_server import ForkServer
from tools.cleaning_pool import CleaningPool
from tools.errors import CleanError

SLOW_JSON = b"[" + b",".join(b'{"a":"%d hello there"}' % number for number in range(250_000)) + b"]"
LOOP_LIMIT_S = 0.020
ROOT = Path(__file__).parents[2]


# One worker for all tests that do not need one of their own: to start it takes longer than most of them.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool(fork_server: ForkServer) -> AsyncIterator[CleaningPool]:
    async with CleaningPool(workers=1, timeout_s=20.0, cpu_s=20, fork_server=fork_server) as made:
        yield made


async def read(pool: CleaningPool, body: bytes, content_type: str = "text/html") -> str:
    return (await pool.clean(body, content_type, "http://harbour.example/")).text


async def test_a_page_comes_back_as_it_would_from_this_process(pool: CleaningPool) -> None:
    cleaned = await pool.clean(article("<h2>Storm</h2>"), "text/html", "http://harbour.example/")
    assert LIGHTHOUSE[0] in cleaned.text
    assert (2, "Storm") in [(level, text) for _, level, text in cleaned.headings]
    assert isinstance(cleaned.headings[0], tuple)


async def test_a_page_without_text_is_an_error_with_its_reason(pool: CleaningPool) -> None:
    with pytest.raises(CleanError, match="empty") as caught:
        await read(pool, b"")
    assert caught.value.remedy
    assert await read(pool, article())


async def test_large_pages_never_hold_up_the_loop(pool: CleaningPool) -> None:
    big = b"<html><body><article>" + b"<p>The lamp burned oil until 1904.</p>" * 90_000 + b"</article></body></html>"
    await read(pool, article())
    pauses: list[float] = []

    async def beat() -> None:
        while True:
            start = time.perf_counter()
            cpu = time.thread_time()
            await asyncio.sleep(0.001)
            # What others take of the machine is not the loop's doing: its own work between two beats counts.
            pauses.append(min(time.perf_counter() - start, time.thread_time() - cpu))

    beating = asyncio.create_task(beat())
    await read(pool, big)
    beating.cancel()
    assert len(pauses) > 20
    assert max(pauses) < LOOP_LIMIT_S


@pytest.mark.parametrize(
    "hostile",
    [
        b"<p " + b" ".join(b"a%d=1" % number for number in range(200_000)) + b">words</p>",
        b"<p>words" + b"<br>" * 300_000,
        b"<div>" * 100_000 + b"words",
    ],
    ids=["attributes", "breaks", "depth"],
)
async def test_a_hostile_page_ends_in_time_and_the_next_page_works(pool: CleaningPool, hostile: bytes) -> None:
    with suppress(CleanError):
        assert len(await read(pool, hostile)) <= MAX_TEXT_CHARS
    assert LIGHTHOUSE[0] in await read(pool, article())


async def test_a_page_that_takes_too_long_costs_its_worker_only(fork_server: ForkServer) -> None:
    async with CleaningPool(workers=1, timeout_s=0.05, fork_server=fork_server) as pool:
        with pytest.raises(CleanError, match="longer than"):
            await read(pool, SLOW_JSON, "application/json")
        assert "words" in await read(pool, b"words", "text/plain")


async def test_a_page_that_takes_too_much_memory_costs_its_worker_at_most(fork_server: ForkServer) -> None:
    async with CleaningPool(workers=1, timeout_s=20.0, growth_bytes=24 * 1024 * 1024, fork_server=fork_server) as pool:
        with pytest.raises(CleanError, match="memory"):
            await read(pool, SLOW_JSON, "application/json")
        assert "words" in await read(pool, b"words", "text/plain")


async def test_a_page_that_takes_too_much_time_of_the_processor_ends_its_worker(fork_server: ForkServer) -> None:
    async with CleaningPool(workers=1, timeout_s=60.0, cpu_s=0, fork_server=fork_server) as pool:
        # One page may begin right after the clock of the process has turned to a new second.
        outcomes = [await _outcome(pool, b"x\n" * 1_000_000) for _ in range(2)]
        assert any("ended the process" in outcome for outcome in outcomes)
        assert "words" in await read(pool, b"words", "text/plain")


async def test_memory_that_a_page_leaves_behind_is_given_back(fork_server: ForkServer) -> None:
    async with CleaningPool(workers=1, fork_server=fork_server) as pool:
        await read(pool, b"words", "text/plain")
        before = descendants()
        await read(pool, BAD_PDFS["deflate bomb of 20 MB"](), "application/pdf")
        assert await read(pool, article())
        assert descendants() != before


async def test_a_cancelled_caller_frees_the_worker(pool: CleaningPool) -> None:
    await read(pool, article())
    caller = asyncio.create_task(read(pool, SLOW_JSON, "application/json"))
    await asyncio.sleep(0.02)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await read(pool, article())


async def test_more_callers_than_workers_are_all_served(pool: CleaningPool) -> None:
    assert len(await asyncio.gather(*(read(pool, article()) for _ in range(8)))) == 8


async def test_a_caller_who_stops_waiting_takes_nothing_with_him(pool: CleaningPool) -> None:
    callers = [asyncio.create_task(read(pool, article())) for _ in range(4)]
    await asyncio.sleep(0)
    for caller in callers[1:]:
        caller.cancel()
    assert await callers[0]
    assert await read(pool, article())


async def test_closing_leaves_no_process_and_refuses_whoever_waits() -> None:
    others = set(descendants())
    pool = CleaningPool(workers=2)
    await read(pool, article())
    waiting = [asyncio.create_task(read(pool, article())) for _ in range(200)]
    await asyncio.sleep(0.02)
    mine = set(descendants()) - others
    start = time.perf_counter()
    await pool.aclose()
    assert time.perf_counter() - start < 2.0
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, CleanError)]
    assert refused
    assert not [outcome for outcome in outcomes if isinstance(outcome, BaseException) and outcome not in refused]
    assert mine
    assert not mine & set(descendants())
    with pytest.raises(CleanError, match="shut down"):
        await read(pool, article())


async def test_closing_while_a_killed_worker_is_being_replaced_leaves_nothing_open() -> None:
    pool = CleaningPool(workers=1, timeout_s=0.05)
    with pytest.raises(CleanError, match="longer than"):
        await read(pool, SLOW_JSON, "application/json")
    old = pool._workers[0]._streams
    assert old is not None
    await asyncio.sleep(0)  # the replacement closes the socket to the old process
    await pool.aclose()
    assert old[1].is_closing()
    assert pool._workers[0]._streams is None


async def test_a_worker_is_replaced_without_loading_the_parsers_again(fork_server: ForkServer) -> None:
    async with CleaningPool(workers=1, timeout_s=0.05, fork_server=fork_server) as pool:
        await read(pool, b"words", "text/plain")
        for _ in range(10):
            with pytest.raises(CleanError, match="longer than"):
                await read(pool, SLOW_JSON, "application/json")
        await read(pool, b"words", "text/plain")
        # Loading takes a quarter of a second of the processor, and is in no worker's account. One that was killed may
        # be gone by the time it is looked at.
        loading_s = [_processor_s(worker) for worker in _workers_of(fork_server)]
        assert loading_s
        assert max(loading_s) < 0.1


async def test_one_fork_server_serves_several_pools_and_outlives_them(fork_server: ForkServer) -> None:
    async with CleaningPool(workers=1, fork_server=fork_server) as first:
        async with CleaningPool(workers=1, fork_server=fork_server) as second:
            assert await asyncio.gather(read(first, b"one", "text/plain"), read(second, b"two", "text/plain"))
        assert await read(first, b"three", "text/plain") == "three"


async def test_a_fork_server_that_is_gone_is_started_again() -> None:
    with ForkServer() as mine:
        async with CleaningPool(workers=1, timeout_s=5.0, fork_server=mine) as pool:
            assert await read(pool, b"words", "text/plain")
            assert mine._process is not None
            os.killpg(mine._process.pid, signal.SIGKILL)
            outcomes = [await _outcome(pool, b"words") for _ in range(3)]
            assert outcomes[-1] == "words"


async def test_what_is_left_of_a_program_that_was_killed_ends_by_itself() -> None:
    program = (
        "import asyncio, os\n"
        "from tools.cleaning_pool import CleaningPool\n"
        "async def main():\n"
        "    pool = CleaningPool(workers=1)\n"
        "    await pool.clean(b'some words', 'text/plain', 'http://a.example/')\n"
        "    asyncio.create_task(pool.clean(b'x\\n' * 3_000_000, 'text/plain', 'http://a.example/'))\n"
        "    await asyncio.sleep(0.1)\n"
        "    print(pool._fork_server._process.pid, pool._workers[0]._process_id, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    left = [int(pid) for pid in (await child.stdout.readline()).split()]
    child.kill()
    await child.wait()
    async with asyncio.timeout(10):
        while any(_is_running(pid) for pid in left):  # noqa: ASYNC110 - the kernel tells nobody
            await asyncio.sleep(0.02)


async def test_workers_see_nothing_of_the_environment(pool: CleaningPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTERISM_MODEL__API_KEY", "not-for-parsers")
    async with CleaningPool(workers=1) as fresh:
        await read(fresh, article())
        environments = _environments()
    assert environments
    assert not any(b"not-for-parsers" in environment for environment in environments)


async def test_a_program_that_forgets_to_close_still_ends() -> None:
    program = (
        "import asyncio\n"
        "from tools.cleaning_pool import CleaningPool\n"
        "async def main():\n"
        "    pool = CleaningPool(workers=1)\n"
        "    print((await pool.clean(b'some words', 'text/plain', 'http://a.example/')).text)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "some words\n"


def _workers_of(fork_server: ForkServer) -> list[int]:
    assert fork_server._process is not None
    return [child for child in descendants() if _stat(child)[1:2] == [str(fork_server._process.pid)]]


def _processor_s(pid: int) -> float:
    """Seconds of processor time; of a process that is gone, none."""
    return sum(int(ticks) for ticks in _stat(pid)[11:13]) / os.sysconf("SC_CLK_TCK")


def _is_running(pid: int) -> bool:
    return _stat(pid)[:1] not in ([], ["Z"])


def _stat(pid: int) -> list[str]:
    """What the kernel says of a process, from its state on; nothing of one that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _environments() -> list[bytes]:
    found = []
    for child in descendants():
        with suppress(OSError):  # one that ends meanwhile
            found.append(Path(f"/proc/{child}/environ").read_bytes())
    return found


async def _outcome(pool: CleaningPool, body: bytes) -> str:
    try:
        return await read(pool, body, "text/plain")
    except CleanError as error:
        return str(error)
