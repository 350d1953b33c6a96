"""When to search, the questions that need it: RetrievalQA (Zhang et al., Findings of ACL 2024).

Questions on news, rare facts and tools' data that models were found not to answer without help; every one calls for a
search, so that only recall can be measured here (`metatool` has both kinds). Each comes with the snippets that a search
found, which are its closed web. `search recall`: the first decision asks for a search. Right: the answer holds a gold
string, as published (match).

A case looks like this: asked which team won a cup last month, with three snippets of the news and the team's name.
"""

from pathlib import Path

from eval.harness.case import EVERY, Case, Loaded, Suite
from eval.harness.datafile import DataFile, rows
from eval.harness.rightness import Holds
from eval.harness.web import GivenWeb, WebDocument

FILE = DataFile(
    path="retrievalqa/retrievalqa.jsonl.gz",
    sha256="cf74be68162578386a0b4392eb3e785582c77d585e84e53951d5d6d4ec635062",
    licence="MIT",
    origin="github.com/hyintell/RetrievalQA",
)


def load(folder: Path) -> Loaded:
    """The cases, and the snippets of each."""
    cases: list[Case] = []
    webs: dict[str, GivenWeb] = {}
    for row in rows(FILE, folder):
        gold = (tuple(map(str, row["ground_truth"])),)
        case = Case(
            id=str(row["question_id"]),
            part=str(row["data_source"]),
            question=str(row["question"]),
            right=Holds(gold),
            gold=gold,
            wants_search=True,
            search="auto",
        )
        cases.append(case)
        webs[case.id] = GivenWeb([_document(case.id, n, one) for n, one in enumerate(row["context"], start=1)])
    return Loaded(cases=cases, web=lambda case: webs[case.id])


def _document(case_id: str, number: int, snippet: object) -> WebDocument:
    """A snippet: mostly a title and a text, sometimes a title or a text alone."""
    title, text = ("", str(snippet)) if not isinstance(snippet, dict) else (snippet.get("title"), snippet.get("text"))
    return WebDocument(
        url=f"https://snippet{number}.example/{case_id}", title=str(title or ""), text=str(text or title or "")
    )


SUITE = Suite(
    title="RetrievalQA: questions that call for a search",
    files=(FILE,),
    load=load,
    arms=("search", "search+verify"),
    together={"all": EVERY},
)
