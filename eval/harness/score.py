"""Scores: what each metric says of each case, and the figures that are made of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from eval.harness.asked import Asked
from eval.harness.case import EVERY, JUDGED, Judged
from eval.harness.statistics import Estimate, estimate, mcnemar
from eval.metrics import Point, load_metric, metric_names

PAIRED = ("hallucination", "answered_wrong", "accuracy")
"""Metrics of yes or no by which arms are compared case by case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One case in one arm."""

    model: str
    arm: str
    part: str
    case: str
    cluster: str
    points: Mapping[str, Point] = field(default_factory=dict)
    """Metric -> its numbers; metrics that say nothing of the case are not there."""


def score_asked(asked: Asked, model: str) -> Score:
    """What every metric says of an asked case."""
    return _score(asked, model, asked.arm, asked.case.part, asked.case.id, asked.case.cluster)


def score_judged(judged: Judged) -> Score:
    """What every metric says of a judged claim."""
    return _score(judged, JUDGED, JUDGED, judged.part, judged.id, judged.cluster)


def _score(one: Asked | Judged, model: str, arm: str, part: str, case: str, cluster: str) -> Score:
    found = {name: load_metric(name).score(one) for name in metric_names()}
    points = {name: point for name, point in found.items() if point is not None}
    return Score(model=model, arm=arm, part=part, case=case, cluster=cluster or case, points=points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The figures of one model in one arm on one part of a suite."""

    model: str
    arm: str
    part: str
    cases: int
    figures: Mapping[str, Estimate]


def with_together(scores: Sequence[Score], together: Mapping[str, Sequence[str]]) -> list[Score]:
    """The scores, and those of parts that are counted together once more under their heading."""
    return [*scores] + [
        replace(score, part=heading)
        for heading, parts in together.items()
        for score in scores
        if tuple(parts) == EVERY or score.part in parts
    ]


def rows_of(scores: Sequence[Score]) -> list[Row]:
    """The figures by model, part and arm, in the order in which they first appear."""
    grouped: dict[tuple[str, str, str], list[Score]] = defaultdict(list)
    for score in scores:
        grouped[score.model, score.part, score.arm].append(score)
    return [
        Row(model=model, part=part, arm=arm, cases=len(group), figures=figures_of(group))
        for (model, part, arm), group in grouped.items()
    ]


def figures_of(scores: Sequence[Score]) -> dict[str, Estimate]:
    """Every metric over some scores, in the order of tables."""
    found: dict[str, Estimate] = {}
    for name in metric_names():
        held = [score for score in scores if name in score.points]
        if held:
            points = [score.points[name] for score in held]
            found[name] = estimate(points, [score.cluster for score in held], load_metric(name).figure)
    return _telling(found, scores)


def _telling(found: dict[str, Estimate], scores: Sequence[Score]) -> dict[str, Estimate]:
    """Without what says nothing of cases of one kind: how two kinds are parted, and a rate that repeats another."""
    kinds = {score.points["verdict_auc"][0] for score in scores if "verdict_auc" in score.points}
    if len(kinds) < 2:
        for name in ("verdict_f1", "verdict_auc", "verdict_calibration"):
            found.pop(name, None)
    if not {"abstained_rightly", "abstained_wrongly"} <= found.keys():
        for name in ("abstained_rightly", "abstained_wrongly", "answerability"):
            found.pop(name, None)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two arms of one model on the same cases of a part."""

    metric: str
    part: str
    first: str
    second: str
    shares: tuple[float, float]
    n: int
    p: float


def compare_arms(scores: Sequence[Score], model: str) -> list[Comparison]:
    """McNemar's test between each two arms, by part."""
    by_arm: dict[tuple[str, str], dict[str, Score]] = defaultdict(dict)
    for score in scores:
        if score.model == model:
            by_arm[score.part, score.arm][score.case] = score
    arms = list(dict.fromkeys(arm for _, arm in by_arm))
    found = []
    for part in dict.fromkeys(part for part, _ in by_arm):
        for first, second in ((a, b) for n, a in enumerate(arms) for b in arms[n + 1 :]):
            for metric in PAIRED:
                found += list(compared(metric, part, (first, by_arm[part, first]), (second, by_arm[part, second])))
    return found


def compared(
    metric: str, part: str, first: tuple[str, Mapping[str, Score]], second: tuple[str, Mapping[str, Score]]
) -> Iterable[Comparison]:
    """The comparison on the cases that both have; none where they share none."""
    (one, mine), (other, theirs) = first, second
    shared = [c for c in mine if c in theirs and metric in mine[c].points and metric in theirs[c].points]
    if shared:
        a = [bool(mine[case].points[metric][0]) for case in shared]
        b = [bool(theirs[case].points[metric][0]) for case in shared]
        yield Comparison(
            metric=metric,
            part=part,
            first=one,
            second=other,
            shares=(sum(a) / len(a), sum(b) / len(b)),
            n=len(shared),
            p=mcnemar(a, b).p,
        )


def to_plain(score: Score) -> dict[str, object]:
    """As JSON-ready values."""
    return asdict(score)


def from_plain(plain: Mapping[str, object]) -> Score:
    """Back from `to_plain`."""
    points = plain["points"]
    assert isinstance(points, dict)
    texts = {name: str(plain[name]) for name in ("model", "arm", "part", "case", "cluster")}
    return Score(**texts, points={name: tuple(map(float, point)) for name, point in points.items()})
