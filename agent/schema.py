"""The tables of the store, and how an older store becomes a newer one. Numbered steps, each run once, in order.

The statements are read by SQLite and PostgreSQL alike; `{blob}` is the one word in which they differ.
"""

from agent.database import Transaction

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE threads (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            title TEXT NOT NULL,
            created_at DOUBLE PRECISION NOT NULL,
            updated_at DOUBLE PRECISION NOT NULL
        )""",
        "CREATE INDEX threads_by_owner ON threads (owner, updated_at DESC, id)",
        """CREATE TABLE runs (
            id TEXT PRIMARY KEY,
            thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
            owner TEXT NOT NULL,
            question TEXT NOT NULL,
            options TEXT NOT NULL,
            status TEXT NOT NULL,
            answer_text TEXT,
            answer {blob},
            problem TEXT,
            worker TEXT NOT NULL,
            lease_until DOUBLE PRECISION NOT NULL,
            started_at DOUBLE PRECISION NOT NULL,
            ended_at DOUBLE PRECISION
        )""",
        "CREATE INDEX runs_by_thread ON runs (thread_id, started_at)",
        "CREATE INDEX runs_unfinished ON runs (status) WHERE status = 'running'",
        """CREATE TABLE api_keys (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            hash TEXT NOT NULL UNIQUE,
            created_at DOUBLE PRECISION NOT NULL,
            revoked_at DOUBLE PRECISION
        )""",
        """CREATE TABLE requests (
            owner TEXT NOT NULL,
            idempotency_key TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            run_id TEXT NOT NULL,
            created_at DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (owner, idempotency_key)
        )""",
        "CREATE INDEX requests_by_run ON requests (run_id)",
    ),
    (
        """CREATE TABLE shares (
            id TEXT PRIMARY KEY,
            thread_id TEXT NOT NULL UNIQUE REFERENCES threads (id) ON DELETE CASCADE,
            created_at DOUBLE PRECISION NOT NULL
        )""",
    ),
)
VERSION = len(STEPS)
"""The version this program writes."""


def migrate(tx: Transaction, version: int, *, blob: str) -> None:
    """Bring tables of an older version up to this one, inside the caller's transaction."""
    for step in STEPS[version:]:
        for statement in step:
            tx.execute(statement.replace("{blob}", blob))
