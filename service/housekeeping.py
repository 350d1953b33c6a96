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
REVOKED_EVERY_S = 1.0
"""A key that is taken back lets nobody in from then on, and what it asked before goes on for so long."""


async def keep_house(hub: Hub) -> None:
    """Until cancelled."""
    swept = looked = 0.0
    while True:
        before = time.monotonic()
        await asyncio.sleep(LAG_EVERY_S)
        now = time.monotonic()
        hub.metrics.loop_lag_seconds.observe(max(0.0, now - before - LAG_EVERY_S))
        if now - looked > REVOKED_EVERY_S:
            looked = now
            await _stop_revoked(hub)
        if now - swept > SWEEP_EVERY_S or not swept:
            swept = now
            await _sweep(hub)


async def _stop_revoked(hub: Hub) -> None:
    try:
        await hub.runs.stop_revoked(hub.keys.revoked)
    except StoreUnusable as error:
        log.warning("revoked keys could not be looked for: %s", error)


async def _sweep(hub: Hub) -> None:
    try:
        deleted = await hub.agent.threads.sweep(keep_days=hub.settings.store.keep_days)
        await hub.once.sweep()
    except StoreUnusable as error:
        log.warning("old threads could not be deleted: %s", error)
        return
    if deleted:
        log.info("deleted %d threads that were not touched for %d days", deleted, hub.settings.store.keep_days)
