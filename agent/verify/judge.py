"""The model itself as judge, for who wants a second opinion: forced JSON, parsed strictly, never required.

Slow and costly beside the classifier; what it says is one more signal, since a model that made a claim up may well
confirm it.
"""

import asyncio
import json
import re
from collections.abc import Sequence

from agent.answer import Verdict
from agent.stream import within
from agent.verify.evidence import Evidence, Support
from agent.verify.opinion import Opinion, Pair
from model_backend import Brief, ChatModel, ChatRequest, Document, Message, TextDelta, ToolCalled, ToolSpec
from model_backend.errors import MalformedReply, ModelError
from prompts import render

VERDICT_TOKENS = 150
"""Longest reply: a verdict and a sentence."""
MOST_ASKED = 24
"""Claims of one answer that a model judges; the rest keep the classifier's verdict."""
AT_ONCE = 4
"""Claims it judges at the same time: servers batch that many without slowing down other runs."""
_VERDICTS: tuple[Verdict, ...] = ("supported", "unsupported", "contradicted")
_OBJECT = re.compile(r"\{[^{}]*\}")
_TOOL = ToolSpec(
    name="give_verdict",
    description="Say whether the evidence supports the claim.",
    parameters={
        "type": "object",
        "properties": {
            "verdict": {"type": "string", "enum": list(_VERDICTS)},
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
            "reason": {"type": "string"},
        },
        "required": ["verdict", "confidence", "reason"],
    },
)


class ModelJudge:
    """The model that writes as a layer: asked whether evidence supports a claim, believed no more than the others."""

    def __init__(self, model: ChatModel) -> None:
        """The model belongs to the caller, who closes it."""
        self._model = model

    @property
    def name(self) -> str:
        """See `Layer`."""
        return "model"

    async def opinions(self, pairs: Sequence[Pair], *, timeout_s: float) -> list[Opinion | None]:
        """See `Layer`."""
        turn = asyncio.Semaphore(AT_ONCE)
        until = asyncio.get_running_loop().time() + timeout_s
        asked = [self._opinion(pair, turn, until) for pair in pairs[:MOST_ASKED]]
        return [*await asyncio.gather(*asked), *[None] * (len(pairs) - len(asked))]

    async def aclose(self) -> None:
        """See `Layer`."""

    async def _opinion(self, pair: Pair, turn: asyncio.Semaphore, until: float) -> Opinion | None:
        piece = Evidence(number=1, url="", start=0, text=pair.evidence)
        async with turn:
            left_s = until - asyncio.get_running_loop().time()
            if left_s <= 0:
                return None
            try:
                support = await judge_with_model(self._model, pair.claim, [piece], timeout_s=left_s)
            except ModelError:
                return None
        against = 1 - support.score if support.verdict == "contradicted" else 0.0
        return Opinion(supported=support.score, contradicted=against, reason=support.reason)


async def judge_with_model(model: ChatModel, claim: str, evidence: Sequence[Evidence], *, timeout_s: float) -> Support:
    """The model's verdict; its score is the probability of support that its words amount to.

    Raises:
        ModelError: when the model fails, takes too long, or gives no verdict that can be read.
    """
    texts = "\n".join(f"[{piece.number}] {piece.text}" for piece in evidence)
    request = ChatRequest(
        messages=(Message(role="user", content=render("verify", claim=claim, evidence=texts)),),
        brief=Brief(
            question=claim,
            documents=tuple(
                Document(number=p.number, title=p.title, url=p.url, site="", published=None, text=p.text)
                for p in evidence
            ),
        ),
        tools=(_TOOL,),
        max_tokens=VERDICT_TOKENS,
        temperature=0.0,
    )
    said: list[str] = []
    async with within(model.stream(request), timeout_s) as deltas:
        async for delta in deltas:
            if isinstance(delta, ToolCalled):
                return _support(dict(delta.call.arguments))
            if isinstance(delta, TextDelta):
                said.append(delta.text)
    found = _OBJECT.search("".join(said))
    try:
        data = json.loads(found.group()) if found else None
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise MalformedReply("The model gave no verdict.", remedy="Check claims without it.")
    return _support(data)


def _support(data: dict[str, object]) -> Support:
    verdict = next((one for one in _VERDICTS if one == data.get("verdict")), None)
    confidence = data.get("confidence")
    if verdict is None or isinstance(confidence, bool) or not isinstance(confidence, int | float):
        raise MalformedReply("The model gave a verdict that cannot be read.", remedy="Check claims without it.")
    sure = min(1.0, max(0.0, float(confidence)))
    score = 0.5 + sure / 2 if verdict == "supported" else 0.5 - sure / 2
    reason = "" if verdict == "supported" else str(data.get("reason", ""))[:200]
    return Support(verdict=verdict, score=round(score, 3), reason=reason)
