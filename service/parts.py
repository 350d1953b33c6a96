"""The parts that readiness looks at."""

import secrets

from agent.database import Transaction
from model_backend.openai_compatible import OpenAICompatibleModel
from service.hub import Hub
from service.readiness import Check, ReadinessChecks


def readiness_of(hub: Hub) -> ReadinessChecks:
    """The checks of this service."""
    return ReadinessChecks(
        needed={"store": store_check(hub)}, wanted={"model": model_check(hub), "cache": hub.exchange.trouble}
    )


def store_check(hub: Hub) -> Check:
    """Can threads be kept?"""

    async def check() -> str:
        await hub.agent.threads.database.write(_write_and_take_back)
        return ""

    return check


def model_check(hub: Hub) -> Check:
    """Does the model server answer? Without it the embedded model writes, so this only degrades."""

    async def check() -> str:
        model = hub.agent.model
        if not isinstance(model, OpenAICompatibleModel):
            return ""
        report = await model.check()
        return "" if report.healthy else report.problem

    return check


def _write_and_take_back(tx: Transaction) -> None:
    """A disk that is full or a server that only reads still answers questions about what it has."""
    mark = secrets.token_hex(8)
    tx.execute(
        "INSERT INTO requests (owner, idempotency_key, fingerprint, run_id, created_at) VALUES ('', ?, '', '', 0)", mark
    )
    tx.execute("DELETE FROM requests WHERE owner = '' AND idempotency_key = ?", mark)
