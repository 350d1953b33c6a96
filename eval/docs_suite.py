"""Ask a set of questions about Debian's documentation and print how good the answers are.

Run with `python -m eval.docs_suite [--cases FILE] [--limit N] [--library FOLDER] [--json FILE] [--check]`.
Exit code 0; 1 when a run gave no answer, or with `--check` when a bar is missed; 69 when packages are missing.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from agent.answer import Answer
from agent.build import make_model, open_agent
from agent.errors import AgentError
from agent.events import ResultsFound, RunCompleted, RunFailed
from agent.options import AskOptions
from agent.run import Agent
from agent.settings import Settings, data_folder
from eval.cases import Case, load_cases
from eval.docs_report import failures, table, to_plain
from eval.docs_score import CaseScore, Trace, failed_case, figures, missed_bars, score_case
from model_backend import ChatRequest, Delta
from model_backend.forwarding import ForwardingModel
from tools.local_library import Library

DATASETS = Path(__file__).parent / "datasets"
PACKAGES = {
    "sqlite3": Path("/usr/share/doc/sqlite3"),
    "git": Path("/usr/share/doc/git/html"),
    "debian-reference": Path("/usr/share/debian-reference"),
}
"""Name in `gold_pages` -> where the Debian package puts its pages."""
APT = "apt install sqlite3-doc git-doc debian-reference-en debian-reference-zh-cn"
PAGE_OF_EACH = (
    "sqlite3/limits.html",
    "git/git.html",
    "debian-reference/ch01.en.html",
    "debian-reference/ch01.zh-cn.html",
)
"""One page of each package; with all four there, the packages are installed."""


class Watched(ForwardingModel):
    """A model that answers as another does and remembers what it was shown."""

    shown: tuple[tuple[str, str], ...] = ()

    def stream(self, request: ChatRequest) -> AsyncIterator[Delta]:
        """The other's answer."""
        if request.brief.documents:
            self.shown = tuple((document.url, document.text) for document in request.brief.documents)
        return super().stream(request)


@dataclass(slots=True)
class Outcome:
    """What a whole run of the suite gave."""

    asked: list[tuple[Case, CaseScore, Answer | None]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    """Case id -> why there was no answer."""


def roots() -> dict[str, str]:
    """Address of each package's folder -> its name, for `score_case`."""
    return {folder.as_uri(): name for name, folder in PACKAGES.items()}


def missing_pages() -> list[Path]:
    """Pages that ought to be there when the packages are installed, and are not."""
    paths = [PACKAGES[page.split("/")[0]] / page.split("/", 1)[1] for page in PAGE_OF_EACH]
    return [path for path in paths if not path.exists()]


def suite_settings(base: Settings, folder: Path) -> Settings:
    """The caller's settings, but searching only the library in `folder`, and keeping threads there."""
    return base.model_copy(
        update={
            "search": base.search.model_copy(update={"providers": ["library"]}),
            "store": base.store.model_copy(update={"url": f"sqlite:///{folder / 'asterism.db'}"}),
        }
    )


def fill_library(path: Path, told: IO[str]) -> int:
    """Index the packages into a library file; on a later run only what has changed. Returns its pages."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Library.open(path, write=True) as library:
        for name, folder in PACKAGES.items():
            report = library.add_folder(folder)
            print(f"{name}: {report.added} added, {report.unchanged} unchanged, {report.seconds:.1f} s", file=told)
        return sum(root.pages for root in library.roots())


async def run_cases(cases: Sequence[Case], settings: Settings, told: IO[str]) -> Outcome:
    """Ask one after the other (times are of one run at a time), each in a thread of its own."""
    outcome = Outcome()
    model = Watched(make_model(settings))
    async with open_agent(settings, model=model) as agent:
        for number, case in enumerate(cases, start=1):
            model.shown = ()
            outcome.asked.append(await ask_case(agent, model, case, outcome.errors))
            if told.isatty():
                print(f"\r{number}/{len(cases)}", end="", file=told, flush=True)
    return outcome


async def ask_case(
    agent: Agent, model: Watched, case: Case, errors: dict[str, str]
) -> tuple[Case, CaseScore, Answer | None]:
    """Run one case and score it; a run without an answer is put among the errors."""
    found: list[str] = []
    async with aclosing(agent.stream(case.question, AskOptions(search="auto"))) as events:
        async for event in events:
            if isinstance(event, ResultsFound):
                found += [result.url for result in event.results]
            elif isinstance(event, RunCompleted):
                trace = Trace(found=tuple(found), shown=model.shown)
                return case, score_case(case, event.answer, trace, roots=roots()), event.answer
            elif isinstance(event, RunFailed):
                errors[case.id] = event.problem.detail
    return case, failed_case(case), None


def report(outcome: Outcome, pages: int, told: IO[str]) -> None:
    """Print the table, the lost cases to read, and the runs that gave no answer."""
    scores = [score for _, score, _ in outcome.asked]
    model = next((answer.model for _, _, answer in outcome.asked if answer), "none")
    print(f"{len(scores)} questions over {pages:,} pages, model: {model}\n\n{table(scores)}\n", file=told)
    print(failures(outcome.asked), file=told)
    for case_id, error in outcome.errors.items():
        print(f"no answer to {case_id}: {error}", file=told)


def spread(cases: Sequence[Case], limit: int | None) -> list[Case]:
    """Some of the cases, in file order and evenly spread, so that a few stand for all; all of them without a limit."""
    if limit is None or limit >= len(cases):
        return list(cases)
    return [cases[place * len(cases) // limit] for place in range(limit)]


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m eval.docs_suite", description=__doc__)
    parser.add_argument("--cases", type=Path, default=DATASETS / "docs_dev.jsonl", help="file of cases")
    parser.add_argument("--limit", type=_positive, metavar="N", help="only N cases, spread over the file")
    parser.add_argument(
        "--library",
        dest="folder",
        type=Path,
        default=data_folder() / "eval-docs",
        metavar="FOLDER",
        help="where the index is kept",
    )
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="write figures, scores and answers")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite; returns the exit code."""
    options = parse(arguments)
    if missing_pages():
        print(f"The documentation is not installed: {missing_pages()[0]} is missing. Run: {APT}", file=sys.stderr)
        return os.EX_UNAVAILABLE
    try:
        cases = spread(load_cases(options.cases), options.limit)
    except AgentError as error:
        print(f"{error} {error.remedy}", file=sys.stderr)
        return os.EX_DATAERR
    settings = suite_settings(Settings(), options.folder.absolute())
    pages = fill_library(settings.local_library_path(), sys.stderr)
    outcome = asyncio.run(run_cases(cases, settings, sys.stderr))
    report(outcome, pages, sys.stdout)
    if options.json:
        plain = to_plain(outcome.asked, outcome.errors)
        options.json.write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
    missed = missed_bars(figures(score for _, score, _ in outcome.asked)) if options.check else []
    return 1 if outcome.errors or missed else 0


if __name__ == "__main__":
    sys.exit(main())
