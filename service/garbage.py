"""Garbage of a process that serves and does nothing else: collected in quiet moments, and now and then in others.

Python looks at every object there is whenever enough new ones have grown old. That is half a million objects of
libraries, 100 to 200 ms in which no answer moves on, and with 64 runs under way still 40 to 70 ms for what is theirs.
"""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

LOOK_EVERY_S = 0.1
LONGEST_S = 10.0
"""Without a quiet moment for so long, it is done all the same: dead objects of 500 runs take about 10 MB."""
NEVER = 1_000_000
"""Collections of the middle generation after which Python itself looks at everything."""


@asynccontextmanager
async def collected_in_quiet(busy: Callable[[], bool]) -> AsyncIterator[None]:
    """Set aside what is loaded now and stays to the end; collect the rest when nothing is under way."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(before[0], before[1], NEVER)
    collecting = asyncio.create_task(_collect(busy), name="collect garbage")
    try:
        yield
    finally:
        collecting.cancel()
        await asyncio.gather(collecting, return_exceptions=True)
        gc.set_threshold(*before)
        gc.unfreeze()


async def _collect(busy: Callable[[], bool]) -> None:
    """Until cancelled."""
    done_at, worked = time.monotonic(), False
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        # Three times the middle generation was gone through: there was something to do since.
        worked = worked or gc.get_count()[2] >= 3
        if worked and (not busy() or time.monotonic() - done_at > LONGEST_S):
            gc.collect()
            done_at, worked = time.monotonic(), False
