"""Questions about Debian's documentation of SQLite, Git and the system, in English and Chinese, of this project's own.

Three of the sets of `eval/datasets` over 1,093 pages, searched and read from a library as `python -m eval.docs_suite`
does (which also tells where a case was lost). Parts: the set and the kind of question. Right: the answer holds a
spelling of every gold group; abstains where no page has an answer.

A case is a line of `eval/datasets/docs_dev.jsonl`: asked how many tables a join can have, with the page and "64".
"""

from dataclasses import replace
from pathlib import Path

from agent.settings import data_folder
from eval.cases import load_cases
from eval.docs_suite import APT, fill_library, missing_pages
from eval.harness.case import Case, Loaded, Suite
from eval.harness.local_library_web import LibraryWeb
from eval.suites.sample import DATASETS, case_of

SETS = ("docs_dev", "docs_dev2", "docs_heldout")


def load(_folder: Path) -> Loaded:
    """The cases, and the library of the documentation, made at the first run."""
    path = data_folder() / "eval-docs" / "library.db"
    with Path("/dev/null").open("w") as nobody:
        fill_library(path, nobody)
    web = LibraryWeb(path)
    cases: list[Case] = []
    for name in SETS:
        for line in load_cases(DATASETS / f"{name}.jsonl"):
            case = case_of(line)
            cases.append(replace(case, part=f"{name.removeprefix('docs_')} {line.kind}"))
    return Loaded(cases=cases, web=lambda case: web, aclose=web.aclose)


def missing() -> str:
    """What must be installed."""
    return f"The documentation is not installed; run: {APT}" if missing_pages() else ""


def _parts(name: str) -> tuple[str, ...]:
    return f"{name} answerable", f"{name} unanswerable"


SUITE = Suite(
    title="Documentation of SQLite, Git and Debian: this project's own questions",
    load=load,
    missing=missing,
    together={f"{name}, with and without answer": _parts(name) for name in ("dev", "dev2", "heldout")},
)
