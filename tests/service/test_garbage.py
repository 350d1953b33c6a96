"""Garbage of a serving process: collected in quiet moments, and everything as before when it ends."""

import asyncio
import gc
import weakref

from service import garbage
from service.garbage import collected_in_quiet


class Ring:
    """Only a collection of everything frees it once it has grown old."""

    def __init__(self) -> None:
        self.itself = self


def old_garbage() -> "weakref.ref[Ring]":
    ring = Ring()
    for generation in (0, 1, 1, 1, 1):
        gc.collect(generation)
    return weakref.ref(ring)


async def test_a_quiet_moment_frees_what_is_dead_and_a_busy_one_does_not() -> None:
    busy = True
    thresholds = gc.get_threshold()
    async with collected_in_quiet(lambda: busy):
        assert gc.get_freeze_count() > 0
        dead = old_garbage()
        await asyncio.sleep(1.5 * garbage.LOOK_EVERY_S)
        assert dead() is not None
        busy = False
        async with asyncio.timeout(5):
            while dead() is not None:  # noqa: ASYNC110  only asking tells
                await asyncio.sleep(0.05)
    assert (gc.get_threshold(), gc.get_freeze_count()) == (thresholds, 0)
