"""Consulting: the further layers are asked about the claims of an answer, all at once and within a time."""

import asyncio
from collections.abc import Collection, Sequence

from agent.claims import ClaimSpan
from agent.verify.evidence import Support
from agent.verify.opinion import Layer, Opinion, Pair, pooled
from agent.verify.verifier import Verifier

MOST_PAIRS = 48
"""Pairs that the layers are asked about for one answer; further ones keep the classifier's verdict."""

_Asked = tuple[str, frozenset[int] | None]
"""A claim, and the sources that it is held against (None: all)."""


async def consult(
    verifier: Verifier,
    claims: Sequence[ClaimSpan],
    numbers: Collection[int],
    layers: Sequence[Layer],
    *,
    timeout_s: float,
    classifier: bool = True,
) -> list[str]:
    """Ask every layer about every claim and keep the verdicts of all together in the verifier.

    A claim is asked about beside the words of each source it names, and beside the best words of all that was read:
    those are the verdicts that grounding will want.

    Returns:
        One sentence for each layer that gave no opinion at all.
    """
    supports: dict[_Asked, Support] = {}
    for claim in claims:
        if claim.checkable:
            for key in _keys(claim, numbers):
                supports[key] = verifier.judge(*key)
    pairs = list(dict.fromkeys(pair for key, support in supports.items() if (pair := _pair(key[0], support))))
    pairs = pairs[:MOST_PAIRS]
    if not pairs or timeout_s <= 0:
        return []
    told = await asyncio.gather(*(layer.opinions(pairs, timeout_s=timeout_s) for layer in layers))
    found: dict[Pair, list[Opinion]] = {}
    for opinions in told:
        for pair, opinion in zip(pairs, opinions, strict=True):
            if opinion is not None:
                found.setdefault(pair, []).append(opinion)
    for key, support in supports.items():
        asked = _pair(key[0], support)
        if asked in found:
            together = pooled(support, found[asked], threshold=verifier.threshold, classifier=classifier)
            verifier.keep(key[0], key[1], together)
    silent = [layer.name for layer, opinions in zip(layers, told, strict=True) if not any(opinions)]
    return [f"The check by {name} gave nothing in time; the claims were checked without it." for name in silent]


def _keys(claim: ClaimSpan, numbers: Collection[int]) -> list[_Asked]:
    named = [number for number in claim.citations if number in numbers]
    keys: list[_Asked] = [(claim.full, frozenset({number})) for number in named]
    if len(named) > 1:
        keys.append((claim.full, frozenset(named)))
    return [*keys, (claim.full, None)]


def _pair(claim: str, support: Support) -> Pair | None:
    """Nothing to ask where there is no evidence."""
    piece = support.evidence
    if piece is None or support.end <= support.start:
        return None
    words = piece.text[support.start : support.end]
    return Pair(claim, f"{piece.title.strip()}\n{words}" if piece.title.strip() else words)
