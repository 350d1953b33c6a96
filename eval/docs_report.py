"""The figures of a documentation run as a table for people and as plain values for programs. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from agent.answer import Answer
from eval.cases import Case
from eval.docs_score import BARS, CaseScore, Figures, Share, figures, missed_bars

COLUMNS: Mapping[str, str] = {
    "page_cited": "gold page cited",
    "string_found": "gold string in answer",
    "abstained_rightly": "unanswerable abstained",
    "abstained_wrongly": "answerable abstained",
    "not_searched": "talk not searched",
}
"""Figure -> heading of its column."""

GROUPS: Sequence[tuple[str, Callable[[CaseScore], str]]] = (
    ("language", lambda score: score.language),
    ("package", lambda score: score.package),
)
"""What the table is broken down by; a score with an empty key is in no row of that group."""

MAX_FAILURES = 40
"""Lost cases printed; `--json` holds them all."""
ANSWER_CHARS = 240
"""Characters of an answer shown with a lost case."""


def rows(scores: Sequence[CaseScore]) -> list[tuple[str, Figures]]:
    """(heading, figures): all, then each language, then each package, in alphabetical order."""
    found = [("all", figures(scores))]
    for _, key in GROUPS:
        for name in sorted({key(score) for score in scores} - {""}):
            found.append((name, figures(score for score in scores if key(score) == name)))
    return found


def table(scores: Sequence[CaseScore]) -> str:
    """A Markdown table, one row a group; the last row tells the bars."""
    heads = ["", *COLUMNS.values(), "median ms", "p95 ms"]
    lines = [_line(heads), _line(["---", *["---:"] * (len(heads) - 1)])]
    for name, found in rows(scores):
        cells = [_cell(getattr(found, column)) for column in COLUMNS]
        lines.append(_line([name, *cells, _number(found.median_ms), _number(found.p95_ms)]))
    bars = [f"{'≥' if BARS[column][0] == 'least' else '≤'} {BARS[column][1]:.0%}" for column in COLUMNS]
    return "\n".join([*lines, _line(["bar", *bars, "", ""])])


def failures(asked: Sequence[tuple[Case, CaseScore, Answer | None]]) -> str:
    """Lost cases grouped by cause, the most frequent first: question, gold, cited pages, beginning of the answer."""
    lost: dict[str, list[str]] = {}
    for case, score, answer in asked:
        if score.cause:
            lost.setdefault(score.cause, []).append(_failure(case, score, answer))
    lines: list[str] = []
    left = MAX_FAILURES
    for cause, cases in sorted(lost.items(), key=lambda item: -len(item[1])):
        lines += [f"{cause}: {len(cases)}", *cases[:left]]
        left = max(0, left - len(cases))
    return "\n".join(lines)


def to_plain(asked: Sequence[tuple[Case, CaseScore, Answer | None]], errors: Mapping[str, str]) -> dict[str, object]:
    """Everything as JSON-ready values: figures by row, bars that are missed, each case with its score and answer."""
    scores = [score for _, score, _ in asked]
    return {
        "figures": {name: _plain_figures(found) for name, found in rows(scores)},
        "missed": missed_bars(figures(scores)),
        "cases": [
            {
                **asdict(score),
                "question": case.question,
                "gold_pages": list(case.gold_pages),
                "gold_strings": [list(group) for group in case.gold_strings],
                "error": errors.get(case.id),
                "answer": answer.model_dump() if answer else None,
            }
            for case, score, answer in asked
        ],
    }


def _plain_figures(found: Figures) -> dict[str, object]:
    shares: dict[str, object] = {}
    for column in COLUMNS:
        share: Share = getattr(found, column)
        shares[column] = {"hits": share.hits, "of": share.of, "share": share.value}
    return {**shares, "median_ms": found.median_ms, "p95_ms": found.p95_ms}


def _failure(case: Case, score: CaseScore, answer: Answer | None) -> str:
    gold = "; ".join(" | ".join(group) for group in case.gold_strings)
    lines = [f"  {score.id}  {case.question}"]
    if gold:
        lines.append(f"      gold: {gold}  in {', '.join(case.gold_pages)}")
    if answer:
        cited = list(dict.fromkeys(citation.url for citation in answer.citations))
        lines.append(f"      cited: {', '.join(cited) or 'nothing'}")
        lines.append(f"      answer: {' '.join(answer.answer.split())[:ANSWER_CHARS]}")
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(share: Share) -> str:
    return "–" if share.value is None else f"{share.value:.0%} ({share.hits}/{share.of})"


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"
