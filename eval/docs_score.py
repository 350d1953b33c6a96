"""Scoring one answer against its case, and many scores as figures. Pure: no agent, no clock, no files.

The figures are defined in eval/README.md; this file is their only implementation.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal
from urllib.parse import unquote, urlsplit

from agent.answer import Answer
from eval.cases import WITH_GOLD, Case, CaseKind, Language

Cause = Literal[
    "run failed",
    "searched without need",
    "answered what no page says",
    "did not search",
    "page not found",
    "page not read",
    "passage not shown",
    "wrongly abstained",
    "answer misses it",
    "other page cited",
]
"""Where a case was lost, in the order of a run; the first that applies."""

MARK = re.compile(r"\[\d+\]")
"""A citation mark; it goes before an answer is compared, or `[15]` would hold the number 15."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What was seen of a run beside its answer; empty when nobody looked."""

    found: tuple[str, ...] = ()
    """Addresses in the result lists."""
    shown: tuple[tuple[str, str], ...] = ()
    """(address, text) of the passages that the model was shown last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseScore:
    """What one answer did with its case."""

    id: str
    kind: CaseKind
    language: Language
    package: str
    """Of the first gold page; empty when there is none."""
    abstained: bool
    searched: bool
    page_cited: bool
    """A gold page is among those cited."""
    string_found: bool
    """The answer holds a spelling of every group; false when there are no groups."""
    ms: int
    """Wall time of the run."""
    cause: Cause | None
    """Why the case is lost; None when it is won."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of how many."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None of nothing."""
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures over a set of scores."""

    page_cited: Share
    string_found: Share
    abstained_rightly: Share
    abstained_wrongly: Share
    not_searched: Share
    median_ms: int | None
    p95_ms: int | None


BARS: Mapping[str, tuple[Literal["least", "most"], float]] = {
    "page_cited": ("least", 0.80),
    "string_found": ("least", 0.70),
    "abstained_rightly": ("least", 0.80),
    "abstained_wrongly": ("most", 0.15),
    "not_searched": ("least", 1.0),
}
"""What must hold with the embedded model over all cases of a set."""


def score_case(case: Case, answer: Answer, trace: Trace | None = None, *, roots: Mapping[str, str]) -> CaseScore:
    """Compare one answer with its case.

    Args:
        case: The question and what a good answer names.
        answer: What the run gave back.
        trace: What was seen on the way; without it the cause of a loss is told from the answer alone.
        roots: Address of each package's folder (`file:///usr/share/doc/sqlite3`) -> its name in `gold_pages`.
    """
    has_gold = case.kind in WITH_GOLD
    cited = {page_name(citation.url, roots) for citation in answer.citations}
    page_cited = has_gold and not cited.isdisjoint(case.gold_pages)
    string_found = has_gold and holds(answer.answer, case.gold_strings)
    searched = bool(answer.searches or answer.pages)
    return CaseScore(
        id=case.id,
        kind=case.kind,
        language=case.language,
        package=case.package,
        abstained=answer.abstained,
        searched=searched,
        page_cited=page_cited,
        string_found=string_found,
        ms=answer.timings.get("total", 0),
        cause=_cause(case, answer, trace, roots, searched=searched, page_cited=page_cited, string_found=string_found),
    )


def failed_case(case: Case) -> CaseScore:
    """The score of a run that gave no answer: nothing is won, and nothing counts as abstained."""
    return CaseScore(
        id=case.id,
        kind=case.kind,
        language=case.language,
        package=case.package,
        abstained=False,
        searched=True,
        page_cited=False,
        string_found=False,
        ms=0,
        cause="run failed",
    )


