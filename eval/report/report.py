"""`asterism eval report`: the whole run as Markdown and as one HTML page."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from eval.harness.folder import RunFolder, put
from eval.metrics import load_metric, metric_names
from eval.report import plots
from eval.report.reduction import reduction_table
from eval.report.style import STYLE
from eval.report.table import Table, suite_table, tests_table
from eval.report.text import EXTRACTIVE
from eval.suites import about, suite_names

MOST_SHOWN = 20
"""Worst cases of a suite that the page shows."""
ANSWER_CHARS = 900


class Report:
    """A run, read for reporting."""

    def __init__(self, folder: RunFolder) -> None:
        """Read it.

        Raises:
            Misconfigured: when there is no such run.
        """
        self.folder = folder
        self.settings = folder.settings
        self.model = str(self.settings["identity"]["model"])
        self.suites: dict[str, Mapping[str, Any]] = {
            name: folder.read(f"{name}.figures") for name in sorted(self.settings["suites"])
        }

    def write(self) -> tuple[str, str]:
        """Write `report.md` and `report.html` into the run's folder; gives their paths."""
        paths = self.folder.path / "report.md", self.folder.path / "report.html"
        put(paths[0], self.markdown())
        put(paths[1], self.html())
        return str(paths[0]), str(paths[1])

    def markdown(self) -> str:
        """Tables, tests, and how they were made."""
        parts = [f"# Evaluation {self.folder.path.name}", self._made_with(), self._reduction_text()]
        table = self._reduction()
        if table:
            parts.append(table.markdown())
        for name, figures in self.suites.items():
            parts.append(f"## {name}: {figures['title']}\n\n{self._when(name)}\n\n{suite_table(figures).markdown()}")
            if figures["tests"]:
                parts.append(tests_table(figures["tests"]).markdown())
        parts.append("## What is counted\n\n" + "\n".join(f"- **{title}**: {told}" for title, told in definitions()))
        return "\n\n".join(parts) + "\n"

    def html(self) -> str:
        """Everything, with plots and the worst cases, on one page that loads nothing."""
        name = escape(self.folder.path.name)
        parts = [f"<h1>Evaluation {name}</h1>", _paragraph(self._made_with()), _paragraph(self._reduction_text())]
        table = self._reduction()
        if table:
            parts.append(_table(table))
        parts += [self._suite(name) for name in self.suites]
        told = "".join(f"<dt>{escape(title)}</dt><dd>{escape(text)}</dd>" for title, text in definitions())
        parts.append(f"<h2>What is counted</h2><dl>{told}</dl>")
        return (
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Evaluation {name}</title><style>{STYLE}</style></head>"
            f"<body><main>{''.join(parts)}</main></body></html>\n"
        )

    def _suite(self, name: str) -> str:
        figures = self.suites[name]
        drawn = [plots.hallucination(figures, self.model), *plots.over_noise(figures, self.model)]
        drawn += [plots.reliability(self.folder.read(f"{name}.scores") or []), plots.others(figures, self.model)]
        definition = about(name) if name in suite_names() else ""
        tests = f"<h3>Arms compared</h3>{_table(tests_table(figures['tests']))}" if figures["tests"] else ""
        return (
            f"<section><h2>{escape(name)}: {escape(figures['title'])}</h2>{_paragraph(self._when(name))}"
            f"<details><summary>What it measures</summary><pre>{escape(definition)}</pre></details>"
            f"{''.join(drawn)}{_table(suite_table(figures))}{tests}{_worst(self.folder.read(f'{name}.worst') or [])}"
            "</section>"
        )

    def _reduction(self) -> Table | None:
        table = reduction_table(self.suites, self.model) if self.model != "embedded" else None
        return table if table and table.rows else None

    def _reduction_text(self) -> str:
        if self.model == "embedded":
            return EXTRACTIVE
        return "How much search and verification take away of what is false, against the same model without pages:"

    def _made_with(self) -> str:
        found = self.settings["identity"]
        prompts = ", ".join(f"{name} {value[:8]}" for name, value in found["prompts"].items())
        return (
            f"Model {self.model}, profile {found['profile']}, seed {found['seed']}; "
            f"search+verify: {found['policy']}. Code {found['code']}; prompts: {prompts}."
        )

    def _when(self, name: str) -> str:
        made = self.settings["suites"][name]
        changed = [path for path, state in made["files"].items() if state != "known"]
        told = f"Finished {made['finished']}, {made['limit'] or 'all'} questions, {made['concurrency']} at once."
        if changed:
            told += f" Other data than the published figures were measured on: {', '.join(changed)}."
        return told


def definitions() -> list[tuple[str, str]]:
    """(title, definition) of every metric, in the order of tables."""
    return [(load_metric(name).title, load_metric(name).about) for name in metric_names()]


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.head)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _worst(cases: Sequence[Mapping[str, Any]]) -> str:
    """The worst answers, to be read."""
    if not cases:
        return ""
    shown = "".join(_case(case) for case in cases[: 3 * MOST_SHOWN])
    return f"<details><summary>Worst cases to read ({len(cases)})</summary>{shown}</details>"


def _case(case: Mapping[str, Any]) -> str:
    if "evidence" in case:
        told = "supported" if case["told"] else "not supported"
        meant = "supported" if case["supported"] else "not supported"
        return (
            f"<article><h4>{escape(case['part'])}</h4><p>{escape(case['claim'])}</p>"
            f"<p>People: {meant}; verifier: {told}, score {case['score']:.2f}</p>"
            f"<blockquote>{escape(case['evidence'])}</blockquote></article>"
        )
    claims = "".join(
        f"<li>{escape(claim['verdict'])}: {escape(claim['text'])} <em>{escape(claim['reason'])}</em></li>"
        for claim in case["claims"]
    )
    gold = escape("; ".join(case["gold"]) or "no answer")
    return (
        f"<article><h4>{escape(case['part'])}, {escape(case['arm'])}: {escape(case['why'])}</h4>"
        f"<p><strong>{escape(case['question'])}</strong></p><p>Gold: {gold}</p>"
        f"<blockquote>{escape(case['answer'][:ANSWER_CHARS])}</blockquote><ul>{claims}</ul></article>"
    )
