"""Threads: conversations, the runs in them, and what is left of a run that was cut off.

Finished turns stand in tables of our own. LangGraph's checkpointer holds the state of runs that are under way, by the
run's id; it is dropped when the run ends, so that a thread grows by its answers and nothing else.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from agent.answer import Answer
from agent.attached import with_words
from agent.database import Database, SqliteDatabase, Transaction
from agent.errors import RunNotResumable
from agent.events import Problem
from agent.options import AskOptions
from agent.records import LOCAL, Opened, RunRecord, RunStatus, Thread, ThreadHead
from agent.rows import (
    HEAD_COLUMNS,
    RUN_COLUMNS,
    owned_run,
    owned_thread,
    pack_answer,
    pack_options,
    title_of,
    to_head,
    to_run,
    unpack_answer,
    unpack_options,
)
from agent.run_states import RunStates
from agent.schema import migrate
from agent.state import Plain
from agent.worker import this_worker

log = logging.getLogger(__name__)

TURNS_KEPT = 20
"""Earlier turns that a new run gets; the prompt has room for fewer."""
LOOKED_AT_A_TURN = 4
"""Runs read for each of them: those that others took the place of are left out."""
LEASE_SPARE_S = 15.0
"""A run is given up this long after its deadline, when its machine cannot be asked."""
Before = tuple[float, str]
"""A place in the list of threads: (updated_at, id) of the last one seen."""


class Threads:
    """The conversations of this store. Every reading names an owner; what is another's does not exist."""

    def __init__(self, states: RunStates | None, database: Database | None = None, *, deadline_s: float = 60.0) -> None:
        self.states = states
        """What the graph keeps its states in; None where nothing outlives the process."""
        self.database = database or _memory()
        """Also holds the API keys and the idempotency keys of the service."""
        self._lease_s = deadline_s + LEASE_SPARE_S
        self._me = this_worker()

    @property
    def durable(self) -> bool:
        """Whether a run that is cut off can be taken up again."""
        return self.states is not None

    async def require(self, thread_id: str, owner: str = LOCAL) -> str:
        """The id itself, when the owner has such a thread.

        Raises:
            ThreadNotFound: when there is none.
        """
        return (await self.database.read(lambda tx: owned_thread(tx, thread_id, owner))).id

    async def begin(
        self, run_id: str, new_thread_id: str, question: str, options: AskOptions, owner: str = LOCAL
    ) -> Opened:
        """Note a run before anything else happens, in the thread that the options name or in a new one.

        Raises:
            ThreadNotFound: when the options name a thread that the owner does not have.
        """
        now = time.time()

        def work(tx: Transaction) -> Opened:
            if options.thread_id:
                thread_id = owned_thread(tx, options.thread_id, owner).id
                turns = _earlier_turns(tx, thread_id, options.replaces)
                tx.execute("UPDATE threads SET updated_at = ? WHERE id = ?", now, thread_id)
            else:
                thread_id, turns = new_thread_id, []
                tx.execute(
                    "INSERT INTO threads (id, owner, title, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
                    *(thread_id, owner, title_of(question), now, now),
                )
            tx.execute(
                "INSERT INTO runs (id, thread_id, owner, question, options, status, worker, lease_until, started_at)"
                " VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?)",
                *(run_id, thread_id, owner, question, pack_options(options), str(self._me), now + self._lease_s, now),
            )
            return Opened(thread_id=thread_id, turns=turns)

        return await self.database.write(work)

    async def complete(self, answer: Answer) -> bool:
        """Store the whole answer, in one step; false when the run is no longer wanted (its thread was deleted)."""
        now = time.time()

        def work(tx: Transaction) -> bool:
            done = tx.execute(
                "UPDATE runs SET status = 'completed', answer_text = ?, answer = ?, ended_at = ?"
                " WHERE id = ? AND status = 'running' RETURNING id",
                # PostgreSQL keeps no NUL in text; a page may have brought one. The whole answer is kept as bytes.
                *(answer.answer.replace("\x00", ""), pack_answer(answer), now, answer.run_id),
            )
            tx.execute("UPDATE threads SET updated_at = ? WHERE id = ?", now, answer.thread_id)
            return bool(done)

        done = await self.database.write(work)
        await self.forget(answer.run_id)
        return done

    async def end(self, run_id: str, status: RunStatus, problem: Problem | None = None) -> None:
        """Note that a running run ended without an answer. Of an interrupted one the state is kept, to resume it."""

        def work(tx: Transaction) -> bool:
            return bool(
                tx.execute(
                    "UPDATE runs SET status = ?, problem = ?, ended_at = ? WHERE id = ? AND status = 'running'"
                    " RETURNING id",
                    *(status, problem.model_dump_json() if problem else None, time.time(), run_id),
                )
            )

        if await self.database.write(work) and status != "interrupted":
            await self.forget(run_id)

    async def take_over(self, run_id: str, owner: str = LOCAL) -> tuple[RunRecord, list[Plain]]:
        """Claim an interrupted run for this process; of two that try, one gets it. Also gives the earlier turns.

        Raises:
            RunNotFound: when the owner has no such run.
            RunNotResumable: when it is still going on, or has ended.
        """
        lease_until = time.time() + self._lease_s

        def work(tx: Transaction) -> tuple[RunRecord, list[Plain]]:
            run = owned_run(tx, run_id, owner, self._me)
            if run.status != "interrupted":
                raise not_resumable(run_id, run.status)
            # Of two that saw the same lease, the second one finds it changed.
            taken = tx.execute(
                "UPDATE runs SET status = 'running', worker = ?, lease_until = ?, ended_at = NULL"
                " WHERE id = ? AND lease_until = ? RETURNING id",
                *(str(self._me), lease_until, run_id, run.lease_until),
            )
            if not taken:
                raise not_resumable(run_id, "running")
            return replace(run, status="running"), _earlier_turns(tx, run.thread_id, run.options.replaces)

        return await self.database.write(work)

    async def run(self, run_id: str, owner: str = LOCAL) -> RunRecord:
        """One run.

        Raises:
            RunNotFound: when the owner has no such run.
        """
        return await self.database.read(lambda tx: owned_run(tx, run_id, owner, self._me))

    async def list(
        self, owner: str = LOCAL, *, search: str = "", limit: int = 50, before: Before | None = None
    ) -> Sequence[ThreadHead]:
        """The owner's threads, the one touched last first; `search` is looked for in titles, questions and answers."""
        sql, params = f"SELECT {HEAD_COLUMNS} FROM threads WHERE owner = ?", [owner]
        values: list[object] = [*params]
        if search:
            like = "%" + search.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            sql += (
                " AND (LOWER(title) LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM runs WHERE runs.thread_id = threads.id"
                " AND (LOWER(question) LIKE ? ESCAPE '\\' OR LOWER(answer_text) LIKE ? ESCAPE '\\')))"
            )
            values += [like, like, like]
        if before:
            sql += " AND (updated_at < ? OR (updated_at = ? AND id < ?))"
            values += [before[0], before[0], before[1]]
        sql += " ORDER BY updated_at DESC, id DESC LIMIT ?"
        rows = await self.database.read(lambda tx: tx.execute(sql, *values, limit))
        return [to_head(row) for row in rows]

    async def read(self, thread_id: str, owner: str = LOCAL) -> Thread:
        """A whole thread.

        Raises:
            ThreadNotFound: when the owner has no such thread.
        """

        def work(tx: Transaction) -> Thread:
            head = owned_thread(tx, thread_id, owner)
            rows = tx.execute(f"SELECT {RUN_COLUMNS} FROM runs WHERE thread_id = ? ORDER BY started_at, id", thread_id)
            return Thread(head=head, runs=tuple(to_run(row, self._me) for row in rows))

        return await self.database.read(work)

    async def rename(self, thread_id: str, title: str, owner: str = LOCAL) -> ThreadHead:
        """Give a thread another title.

        Raises:
            ThreadNotFound: when the owner has no such thread.
        """

        def work(tx: Transaction) -> ThreadHead:
            owned_thread(tx, thread_id, owner)
            tx.execute("UPDATE threads SET title = ? WHERE id = ?", title_of(title), thread_id)
            return owned_thread(tx, thread_id, owner)

        return await self.database.write(work)

    async def delete(self, thread_id: str, owner: str = LOCAL) -> None:
        """Leave nothing of a thread in any table.

        Raises:
            ThreadNotFound: when the owner has no such thread.
        """

        def work(tx: Transaction) -> list[str]:
            owned_thread(tx, thread_id, owner)
            return _delete(tx, thread_id)

        for run_id in await self.database.write(work):
            await self.forget(run_id)

    async def sweep(self, *, keep_days: int) -> int:
        """Delete the threads that nobody touched for so many days (0 keeps all); returns how many."""
        if keep_days <= 0:
            return 0
        oldest = time.time() - keep_days * 86_400

        def work(tx: Transaction) -> tuple[int, list[str]]:
            threads = tx.execute("SELECT id FROM threads WHERE updated_at < ?", oldest)
            return len(threads), [run_id for row in threads for run_id in _delete(tx, row[0])]

        count, run_ids = await self.database.write(work)
        for run_id in run_ids:
            await self.forget(run_id)
        return count

    async def forget(self, run_id: str) -> None:
        """Drop the state of a run that has ended."""
        if self.states is not None:
            await (await self.states.saver()).adelete_thread(run_id)


