"""A language model as a server sees it: it decides to search, reads, and is wrong exactly as often as it is told."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field

from tests.eval.evaldata import TOWNS, tower_height
from tests.model_backend.fake_server import FakeServer, Reply, Wire, call_pieces, calling, saying

OFF_BY = 700
"""Metres added to a height that is made up."""
Call = tuple[str, int]
"""(`plan`, `closed` or `search`; number of the town)."""


@dataclass
class TowersModel:
    """Scripts a `FakeServer`; which towns it is wrong about is known beforehand."""

    wrong_closed: frozenset[int] = frozenset()
    """Towns whose height it makes up without pages."""
    silent_closed: frozenset[int] = frozenset()
    """Towns of which it says that it does not know."""
    wrong_search: frozenset[int] = frozenset()
    """Towns whose height it gets wrong although the page says it."""
    hang_at: int | None = None
    """Number of the call, from 1, at which it falls silent for ever."""
    asked: Counter[Call] = field(default_factory=Counter)
    hangs: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it has fallen silent."""
    server: FakeServer = field(default_factory=FakeServer)

    def __post_init__(self) -> None:
        self.server.replies = [self._reply]

    async def _reply(self, wire: Wire) -> None:
        body = self.server.chats[-1].body
        prompt = "\n".join(str(message["content"]) for message in body["messages"])
        asked = re.search(r"clock tower of (\w+)\?", prompt)
        assert asked is not None
        town = TOWNS.index(asked[1])
        kind = "plan" if "tools" in body else "search" if "The sources stand between" in prompt else "closed"
        self.asked[kind, town] += 1
        if self.asked.total() == self.hang_at:
            self.hangs.set()
            await wire.left()
            return
        await self._said(kind, town, prompt)(wire)

    def _said(self, kind: str, town: int, prompt: str) -> Reply:
        name = TOWNS[town]
        if kind == "plan":
            return calling(*call_pieces([f'{{"query": "clock tower {name} height"}}']))
        if kind == "closed":
            if town in self.silent_closed:
                return saying("I don't know how high it is.")
            height = tower_height(town) + OFF_BY * (town in self.wrong_closed)
            return saying(f"The clock tower of {name} is {height} metres high.")
        source = re.search(rf"\[(\d+)\] Clock tower of {name}", prompt)
        number = source[1] if source else "1"
        height = tower_height(town) + OFF_BY * (town in self.wrong_search)
        return saying(f"The clock tower of {name} is ", f"{height} metres high [{number}].")
