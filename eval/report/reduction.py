"""How much hallucination search and verification take away: the table that the evaluation is made for. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.harness.case import ARMS
from eval.report.table import NOTHING, Table

TOLD = ("hallucination", "answered_wrong", "abstained", "accuracy")
"""Always told together: each alone can be had by always answering or never."""
HEADS = ("hallucination", "answered wrong", "abstained", "accuracy")


def reduction_table(suites: Mapping[str, Mapping[str, Any]], model: str) -> Table:
    """One row for each suite, part and arm that has a closed-book row to be held against.

    `taken away` is the share of the closed-book rate of answers that are wrong: (closed − arm) / closed. It is told of
    `answered wrong`, which the gold answers decide, since `hallucination` also holds what only arms with pages can
    have: claims that the pages do not support.
    """
    rows: list[list[str]] = []
    for name, figures in suites.items():
        by_part: dict[str, dict[str, Mapping[str, Any]]] = {}
        for row in figures["rows"]:
            if row["model"] == model and "answered_wrong" in row["figures"]:
                by_part.setdefault(row["part"], {})[row["arm"]] = row
        for part, arms in by_part.items():
            if "closed" in arms and len(arms) > 1:
                rows += [_row(name, part, arm, arms, figures["tests"]) for arm in ARMS if arm in arms]
    return Table(["suite", "part", "arm", "n", *HEADS, "wrong taken away", "p"], rows)


def _row(
    suite: str, part: str, arm: str, arms: Mapping[str, Mapping[str, Any]], tests: Sequence[Mapping[str, Any]]
) -> list[str]:
    found = arms[arm]["figures"]
    told = [f"{100 * found[name]['value']:.1f} %" for name in TOLD]
    closed, here = arms["closed"]["figures"]["answered_wrong"]["value"], found["answered_wrong"]["value"]
    taken = NOTHING if arm == "closed" or not closed else f"{100 * (closed - here) / closed:.0f} %"
    test = next(
        (
            t
            for t in tests
            if (t["metric"], t["part"], t["first"], t["second"]) == ("answered_wrong", part, "closed", arm)
        ),
        None,
    )
    return [suite, part, arm, str(arms[arm]["cases"]), *told, taken, f"{test['p']:.2g}" if test else NOTHING]