def _earlier_turns(tx: Transaction, thread_id: str, replaced: str | None = None) -> list[Plain]:
    """The newest turns that were answered whole, oldest first, without those that others took the place of."""
    rows = tx.execute(
        # The words of files stand in the answer as a whole, which is unpacked for them alone.
        "SELECT question, answer_text, CASE WHEN options LIKE ? THEN answer END, id, options FROM runs"
        " WHERE thread_id = ? AND status = 'completed' ORDER BY started_at DESC, id DESC LIMIT ?",
        *('%"attached"%', thread_id, TURNS_KEPT * LOOKED_AT_A_TURN),
    )
    gone = {replaced, *(unpack_options(row[4]).replaces for row in rows)}
    kept = [row for row in rows if row[3] not in gone][:TURNS_KEPT]
    return [{"question": _in_words(row[0], row[2]), "answer": row[1]} for row in reversed(kept)]


def _in_words(question: str, packed: bytes | None) -> str:
    """The question with what was seen and heard, as far as that is stored."""
    if packed is None:
        return question
    answer = unpack_answer(packed)
    return with_words(question, answer.attachments, answer.language)


def _delete(tx: Transaction, thread_id: str) -> list[str]:
    """Delete a thread's rows; returns the ids of its runs."""
    tx.execute("DELETE FROM requests WHERE run_id IN (SELECT id FROM runs WHERE thread_id = ?)", thread_id)
    run_ids = [row[0] for row in tx.execute("DELETE FROM runs WHERE thread_id = ? RETURNING id", thread_id)]
    tx.execute("DELETE FROM threads WHERE id = ?", thread_id)
    return run_ids


def not_resumable(run_id: str, status: str) -> RunNotResumable:
    """The error of a run that has nothing left to do, or is being worked on."""
    return RunNotResumable(f"The run {run_id} is {status}.", remedy="Only a run that was interrupted can be resumed.")


def _memory() -> SqliteDatabase:
    database = SqliteDatabase.in_memory()
    database.prepare(lambda tx: migrate(tx, 0, blob="BLOB"))
    return database
