"""The sample web of this project: invented towns, in English and Chinese; needs no data from elsewhere.

Questions with an answer on the pages, without one, that need no search, follow-ups, and pairs of pages that disagree
(the parts). Right: the answer holds a spelling of every gold group; abstains where no page has an answer; for talk
nothing is judged but that no search is made.

A case is a line of `eval/datasets/sample.jsonl`: asked how tall a lighthouse is, with the page that says it.
"""

from pathlib import Path

from eval.cases import WITH_GOLD, load_cases
from eval.cases import Case as Line
from eval.harness.case import Case, Loaded, Suite
from eval.harness.rightness import Abstains, Holds
from eval.harness.web import PooledWeb, WebDocument
from eval.verifier.sample_pages import sample_pages

DATASETS = Path(__file__).parent.parent / "datasets"


def load(_folder: Path) -> Loaded:
    """The cases, and the readable pages of the sample web."""
    pool = PooledWeb(
        WebDocument(url=page.url, title=page.title, text=page.text, published=page.published) for page in sample_pages()
    )
    return Loaded(cases=[case_of(line) for line in load_cases(DATASETS / "sample.jsonl")], web=lambda case: pool)


def case_of(line: Line) -> Case:
    """A line of this project's own sets as a case."""
    has_gold = line.kind in WITH_GOLD
    return Case(
        id=line.id,
        part=line.kind,
        question=line.question,
        language=line.language,
        right=Holds(line.gold_strings) if has_gold else Abstains() if line.kind == "unanswerable" else None,
        answerable=line.kind != "unanswerable",
        gold=line.gold_strings,
        wants_search=line.kind != "no_search",
        search="auto",
        turns=tuple((turn.question, turn.answer) for turn in line.turns),
    )


PARTS = ("answerable", "unanswerable", "conflict", "followup")

SUITE = Suite(title="Sample web: this project's own questions", load=load, together={"all but talk": PARTS})
