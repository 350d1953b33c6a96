"""One model server and everything learned of it: what it serves, how it counts, which way to a call it manages."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Mapping

from model_backend.budget import Calibration
from model_backend.errors import ModelError
from model_backend.openai_compatible.breaker import Breaker
from model_backend.openai_compatible.connection import Connection, ServedModel
from model_backend.openai_compatible.ladder import Ladder
from model_backend.profiles import ModelProfile, Rung

LISTING_TIMEOUT_S = 3.0
"""Longest wait for `/v1/models`: it is served from memory, and never worth delaying an answer."""
COUNT_TIMEOUT_S = 0.3
"""Longest wait for `/tokenize`: an estimate is at hand, and a server this slow is busy with answers."""
KEPT_COUNTS = 32
"""Counts remembered: the plan and the answer of some questions at once."""
OWNERS: Mapping[str, str] = {"vllm": "vllm", "sglang": "sglang", "llamacpp": "llama.cpp"}
"""What servers write as the owner of a model."""


class Server:
    """One address; safe for concurrent calls within one event loop."""

    def __init__(self, base_url: str, api_key: str, profile: ModelProfile, pinned: Rung | None) -> None:
        self.connection = Connection(base_url, api_key)
        self.breaker = Breaker()
        self.calibration = Calibration()
        self.refused: set[str] = set()
        """Optional fields that it does not take."""
        self.kind = ""
        """`vllm`, `sglang`, `llama.cpp`, or empty when it does not tell."""
        self.window: int | None = None
        """Its window as it tells it."""
        self.served: ServedModel | None = None
        """Its entry of the model."""
        self.known = False
        """Whether it has listed its models."""
        self.ladder = Ladder(profile, pinned=pinned)
        self.thinks_first = False
        """Whether its replies begin inside of reasoning that its template opens."""
        self.probed = False
        """Whether a probe chose the way to a call."""
        self._pinned = pinned
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._counting = True
        self._learning: asyncio.Task[None] | None = None

    @property
    def base_url(self) -> str:
        """Where it is."""
        return self.connection.base_url

    def use(self, profile: ModelProfile) -> None:
        """Another profile fits better than the one assumed: what was learned of the ladder is void."""
        self.ladder = Ladder(profile, pinned=self._pinned)
        self.probed = False

    def learn(self, name: str) -> "asyncio.Task[None]":
        """The one task that asks for the models; after a failure the next call asks again."""
        if self._learning is None or self._learning.done():
            self._learning = asyncio.create_task(self._ask(name), name="model server listing")
        return self._learning

    async def _ask(self, name: str) -> None:
        try:
            served = await self.connection.models(timeout_s=LISTING_TIMEOUT_S)
        except ModelError:
            return
        self.known = True
        self.served = next((model for model in served if model.id == name), None)
        if self.served is not None:
            self.window = self.served.context_tokens
            self.kind = OWNERS.get(self.served.owner, "")

    async def count(self, body: Mapping[str, object]) -> int | None:
        """Exact prompt tokens of a chat request, or None when the server does not say at once (only vLLM counts so)."""
        if not self._counting or self.kind != "vllm":
            return None
        asked = {name: body[name] for name in ("model", "messages", "tools") if name in body}
        key = json.dumps(asked, ensure_ascii=False)
        if key in self._counts:
            return self._counts[key]
        try:
            async with asyncio.timeout(COUNT_TIMEOUT_S):
                told = await self.connection.post_beside("/tokenize", asked)
        except (TimeoutError, ModelError):
            self._counting = False
            return None
        counted = told.get("count") if isinstance(told, dict) else None
        if not isinstance(counted, int):
            self._counting = False
            return None
        self._counts[key] = counted
        if len(self._counts) > KEPT_COUNTS:
            self._counts.popitem(last=False)
        return counted

    async def aclose(self) -> None:
        """Give back connections."""
        if self._learning is not None:
            self._learning.cancel()
            await asyncio.gather(self._learning, return_exceptions=True)
        await self.connection.aclose()
