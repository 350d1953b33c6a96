"""When to search: the first task of MetaTool, "MetaTool Benchmark for Large Language Models" (Huang et al., ICLR 2024).

Queries that people marked as needing an outside tool or not. The published measure is accuracy, precision, recall and
F1 of a yes or no; here the yes or no is the model's first decision to search, and recall and specificity are told.
Nothing is found by the search, since only the decision counts, and no answer is judged.

Read it with care: "positive" means that some tool helps (a calendar, a drawing program, a shop), which is wider than a
search; and many "negative" ones are questions of fact that a large model would know and a small one should look up.

A case looks like this: asked what the weather will be tomorrow (a tool helps), or asked for a rhyme on "tower" (none).
"""

from pathlib import Path

from eval.harness.case import Case, Loaded, Suite
from eval.harness.datafile import DataFile, rows
from eval.harness.web import NO_WEB

FILE = DataFile(
    path="metatool/task1.jsonl.gz",
    sha256="600587491b618fda4762179bdd47dd5d4d908c234a5e623a049e4aa73f6f2c9d",
    licence="MIT",
    origin="github.com/HowieHwong/MetaTool",
)


def load(folder: Path) -> Loaded:
    """The cases; nothing is found."""
    cases = [
        Case(
            id=f"metatool-{number}",
            part="all",
            question=str(row["query"]),
            wants_search=row["label"] == "positive",
            search="auto",
        )
        for number, row in enumerate(rows(FILE, folder))
    ]
    return Loaded(cases=cases, web=lambda case: NO_WEB)


SUITE = Suite(title="MetaTool: whether a tool is called for", files=(FILE,), load=load, arms=("search",))
