"""What a run tells is followed at the listener's own pace, and words of the answer may be gathered."""

import asyncio
from collections.abc import AsyncIterator

from agent.events import AnswerDelta, Event, PageFailed, RunFailed
from service.live_run import CANCELLED
from service.run_log import Batch, Logged, RunLog

LULL_S = 5.0
"""Far longer than any of these tests takes."""
SOON_S = 1.0


def word(seq: int) -> Event:
    return AnswerDelta(run_id="run_1", seq=seq, text="word ")


def step(seq: int) -> Event:
    return PageFailed(run_id="run_1", seq=seq, url="http://gone.example/", reason="HTTP 404", ms=1)


def log_of(*events: Event) -> RunLog:
    log = RunLog()
    for event in events:
        log.append(Logged.of(event))
    return log


async def next_of(batches: AsyncIterator[Batch]) -> list[int]:
    async with asyncio.timeout(SOON_S):
        return [entry.seq for entry in await anext(batches)]


async def test_what_is_there_comes_together_and_the_end_ends_it() -> None:
    log = log_of(word(1), word(2), RunFailed(run_id="run_1", seq=3, problem=CANCELLED))
    assert [[entry.seq for entry in batch] async for batch in log.batches(1, silence_s=9)] == [[2, 3]]


async def test_silence_is_told_by_an_empty_batch() -> None:
    assert await next_of(log_of().batches(0, silence_s=0.01)) == []


async def test_words_are_gathered() -> None:
    log = log_of(word(1))
    batches = log.batches(0, silence_s=9, lull_s=0.05)
    assert await next_of(batches) == [1]
    more = asyncio.create_task(next_of(batches))
    for seq in (2, 3):
        await asyncio.sleep(0)
        log.append(Logged.of(word(seq)))
    assert await more == [2, 3]


async def test_what_is_not_words_ends_the_gathering() -> None:
    log = log_of(word(1))
    batches = log.batches(0, silence_s=9, lull_s=LULL_S)
    assert await next_of(batches) == [1]
    more = asyncio.create_task(next_of(batches))
    await asyncio.sleep(0.01)
    log.append(Logged.of(word(2)))
    log.append(Logged.of(step(3)))
    assert await more == [2, 3]


async def test_what_came_while_the_words_were_sent_is_not_waited_for() -> None:
    log = log_of(word(1))
    batches = log.batches(0, silence_s=9, lull_s=LULL_S)
    assert await next_of(batches) == [1]
    log.append(Logged.of(step(2)))
    assert await next_of(batches) == [2]


async def test_nothing_is_gathered_after_what_is_not_words() -> None:
    log = log_of(step(1))
    batches = log.batches(0, silence_s=9, lull_s=LULL_S)
    assert await next_of(batches) == [1]
    log.append(Logged.of(word(2)))
    assert await next_of(batches) == [2]
