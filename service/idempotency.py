"""Idempotency keys: the same question, sent twice, runs once."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

from agent.database import Database, Transaction
from agent.errors import RunNotFound
from service.callers import Caller
from service.errors import KeyReused
from service.runs import Run, RunRegistry

MAX_KEY_CHARS = 255
KEPT_S = 86_400.0
"""A key is remembered for a day, as payment services do; after it the same key starts anew."""
PENDING = ""
"""Stands for the run's id while the first request still waits for a place."""
PENDING_S = 30.0
"""A request that has waited this much longer than any may has died."""
UNSEEN_S = 5.0
"""A run that the store does not know after this long was refused before it began."""
LOOK_AGAIN_S = 0.05
RERUN = frozenset({"failed", "cancelled", "interrupted"})
"""A run that ended so gave no answer: the same request, sent again, gets a new one."""

Start = Callable[[], Awaitable[Run]]


class Once:
    """Runs each request of a caller once."""

    def __init__(self, database: Database, runs: RunRegistry, *, queue_wait_s: float) -> None:
        self._database = database
        self._runs = runs
        self._pending_s = queue_wait_s + PENDING_S

    async def run(self, caller: Caller, key: str, fingerprint: str, start: Start) -> Run:
        """The run of this key: started now, or by the request before.

        Raises:
            KeyReused: when the key came with another body.
            Whatever `start` raises; the key is free again then.
        """
        while True:
            run_id = await self._claim(caller.owner, key, fingerprint)
            if run_id is None:
                return await self._start(caller.owner, key, start)
            if run_id != PENDING:
                with contextlib.suppress(RunNotFound):
                    return await self._runs.find(caller, run_id)
            # Not begun yet, here or at another replica.
            await asyncio.sleep(LOOK_AGAIN_S)

    async def sweep(self) -> None:
        """Forget old keys."""
        oldest = time.time() - KEPT_S
        await self._database.write(lambda tx: tx.execute("DELETE FROM requests WHERE created_at < ?", oldest))

    async def _start(self, owner: str, key: str, start: Start) -> Run:
        try:
            run = await start()
        except BaseException:
            await self._database.write(
                lambda tx: tx.execute(
                    "DELETE FROM requests WHERE owner = ? AND idempotency_key = ? AND run_id = ?", owner, key, PENDING
                )
            )
            raise
        await self._database.write(
            lambda tx: tx.execute(
                "UPDATE requests SET run_id = ? WHERE owner = ? AND idempotency_key = ?", run.id, owner, key
            )
        )
        return run

    async def _claim(self, owner: str, key: str, fingerprint: str) -> str | None:
        """None when the key is ours to run; otherwise the run of the request before, or PENDING."""
        now = time.time()

        def work(tx: Transaction) -> str | None:
            mine = tx.execute(
                "INSERT INTO requests (owner, idempotency_key, fingerprint, run_id, created_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING RETURNING run_id",
                *(owner, key, fingerprint, PENDING, now),
            )
            if mine:
                return None
            found = tx.execute(
                "SELECT fingerprint, run_id, created_at,"
                " (SELECT status FROM runs WHERE runs.id = requests.run_id)"
                " FROM requests WHERE owner = ? AND idempotency_key = ?",
                *(owner, key),
            )
            if not found:
                return PENDING
            before, run_id, created_at, status = found[0]
            age_s = now - created_at
            stale = age_s > KEPT_S or (run_id == PENDING and age_s > self._pending_s)
            if not stale and before != fingerprint:
                raise KeyReused(
                    "This Idempotency-Key was used for another question.", remedy="Use a new one for each question."
                )
            begun = status is not None or age_s < UNSEEN_S
            if not stale and (run_id == PENDING or (begun and status not in RERUN)):
                return str(run_id)
            # Only one of several that see the same state takes it over.
            taken = tx.execute(
                "UPDATE requests SET run_id = ?, created_at = ?, fingerprint = ?"
                " WHERE owner = ? AND idempotency_key = ? AND run_id = ? AND created_at = ? RETURNING run_id",
                *(PENDING, now, fingerprint, owner, key, run_id, created_at),
            )
            return None if taken else PENDING

        return await self._database.write(work)
