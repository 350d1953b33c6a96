"""Model replies kept on disk: the same call is made once, however often a run is begun, and by both arms that search.

So the arms `search` and `search+verify` judge the same draft, and what differs between them is the verification.
"""

import hashlib
import json
import re
import sqlite3
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from model_backend import ChatModel, ChatRequest, Delta, Finished, Noted, TextDelta, ToolCall, ToolCalled, Usage
from model_backend.forwarding import ForwardingModel

_BOUNDARY = re.compile(r"=== [0-9a-f]{16} ===")
"""The fence around pages in a prompt, random in each run: two calls that differ by it alone are the same call."""
BUSY_S = 30.0
"""Longest wait for another process that writes."""


class RememberedModel(ForwardingModel):
    """Asks the other only what it was not asked before. Give one to each process."""

    def __init__(self, model: ChatModel, path: Path, *, scope: str) -> None:
        """Open the memory, and make it if there is none.

        Args:
            model: Who is asked.
            path: SQLite file; several processes may share it.
            scope: What else a reply depends on: server, profile, seed.
        """
        super().__init__(model)
        self._scope = scope
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, deltas TEXT NOT NULL, seconds REAL)"
        )

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """The reply as it was given before, or a new one; only whole replies are kept."""
        key = self._key(request)
        row = self._db.execute("SELECT deltas FROM replies WHERE key = ?", (key,)).fetchone()
        if row is not None:
            for plain in json.loads(row[0]):
                yield _delta(plain)
            return
        deltas: list[Delta] = []
        began = time.monotonic()
        # Closed with this one, so that a run that is cut stops the engine.
        async with aclosing(cast(AsyncGenerator[Delta], self.model.stream(request))) as told:
            async for delta in told:
                deltas.append(delta)
                if isinstance(delta, Finished):
                    # Kept before the last delta is handed on: whoever gets it may stop listening.
                    self._keep(key, deltas, time.monotonic() - began)
                yield delta

    async def aclose(self) -> None:
        """Close the memory and the other."""
        self._db.close()
        await super().aclose()

    def kept_s(self, request: ChatRequest) -> float:
        """Seconds that the reply took when it was given; 0 when it is not kept, and so will take its time now."""
        row = self._db.execute("SELECT seconds FROM replies WHERE key = ?", (self._key(request),)).fetchone()
        return float(row[0]) if row else 0.0

    def _keep(self, key: str, deltas: list[Delta], seconds: float) -> None:
        plain = [{"kind": type(delta).__name__, **asdict(delta)} for delta in deltas]
        text = json.dumps(plain, ensure_ascii=False)
        self._db.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?)", (key, text, seconds))

    def _key(self, request: ChatRequest) -> str:
        told = {
            "scope": self._scope,
            "model": self.name,
            "messages": [[message.role, message.content] for message in request.messages],
            "tools": [asdict(tool) for tool in request.tools],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
        }
        text = _BOUNDARY.sub("=== ===", json.dumps(told, ensure_ascii=False, sort_keys=True))
        return hashlib.sha256(text.encode()).hexdigest()


def _delta(plain: dict[str, Any]) -> Delta:
    kind = plain["kind"]
    if kind == "TextDelta":
        return TextDelta(plain["text"])
    if kind == "ToolCalled":
        return ToolCalled(ToolCall(**plain["call"]))
    if kind == "Noted":
        return Noted(plain["text"])
    return Finished(reason=plain["reason"], usage=Usage(**plain["usage"]))
