"""API keys: made, shown once, kept as hashes, taken back."""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass

from agent.database import Database, Transaction
from agent.records import LOCAL
from service.callers import Caller

PREFIX = "ast_"
"""Every key begins so: a leaked one is recognised, and a foreign token is not mistaken for one."""
SECRET_BYTES = 32
"""256 random bits. Nothing can be guessed, so a fast hash is enough and a slow one would only cost time."""
ID_BYTES = 4
OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInfo:
    """A key without its secret."""

    id: str
    owner: str
    created_at: float
    revoked_at: float | None


class KeyRing:
    """The keys of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, owner: str) -> tuple[KeyInfo, str]:
        """Make a key for an owner, who may have several; the secret is told now and never again.

        Raises:
            ValueError: when the name is none.
        """
        if not OWNER.fullmatch(owner) or owner == LOCAL:
            raise ValueError("a name has 1 to 64 letters, digits or _ . @ - and is not 'local'")
        key_id = secrets.token_hex(ID_BYTES)
        secret = f"{PREFIX}{key_id}_{secrets.token_urlsafe(SECRET_BYTES)}"
        info = KeyInfo(id=key_id, owner=owner, created_at=time.time(), revoked_at=None)

        def work(tx: Transaction) -> None:
            tx.execute(
                "INSERT INTO api_keys (id, owner, hash, created_at) VALUES (?, ?, ?, ?)",
                *(key_id, owner, _hash(secret), info.created_at),
            )

        await self._database.write(work)
        return info, secret

    async def list(self) -> list[KeyInfo]:
        """Every key, oldest first."""
        rows = await self._database.read(
            lambda tx: tx.execute("SELECT id, owner, created_at, revoked_at FROM api_keys ORDER BY created_at, id")
        )
        return [KeyInfo(id=row[0], owner=row[1], created_at=row[2], revoked_at=row[3]) for row in rows]

    async def revoke(self, key_id: str) -> bool:
        """Take a key back at once; false when there is no such key in use."""
        rows = await self._database.write(
            lambda tx: tx.execute(
                "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING id",
                *(time.time(), key_id),
            )
        )
        return bool(rows)

    async def revoked(self, key_ids: Collection[str]) -> set[str]:
        """Those of the keys that were taken back."""
        marks = ", ".join("?" for _ in key_ids)
        rows = await self._database.read(
            lambda tx: tx.execute(
                f"SELECT id FROM api_keys WHERE revoked_at IS NOT NULL AND id IN ({marks})", *sorted(key_ids)
            )
        )
        return {row[0] for row in rows}

    async def any_in_use(self) -> bool:
        """Whether anybody could come in."""
        rows = await self._database.read(
            lambda tx: tx.execute("SELECT 1 FROM api_keys WHERE revoked_at IS NULL LIMIT 1")
        )
        return bool(rows)

    async def caller(self, secret: str) -> Caller | None:
        """Who a key belongs to; None when it is wrong or revoked."""
        match = re.fullmatch(rf"{PREFIX}([0-9a-f]{{{2 * ID_BYTES}}})_[\w-]{{20,80}}", secret, re.ASCII)
        if match is None:
            return None
        key_id = match[1]
        rows = await self._database.read(
            lambda tx: tx.execute("SELECT owner, hash FROM api_keys WHERE id = ? AND revoked_at IS NULL", key_id)
        )
        if not rows or not hmac.compare_digest(rows[0][1], _hash(secret)):
            return None
        return Caller(rows[0][0], key_id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