def figures(scores: Iterable[CaseScore]) -> Figures:
    """The figures over some scores; one with nothing to count is 0 of 0."""
    every = list(scores)
    answerable = [score for score in every if score.kind in WITH_GOLD]
    unanswerable = [score for score in every if score.kind == "unanswerable"]
    talk = [score for score in every if score.kind == "no_search"]
    times = sorted(score.ms for score in every if score.cause != "run failed")
    return Figures(
        page_cited=_share(answerable, lambda score: score.page_cited),
        string_found=_share(answerable, lambda score: score.string_found),
        abstained_rightly=_share(unanswerable, lambda score: score.abstained),
        abstained_wrongly=_share(answerable, lambda score: score.abstained),
        not_searched=_share(talk, lambda score: not score.searched),
        median_ms=round(median(times)) if times else None,
        p95_ms=times[math.ceil(0.95 * len(times)) - 1] if times else None,
    )


def missed_bars(found: Figures) -> list[str]:
    """Names of the figures that miss their bar; one with nothing to count misses none."""
    missed = []
    for name, (sense, bar) in BARS.items():
        value = getattr(found, name).value
        if value is not None and (value < bar if sense == "least" else value > bar):
            missed.append(name)
    return missed


def holds(text: str, groups: Sequence[Sequence[str]]) -> bool:
    """Whether a text holds one spelling of every group, and there is a group.

    Case does not matter, nor how much white space stands anywhere, nor marks. A spelling that begins or ends with a
    letter, digit or underscore of ASCII must stand free there: 64 is not in 640 or 64.5, and `ANY` is not in `many`.
    """
    folded = fold(MARK.sub(" ", text))
    return bool(groups) and all(any(_stands_in(fold(spelling), folded) for spelling in group) for group in groups)


def fold(text: str) -> str:
    """Lower case, one space for any white space, none at the ends."""
    return re.sub(r"\s+", " ", text).strip().casefold()


def page_name(url: str, roots: Mapping[str, str]) -> str:
    """`sqlite3/limits.html` for a page below a package's folder; any other address without its query and fragment."""
    plain = unquote(urlsplit(url)._replace(query="", fragment="").geturl())
    for root, name in roots.items():
        if plain.startswith(root.rstrip("/") + "/"):
            return f"{name}/{plain[len(root.rstrip('/')) + 1 :]}"
    return plain


def _stands_in(spelling: str, text: str) -> bool:
    before = r"(?<![0-9a-z_])" if re.match(r"[0-9a-z_]", spelling) else ""
    after = r"(?![0-9a-z_])" if re.search(r"[0-9a-z_]$", spelling) else ""
    if re.match(r"[0-9]", spelling):
        before += r"(?<![0-9][.,])"
    if re.search(r"[0-9]$", spelling):
        after += r"(?![.,][0-9])"
    return re.search(before + re.escape(spelling) + after, text) is not None


def _share(scores: Sequence[CaseScore], counts: Callable[[CaseScore], bool]) -> Share:
    return Share(hits=sum(map(counts, scores)), of=len(scores))


def _cause(
    case: Case,
    answer: Answer,
    trace: Trace | None,
    roots: Mapping[str, str],
    *,
    searched: bool,
    page_cited: bool,
    string_found: bool,
) -> Cause | None:
    if case.kind == "no_search":
        return "searched without need" if searched else None
    if case.kind == "unanswerable":
        return None if answer.abstained else "answered what no page says"
    if page_cited and string_found:
        return None
    if not searched:
        return "did not search"
    if string_found:
        return "other page cited"
    return _lost_on_the_way(case, answer, trace, roots) or (
        "wrongly abstained" if answer.abstained else "answer misses it"
    )


def _lost_on_the_way(case: Case, answer: Answer, trace: Trace | None, roots: Mapping[str, str]) -> Cause | None:
    """Whether what is needed never reached the model, as far as somebody looked."""
    gold = set(case.gold_pages)
    if trace is None:
        return None
    if gold.isdisjoint(page_name(url, roots) for url in trace.found):
        return "page not found"
    if gold.isdisjoint(page_name(page.url, roots) for page in answer.pages if page.status == "read"):
        return "page not read"
    shown = "\n".join(text for url, text in trace.shown if page_name(url, roots) in gold)
    return None if holds(shown, case.gold_strings) else "passage not shown"
