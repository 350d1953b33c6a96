"""Which plots a suite's figures give: hallucination by arm, accuracy over noise, reliability of the verifier."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from eval.harness.statistics import estimate
from eval.metrics import mean
from eval.report.svg import Bar, Line, bars, curves
from eval.report.table import labelled

_NOISE = re.compile(r"(.+) (0(?:\.\d+)?|1)")
"""A part that says a share (`noise 0.4`): those of one name make a curve."""
MOST_BARS = 15
"""Beyond it only parts that are counted together are drawn; the table has the others."""
BINS = 10
"""Of the reliability curve."""


def hallucination(figures: Mapping[str, Any], model: str) -> str:
    """Hallucination rate by part and arm, with intervals; empty when the suite has none."""
    rows = [row for row in figures["rows"] if row["model"] == model and "hallucination" in row["figures"]]
    if len(rows) > MOST_BARS:
        rows = [row for row in rows if row["part"] in figures["together"]]
    arms = list(dict.fromkeys(row["arm"] for row in rows))
    drawn = [
        Bar(label=f"{row['part']}, {row['arm']}", series=arms.index(row["arm"]), **_ends(row, "hallucination"))
        for row in rows
    ]
    return bars("Hallucination rate by arm, with 95 % intervals", drawn) if drawn else ""


def others(figures: Mapping[str, Any], model: str) -> str:
    """The published answers of other systems: hallucination rate in each arm; empty when there are none."""
    rows = [row for row in figures["rows"] if row["model"] != model and "answered_wrong" in row["figures"]]
    rows = [row for row in rows if row["part"] == rows[0]["part"]]
    arms = list(dict.fromkeys(row["arm"] for row in rows))
    drawn = [
        Bar(
            label=f"{labelled(row['model'])[:20]}, {row['arm']}",
            series=arms.index(row["arm"]),
            **_ends(row, "answered_wrong"),
        )
        for row in sorted(rows, key=lambda row: (row["model"], row["arm"]))
    ]
    return bars("Published answers of other systems: answered and wrong", drawn) if drawn else ""


def over_noise(figures: Mapping[str, Any], model: str) -> list[str]:
    """Accuracy over the share of noise, one plot for each row of parts that has at least three shares."""
    points: dict[str, dict[str, list[tuple[float, float, float, float]]]] = defaultdict(lambda: defaultdict(list))
    for row in figures["rows"]:
        found = _NOISE.fullmatch(row["part"])
        if found and row["model"] == model and "accuracy" in row["figures"]:
            ends = _ends(row, "accuracy")
            points[found[1]][row["arm"]].append((float(found[2]), ends["value"], ends["low"], ends["high"]))
    return [
        curves(
            f"Accuracy over the share of {name}",
            "share of documents without the answer",
            [Line(label=arm, points=sorted(line), series=n) for n, (arm, line) in enumerate(lines.items())],
        )
        for name, lines in points.items()
        if max(map(len, lines.values())) >= 3
    ]


def reliability(scores: Sequence[Mapping[str, Any]]) -> str:
    """How often claims are supported, over the verifier's score; empty without judged claims."""
    judged = [score["points"]["verdict_auc"] for score in scores if "verdict_auc" in score["points"]]
    bins: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for supported, score in judged:
        bins[min(BINS - 1, int(score * BINS))].append((supported, score))
    line = []
    for held in (bins[n] for n in sorted(bins)):
        found = estimate([(supported,) for supported, _ in held], [str(n) for n in range(len(held))], mean)
        line.append((sum(score for _, score in held) / len(held), found.value, found.low, found.high))
    if not line:
        return ""
    return curves(
        "Reliability: share of supported claims over the verifier's score",
        "score of the verifier",
        [Line(label="verifier", points=line)],
        diagonal=True,
    )


def _ends(row: Mapping[str, Any], metric: str) -> dict[str, float]:
    found = row["figures"][metric]
    return {"value": found["value"], "low": found["low"], "high": found["high"]}
