"""Housekeeping beside the requests: how late the event loop wakes, and what has grown old."""

import asyncio
import logging
import time

from agent.errors import StoreUnusable
from service.hub import Hub

log = logging.getLogger(__name__)

LAG_EVERY_S = 0.5
"""Often enough to see a hiccup, seldom enough to cost nothing."""
SWEEP_EVERY_S = 3600.0


async def keep_house(hub: Hub) -> None:
    """Until cancelled."""
    swept = 0.0
    while True:
        before = time.monotonic()
        await asyncio.sleep(LAG_EVERY_S)
        now = time.monotonic()
        hub.metrics.loop_lag_seconds.observe(max(0.0, now - before - LAG_EVERY_S))
        if now - swept > SWEEP_EVERY_S or not swept:
            swept = now
            await _sweep(hub)


async def _sweep(hub: Hub) -> None:
    try:
        deleted = await hub.agent.threads.sweep(keep_days=hub.settings.store.keep_days)
        await hub.once.sweep()
    except StoreUnusable as error:
        log.warning("old threads could not be deleted: %s", error)
        return
    if deleted:
        log.info("deleted %d threads that were not touched for %d days", deleted, hub.settings.store.keep_days)
