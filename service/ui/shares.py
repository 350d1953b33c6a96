"""Links that show one thread to whoever has them, to read and nothing else. Made, found and taken back by its owner."""

import re
import secrets
import time

from agent.database import Database, Transaction
from agent.errors import ThreadNotFound
from agent.rows import owned_thread

ID_BYTES = 24
"""192 random bits: nobody finds a link by trying."""
ID = re.compile(r"[A-Za-z0-9_-]{32}")


class Shares:
    """The links of this store; they go with their threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, thread_id: str, owner: str) -> str:
        """The link's id; empty when the thread has none.

        Raises:
            ThreadNotFound: when the owner has no such thread.
        """

        def work(tx: Transaction) -> str:
            owned_thread(tx, thread_id, owner)
            return _find(tx, thread_id)

        return await self._database.read(work)

    async def make(self, thread_id: str, owner: str) -> str:
        """The link's id, made now where there was none.

        Raises:
            ThreadNotFound: when the owner has no such thread.
        """

        def work(tx: Transaction) -> str:
            owned_thread(tx, thread_id, owner)
            tx.execute(
                "INSERT INTO shares (id, thread_id, created_at) VALUES (?, ?, ?) ON CONFLICT (thread_id) DO NOTHING",
                *(secrets.token_urlsafe(ID_BYTES), thread_id, time.time()),
            )
            return _find(tx, thread_id)

        return await self._database.write(work)

    async def take_back(self, thread_id: str, owner: str) -> None:
        """Let the link lead nowhere.

        Raises:
            ThreadNotFound: when the owner has no such thread.
        """

        def work(tx: Transaction) -> None:
            owned_thread(tx, thread_id, owner)
            tx.execute("DELETE FROM shares WHERE thread_id = ?", thread_id)

        await self._database.write(work)

    async def thread_of(self, share_id: str) -> tuple[str, str]:
        """(thread, owner) that a link shows.

        Raises:
            ThreadNotFound: when the link was never made, or taken back.
        """
        sql = "SELECT t.id, t.owner FROM shares s JOIN threads t ON t.id = s.thread_id WHERE s.id = ?"
        rows = await self._database.read(lambda tx: tx.execute(sql, share_id)) if ID.fullmatch(share_id) else []
        if not rows:
            raise ThreadNotFound("This link shows nothing (any more).", remedy="Ask whoever sent it for a new one.")
        return rows[0][0], rows[0][1]


def _find(tx: Transaction, thread_id: str) -> str:
    rows = tx.execute("SELECT id FROM shares WHERE thread_id = ?", thread_id)
    return str(rows[0][0]) if rows else ""
