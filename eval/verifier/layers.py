"""The verifier's layers alone and together, on judged claims: what a cross-encoder or a model as judge adds."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from agent.answer import Verdict
from agent.build import make_model
from agent.errors import Misconfigured
from agent.open_layers import open_layers
from agent.settings import Settings
from agent.verify import Support, Verifier
from agent.verify.opinion import EVEN, Layer, Opinion, Pair, pooled
from eval.verifier.data import load
from eval.verifier.metrics import area_under_curve, calibration_error, macro_f1
from eval.verifier.train import ReadPair, cross_validate, evidence_of

PAIR_TIMEOUT_S = 60.0
"""Time a claim has here: a figure is about quality, and a slow machine must not change it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One claim, and what each layer says of it."""

    supported: bool
    own: Support
    """By rules and classifier."""
    threshold: float
    opinions: dict[str, Opinion]


async def compare_layers(settings: Settings, folder: Path, *, seed: int, limit: int | None) -> str:
    """Macro-F1, AUC and calibration error of every layer alone, and of all pooled as a run pools them.

    Raises:
        Misconfigured: when the settings name no layer beside the classifier.
    """
    async with AsyncExitStack() as stack:
        model = make_model(settings)
        stack.push_async_callback(model.aclose)
        layers = open_layers(settings.verify, model, stack)
        if not layers:
            raise Misconfigured(
                "There is only the classifier.",
                remedy='Set ASTERISM_VERIFY__LAYERS, for example to ["classifier", "cross_encoder"].',
            )
        pairs = [ReadPair(pair) for pair in load("attributionbench", folder)]
        predicted = cross_validate(pairs, seed=seed)[:limit]
        judged = []
        for one, (_, classifier) in zip(pairs, predicted, strict=False):
            verifier = Verifier(evidence_of(one.pair), question=one.pair.question, classifier=classifier)
            own = verifier.judge(one.pair.claim)
            judged.append(Judged(one.supported, own, verifier.threshold, await _opinions(layers, one.pair.claim, own)))
    return "\n".join(_lines(judged, [layer.name for layer in layers], seed))


async def _opinions(layers: Sequence[Layer], claim: str, own: Support) -> dict[str, Opinion]:
    if own.evidence is None:
        return {}
    pair = Pair(claim, own.evidence.text[own.start : own.end])
    told = {layer.name: (await layer.opinions([pair], timeout_s=PAIR_TIMEOUT_S))[0] for layer in layers}
    return {name: opinion for name, opinion in told.items() if opinion is not None}


def _lines(judged: Sequence[Judged], names: Sequence[str], seed: int) -> list[str]:
    own = [one.own for one in judged]
    lines = [
        f"attributionbench, {len(judged)} claims, 5 folds by question, seed {seed}; evidence: the best window",
        _line("rules + classifier", judged, own),
    ]
    for name in names:
        alone = [_pooled(one, [name], classifier=False) for one in judged]
        silent = sum(name not in one.opinions for one in judged)
        lines.append(_line(f"{name} alone", judged, alone) + (f", no opinion on {silent}" if silent else ""))
    together = [_pooled(one, names, classifier=True) for one in judged]
    return [*lines, _line("all together", judged, together)]


def _pooled(one: Judged, names: Sequence[str], *, classifier: bool) -> Support:
    opinions = [one.opinions[name] for name in names if name in one.opinions]
    if not opinions and not classifier:
        verdict: Verdict = "unsupported"
        return Support(verdict=verdict, score=EVEN)
    return pooled(one.own, opinions, threshold=one.threshold, classifier=classifier)


def _line(name: str, judged: Sequence[Judged], supports: Sequence[Support]) -> str:
    truth = [one.supported for one in judged]
    scores = [one.score for one in supports]
    figure = macro_f1(truth, [one.verdict == "supported" for one in supports])
    return (
        f"{name:22} macro-F1 {figure:.3f}, AUC {area_under_curve(truth, scores):.3f}, "
        f"calibration error {calibration_error(truth, scores):.3f}"
    )
