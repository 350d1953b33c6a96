"""Conflicting documents: RAMDocs, "Retrieval-Augmented Generation with Conflicting Evidence" (Wang et al., 2025).

A question that can mean several things, with documents for each meaning, some with wrong information and some beside
the point. Strict exact match, as published: right when the answer holds every gold answer and no known wrong one.
Parts are told by how many gold answers there are and whether wrong documents are among them; all documents of the
question are found, in the published order (the run reads as many as its settings say).

A case looks like this: asked when the town hall of a name that two towns share was built, with a document for each
town, one that gives a wrong year, and one about something else.
"""

from pathlib import Path

from eval.harness.case import EVERY, Case, Loaded, Suite
from eval.harness.datafile import DataFile, rows
from eval.harness.rightness import Holds
from eval.harness.web import GivenWeb, WebDocument

FILE = DataFile(
    path="ramdocs/ramdocs.jsonl.gz",
    sha256="42b9e9f880ef695c8337c3971b2170713a8ea5487c386e99ff355c25578f295e",
    licence="MIT",
    origin="github.com/HanNight/RAMDocs",
)


def load(folder: Path) -> Loaded:
    """The cases, and the documents of each."""
    cases: list[Case] = []
    webs: dict[str, GivenWeb] = {}
    for number, row in enumerate(rows(FILE, folder)):
        gold = tuple(dict.fromkeys(map(str, row["gold_answers"])))
        wrong = tuple(dict.fromkeys(str(text) for text in row["wrong_answers"] if text))
        case = Case(
            id=f"ramdocs-{number}",
            part=f"{'one answer' if len(gold) == 1 else 'several answers'}{', wrong documents' if wrong else ''}",
            question=str(row["question"]),
            right=Holds(tuple((text,) for text in gold), forbidden=wrong),
            gold=tuple((text,) for text in gold),
            false=wrong,
        )
        cases.append(case)
        webs[case.id] = GivenWeb(
            [
                WebDocument(url=f"https://document{place}.example/{number}", text=str(document["text"]))
                for place, document in enumerate(row["documents"], start=1)
            ]
        )
    return Loaded(cases=cases, web=lambda case: webs[case.id])


SUITE = Suite(
    title="RAMDocs: conflicting documents, strict exact match",
    files=(FILE,),
    load=load,
    together={"all": EVERY},
)
