"""The figures of a run as cells: which columns a suite has, and how each figure is written. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any
from unicodedata import east_asian_width

from eval.harness.case import JUDGED
from eval.metrics import Metric, load_metric, metric_names

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """A head and its rows."""

    head: list[str]
    rows: list[list[str]]

    def markdown(self) -> str:
        """As a Markdown table; the first three columns are words."""
        rule = ["---" if n < WORDS else "---:" for n in range(len(self.head))]
        return "\n".join("| " + " | ".join(row) + " |" for row in [self.head, rule, *self.rows])

    def plain(self, words: int) -> str:
        """For a terminal: columns aligned, heads wrapped; the first `words` columns are flush left."""
        heads = [wrap(cell, HEAD_CHARS, break_long_words=False) or [""] for cell in self.head]
        deep = max(map(len, heads))
        above = [[column[n] if n < len(column) else "" for column in heads] for n in range(deep)]
        lines = [*above, *self.rows]
        widths = [max(_width(line[n]) for line in lines) for n in range(len(self.head))]
        return "\n".join(
            "  ".join(_padded(cell, widths[n], left=n < words) for n, cell in enumerate(line)).rstrip()
            for line in lines
        )


HEAD_CHARS = 10
"""Longest line of a head on a terminal."""
WORDS = 3
"""Columns of words before the figures: part, model, arm."""
ALWAYS_WITH_INTERVAL = ("hallucination",)
"""Figures whose interval is shown on a terminal, too; the report has all."""


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int, *, left: bool) -> str:
    gap = " " * (width - _width(text))
    return text + gap if left else gap + text


def brief_table(figures: Mapping[str, Any], model: str) -> Table:
    """The rows of one model (and of judged claims) for a terminal; figures that are nothing everywhere are left out."""
    rows = [row for row in figures["rows"] if row["model"] in (model, JUDGED)]
    names = [
        name
        for name in metric_names()
        if any(name in row["figures"] for row in rows)
        and not (name == "failed" and all(row["figures"][name]["value"] == 0 for row in rows if name in row["figures"]))
    ]
    cells = [
        [row["part"], row["arm"], str(row["cases"])]
        + [_cell(row["figures"].get(name), load_metric(name), intervals=name in ALWAYS_WITH_INTERVAL) for name in names]
        for row in rows
    ]
    return Table(["part", "arm", "n", *(load_metric(name).title for name in names)], cells)


def suite_table(figures: Mapping[str, Any], *, intervals: bool = True) -> Table:
    """One row for each part, model and arm; columns are the metrics that say anything of the suite."""
    names = [name for name in metric_names() if any(name in row["figures"] for row in figures["rows"])]
    head = ["part", "model", "arm", "n", *(load_metric(name).title for name in names)]
    rows = [
        [
            row["part"],
            labelled(row["model"]),
            row["arm"],
            str(row["cases"]),
            *(_cell(row["figures"].get(name), load_metric(name), intervals=intervals) for name in names),
        ]
        for row in figures["rows"]
    ]
    return Table(head, rows)


def labelled(model: str) -> str:
    """The model's name; the embedded one is no language model, and its rows say so."""
    return "embedded (extractive)" if model == "embedded" else model


def _cell(found: Mapping[str, float] | None, metric: Metric, *, intervals: bool) -> str:
    if found is None:
        return NOTHING
    told = written(found["value"], metric)
    if intervals and metric.unit in ("share", "number"):
        told += f" [{written(found['low'], metric, bare=True)}, {written(found['high'], metric, bare=True)}]"
    return told


def written(value: float, metric: Metric, *, bare: bool = False) -> str:
    """A figure with its unit."""
    if metric.unit == "share":
        return f"{100 * value:.1f}" + ("" if bare else " %")
    if metric.unit == "number":
        return f"{value:.3f}"
    return f"{value:,.0f}" + ("" if bare or metric.unit == "tokens" else f" {metric.unit}")


def tests_table(tests: Sequence[Mapping[str, Any]]) -> Table:
    """McNemar tests between arms."""
    head = ["part", "metric", "arms", "n", "shares", "p (McNemar, exact)"]
    rows = [
        [
            one["part"],
            load_metric(one["metric"]).title,
            f"{one['first']} → {one['second']}",
            str(one["n"]),
            f"{100 * one['shares'][0]:.1f} % → {100 * one['shares'][1]:.1f} %",
            f"{one['p']:.3g}",
        ]
        for one in tests
    ]
    return Table(head, rows)
