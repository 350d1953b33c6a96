"""Values into rows and back, and the one place where it is checked whose row it is."""

import json
import re
import time
import zlib
from collections.abc import Sequence
from dataclasses import asdict, replace

from agent.answer import Answer, AttachmentNote
from agent.attached import note_of
from agent.database import Row, Transaction
from agent.errors import RunNotFound, ThreadNotFound
from agent.events import Problem
from agent.options import AskOptions
from agent.records import RunRecord, RunStatus, ThreadHead
from agent.worker import Worker, is_working

RUN_COLUMNS = (
    "id, thread_id, question, options, status, answer, problem, worker, lease_until, started_at, ended_at, answer_text"
)
HEAD_COLUMNS = "id, title, created_at, updated_at, (SELECT count(*) FROM runs WHERE runs.thread_id = threads.id)"
ID = re.compile(r"(run|thread)_[0-9a-f]{32}")
"""What our ids look like; anything else names nothing, and may be nothing a database can take."""
TITLE_CHARS = 120
"""A title is cut here: two lines in a list."""


def owned_thread(tx: Transaction, thread_id: str, owner: str) -> ThreadHead:
    """The thread, when it is this owner's.

    Raises:
        ThreadNotFound: when there is none, and no less when it is somebody else's.
    """
    sql = f"SELECT {HEAD_COLUMNS} FROM threads WHERE id = ? AND owner = ?"
    rows = tx.execute(sql, thread_id, owner) if ID.fullmatch(thread_id) else []
    if not rows:
        raise ThreadNotFound(
            f"There is no thread {thread_id[:80]!a}.", remedy="Leave the thread out to start a new conversation."
        )
    return to_head(rows[0])


def owned_run(tx: Transaction, run_id: str, owner: str, me: Worker) -> RunRecord:
    """The run, when it is this owner's.

    Raises:
        RunNotFound: when there is none, and no less when it is somebody else's.
    """
    sql = f"SELECT {RUN_COLUMNS} FROM runs WHERE id = ? AND owner = ?"
    rows = tx.execute(sql, run_id, owner) if ID.fullmatch(run_id) else []
    if not rows:
        raise RunNotFound(f"There is no run {run_id[:80]!a}.", remedy="See GET /threads for the runs of each thread.")
    return to_run(rows[0], me)


def to_head(row: Row) -> ThreadHead:
    """A row of HEAD_COLUMNS."""
    return ThreadHead(id=row[0], title=row[1], created_at=row[2], updated_at=row[3], turns=row[4])


def to_run(row: Row, me: Worker) -> RunRecord:
    """A row of RUN_COLUMNS. A run whose process is gone counts as interrupted, whatever the row says."""
    status: RunStatus = row[4]
    if status == "running" and not is_working(row[7], row[8], now=time.time(), me=me):
        status = "interrupted"
    return RunRecord(
        id=row[0],
        thread_id=row[1],
        question=row[2],
        options=unpack_options(row[3]),
        status=status,
        answer=unpack_answer(row[5]) if status == "completed" else None,
        problem=Problem.model_validate_json(row[6]) if row[6] else None,
        started_at=row[9],
        ended_at=row[10],
        lease_until=row[8],
    )


def pack_answer(answer: Answer) -> bytes:
    """JSON, compressed: page texts and claims repeat the answer's words, and 200 turns must stay small."""
    return zlib.compress(answer.model_dump_json().encode())


def unpack_answer(packed: bytes | memoryview) -> Answer:
    """The reverse."""
    return Answer.model_validate_json(zlib.decompress(bytes(packed)))


def pack_options(options: AskOptions) -> str:
    """JSON; the thread has a column of its own, and of a file there is a note and no more."""
    notes = [note_of(file).model_dump() for file in options.attachments]
    plain = asdict(replace(options, attachments=(), attached=()))
    kept = {key: value for key, value in plain.items() if key not in ("thread_id", "attachments", "attached")}
    return json.dumps({**kept, **({"attached": notes} if notes else {})}, default=list)


def unpack_options(text: str) -> AskOptions:
    """The reverse; what a later version added is left out."""
    known = AskOptions.__dataclass_fields__
    plain = {key: value for key, value in json.loads(text).items() if key in known}
    if isinstance(plain.get("sites"), Sequence):
        plain["sites"] = tuple(plain["sites"])
    plain["attached"] = tuple(AttachmentNote.model_validate(note) for note in plain.get("attached", ()))
    plain["turns"] = tuple((question, answer) for question, answer in plain.get("turns", ()))
    return AskOptions(**plain)


def title_of(question: str) -> str:
    """A thread is called by its first question, on one line."""
    line = " ".join(question.split())
    return line if len(line) <= TITLE_CHARS else line[: TITLE_CHARS - 1] + "…"
