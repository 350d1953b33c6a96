"""The bench's figures: medians, their ratio to the critical path, and the bars."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from statistics import median

from eval.bench.pace import Calls, CriticalPath, Pace
from eval.bench.run import Timed, Variant

STAGES = ("started", "results", "decided", "first page", "sources", "first token", "last token", "checked", "end")
"""As they are printed."""
BARS_S = {"sources": 0.9, "first token": 1.7, "end": 3.9}
"""Latest moments allowed, in seconds, for a query that shortens the question, at the default pace."""
PAGES_BAR = 6
"""Pages that must be read by then."""
_PATH_FIELD = {"decided": "decided", "sources": "sources", "first token": "first_token", "end": "end"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantReport:
    """The medians of one variant."""

    variant: Variant
    runs: int
    stages: dict[str, float]
    """Seconds from the question, median over the runs."""
    slowest: dict[str, float]
    """The same for the slowest run of each stage."""
    critical: dict[str, float]
    """Seconds on the critical path, median over the runs."""
    ratios: dict[str, float]
    """Median stage / median critical path."""
    pages_read: int
    """Fewest pages read in any run."""
    searches: float
    model_calls: float
    citations: float
    """Medians over the runs."""
    prompts: Calls
    """Medians of what the model was asked, in tokens."""
    warnings: tuple[str, ...]
    """All that were told, each once."""

    @property
    def missed(self) -> tuple[str, ...]:
        """The bars that were missed, one phrase each; a fresh search has none."""
        if self.variant != "keywords":
            return ()
        late = [f"{stage} {self.stages[stage]:.2f} s > {bar} s" for stage, bar in BARS_S.items() if self._late(stage)]
        few = [f"{self.pages_read} pages read < {PAGES_BAR}"] if self.pages_read < PAGES_BAR else []
        return (*late, *few)

    def _late(self, stage: str) -> bool:
        return self.stages[stage] > BARS_S[stage]


def summarise(variant: Variant, runs: Sequence[Timed]) -> VariantReport:
    """One variant's runs as medians."""
    stages = {stage: [run.stages[stage] for run in runs if stage in run.stages] for stage in STAGES}
    middle = {stage: median(times) for stage, times in stages.items() if times}
    critical = {stage: median(_path(run.path, stage) for run in runs) for stage in _PATH_FIELD}
    return VariantReport(
        variant=variant,
        runs=len(runs),
        stages=middle,
        slowest={stage: max(times) for stage, times in stages.items() if times},
        critical=critical,
        ratios={stage: middle[stage] / critical[stage] for stage in critical if stage in middle},
        pages_read=min(run.pages_read for run in runs),
        searches=median(run.searches for run in runs),
        model_calls=median(run.model_calls for run in runs),
        citations=median(run.citations for run in runs),
        prompts=Calls(**{f.name: round(median(getattr(run.calls, f.name) for run in runs)) for f in fields(Calls)}),
        warnings=tuple(dict.fromkeys(warning for run in runs for warning in run.warnings)),
    )


def _path(path: CriticalPath, stage: str) -> float:
    return float(getattr(path, _PATH_FIELD[stage]))


def to_plain(report: VariantReport) -> dict[str, object]:
    """The report as JSON-ready data, with the bars that were missed."""
    return {**asdict(report), "missed": list(report.missed)}


TITLES: dict[Variant, str] = {
    "keywords": "The model's query shortens the question: the early search serves it.",
    "reworded": "The model's query uses other words: a fresh search after the decision.",
}


def table(report: VariantReport) -> str:
    """The report for people, in plain text."""
    lines = [
        TITLES[report.variant],
        f"  {'stage':<12} {'median s':>9} {'slowest s':>10} {'critical s':>11} {'ratio':>6}  bar",
    ]
    for stage, seconds in report.stages.items():
        critical, ratio = report.critical.get(stage), report.ratios.get(stage)
        bar = BARS_S.get(stage) if report.variant == "keywords" else None
        verdict = "" if bar is None else f"<= {bar} s {'held' if seconds <= bar else 'MISSED'}"
        possible = f"{critical:>11.2f} {ratio:>6.2f}" if critical and ratio else " " * 18
        lines.append(f"  {stage:<12} {seconds:>9.2f} {report.slowest[stage]:>10.2f} {possible}  {verdict}".rstrip())
    prompts = report.prompts
    lines.append(
        f"  {report.pages_read} pages read, {report.searches:g} searches, {report.model_calls:g} model calls"
        f" (prompts of {prompts.plan_prompt} and {prompts.answer_prompt} tokens), {report.citations:g} citations"
    )
    lines += [f"  warning: {warning}" for warning in report.warnings]
    return "\n".join(lines)


def heading(pace: Pace, runs: int) -> str:
    """What was measured, in a few words."""
    return (
        f"Replay servers: search {pace.search_s * 1000:.0f} ms, every page {pace.page_s * 1000:.0f} ms, model's first"
        f" token {pace.first_token_s * 1000:.0f} ms + prompt at {pace.prefill_per_s:,.0f} tokens/s, then"
        f" {pace.tokens_per_s:g} tokens/s, answers of {pace.answer_tokens} tokens.\n"
        f"Median of {runs}, after one run that is not counted. The critical path is what the delays alone take."
    )
