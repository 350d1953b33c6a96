"""Citations of our own answers, with the citation recall and precision of ALCE.

"Enabling Large Language Models to Generate Text with Citations" (Gao et al., EMNLP 2023). Questions of NQ-open (Lee et
al. 2019, after Natural Questions; the selection of "Lost in the Middle", Liu et al. 2024), whose gold passages of
Wikipedia together are the closed web: each question finds its own passage among all others.

- citation recall: statements whose citations, put together, support them; mean over the statements of an answer, then
  over answers. Citation precision: citations that are not beside the point (see the metrics' files).
- Both need a judge of support. ALCE takes TRUE, a T5 model of 11 billion weights; here it is this project's own
  verifier over the passages shown, so an answer that fools it fools the figure. It is measured against people by the
  suites `attributionbench`, `wice` and `factcheck_gpt`.
- Right: the answer holds a gold string (ALCE's exact match recall with one short answer).

A case looks like this: asked who built the first lighthouse of a coast, with two spellings of the name and a passage of
an encyclopaedia that says it.
"""

from pathlib import Path

from eval.harness.case import Case, Loaded, Suite
from eval.harness.datafile import DataFile, rows
from eval.harness.rightness import Holds
from eval.harness.web import PooledWeb, WebDocument

FILE = DataFile(
    path="nq/nq_open_oracle.jsonl.gz",
    sha256="58920e72441e8a90545f5054faa5445a80334aa7f98cb2d1e6d15faecc5476d2",
    licence="questions CC BY-SA 3.0, selection MIT",
    origin="github.com/nelson-liu/lost-in-the-middle",
)


def load(folder: Path) -> Loaded:
    """The cases, and all their passages as one web."""
    cases: list[Case] = []
    documents: list[WebDocument] = []
    for number, row in enumerate(rows(FILE, folder)):
        gold = (tuple(map(str, row["answers"])),)
        question = str(row["question"])
        case = Case(id=f"nq-{number}", part="all", question=question, right=Holds(gold), gold=gold)
        cases.append(case)
        documents += [
            WebDocument(url=f"https://passage{n}.example/{number}", title=str(one["title"]), text=str(one["text"]))
            for n, one in enumerate(row["ctxs"], start=1)
        ]
    pool = PooledWeb(documents)
    return Loaded(cases=cases, web=lambda case: pool)


SUITE = Suite(title="ALCE's citation recall and precision of our answers, over NQ-open", files=(FILE,), load=load)
