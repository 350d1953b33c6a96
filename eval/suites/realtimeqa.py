"""News of the week: RealTime QA, "RealTime QA: What's the Answer Right Now?" (Kasai et al., NeurIPS 2023).

Every week's questions come from newspaper quizzes with four choices; with each question the result pages of a search at
that time were recorded. All recorded pages together are the closed web: a question is searched for by a search of our
own among the pages that had been recorded when it was asked, and read by the real run.

- `free`: the question alone. Right: the answer names the right choice, and none of the other three. The published
  score for free answers is exact match and F1 with the choice; naming is laxer about length and stricter about hedging.
- `choice`: the four choices stand below the question, as in the published main setting. Right: as in `free`.
- `nota`: the published "none of the above" form, where one wrong choice, or the right one, has given way to "None of
  the above". The choices stand below the question. Right: the answer names the right choice and no other; where the
  right one is gone: it says none of the above, abstains, or names no choice. Abstaining on a question whose choice is
  there is wrong but no hallucination.

`gold in recorded results` is the share of questions whose own recorded list holds the right choice word for word: what
a reader of those lists could find. Published answers of 13 public models stand as further rows: closed book and with
the recorded results, as free answers (`free`), choices (`choice`) and the "none of the above" form (`nota`); systems
said which choice they take, so that "no answer" is rare in the last two.

A case looks like this: asked which town's clock tower was struck by lightning this week, with four towns, one of them
right, and ten recorded news pages, some of which tell of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.harness.case import Arm, Case, Loaded, Stored, Suite
from eval.harness.datafile import DataFile, rows
from eval.harness.rightness import NamesChoice
from eval.harness.web import PooledWeb, WebDocument

NONE = "None of the above"
_LICENCE = "none given (newspaper quizzes and news texts): internal evaluation only"
_ORIGIN = "github.com/realtimeqa/realtimeqa_public"


def _file(name: str, sha256: str) -> DataFile:
    return DataFile(path=f"realtimeqa/{name}.jsonl.gz", sha256=sha256, licence=_LICENCE, origin=_ORIGIN)


QUESTIONS = _file("qa", "10a0e09ff0478ef62e6e2182b6cbaf1a303c980ac5ca89119723cffe4df92923")
NOTA = _file("qa_nota", "535289db8e5f9011f59ab7211ae066bdc52687f94d6819f2543573bcfc63718b")
RESULTS = _file("search_results", "f60c4f074898fd7ae0c7fbaed335a0d5906afd8e90372bb8684d0c0b95daeeb5")
OUTPUTS = _file("model_outputs", "9f61b4f86baac719c0908e725dda3225061b4a1746a975322490c2288fbf6cf9")

Row = Mapping[str, Any]


def load(folder: Path) -> Loaded:
    """The cases, and all recorded pages as one web, each question seeing those recorded until it was asked."""
    results = {str(row["question_id"]): row for row in rows(RESULTS, folder)}
    by_time = sorted(results.values(), key=lambda row: str(row["search_time"]))
    documents: dict[str, WebDocument] = {}
    known_until: dict[str, int] = {}
    for row in by_time:
        for page in row["search_result"]:
            if page.get("text"):
                documents.setdefault(page["url"], _document(page))
        known_until[str(row["search_time"])[:DAY]] = len(documents)
    pool = PooledWeb(documents.values())
    cases = [_free(row, results) for row in rows(QUESTIONS, folder)]
    cases += [_choice(row, results) for row in rows(QUESTIONS, folder)]
    cases += [_nota(row, results) for row in rows(NOTA, folder)]

    def web(case: Case) -> PooledWeb:
        day = str(results[case.cluster]["search_time"])[:DAY] if case.cluster in results else ""
        return pool.first(known_until.get(day, len(documents)))

    return Loaded(cases=cases, web=web)


DAY = 10
"""Length of the day in a search time (`2025/10/04/01:26`)."""


def _document(page: Row) -> WebDocument:
    published = str(page.get("publish_date") or "")[:DAY].replace("/", "-") or None
    return WebDocument(url=page["url"], title=str(page.get("title") or ""), text=page["text"], published=published)


def _free(row: Row, results: Mapping[str, Row]) -> Case:
    right = row["choices"][int(row["answer"][0])]
    return _case(row, results, part="free", question=row["question_sentence"], right=right)


def _choice(row: Row, results: Mapping[str, Row]) -> Case:
    right = row["choices"][int(row["answer"][0])]
    return _case(row, results, part="choice", question=_offering(row), right=right)


def _offering(row: Row) -> str:
    """The question with its choices below."""
    return "\n".join([row["question_sentence"], *(f"- {choice}" for choice in row["choices"])])


def _nota(row: Row, results: Mapping[str, Row]) -> Case:
    right = row["choices"][int(row["answer"][0])]
    return _case(row, results, part="nota", question=_offering(row), right=None if right == NONE else right)


def _case(row: Row, results: Mapping[str, Row], *, part: str, question: str, right: str | None) -> Case:
    cluster = str(row["question_id"]).removesuffix("_nota")
    recorded = results.get(cluster, {"search_result": []})["search_result"]
    return Case(
        id=f"{row['question_id']} choice" if part == "choice" else str(row["question_id"]),
        part=part,
        question=question,
        right=NamesChoice(tuple(choice for choice in row["choices"] if choice != NONE), right),
        answerable=right is not None,
        gold=((right,),) if right else (),
        recorded=tuple(str(page.get("text") or "") for page in recorded),
        cluster=cluster,
    )


def stored(folder: Path, cases: Sequence[Case]) -> Iterator[Stored]:
    """The published answers of other systems to these cases."""
    by_id = {case.id: case for case in cases}
    for row in rows(OUTPUTS, folder):
        case = by_id.get(str(row["question_id"]))
        if case is None:
            continue
        system, arm, form = _system(str(row["system"]))
        given = row["prediction"]
        if form == "free":
            yield Stored(system=system, arm=arm, case=case, text=str(given))
        else:
            chosen = case if form == "nota" else replace(case, id=f"{case.id} {form}", part=form)
            yield Stored(system=system, arm=arm, case=chosen, text=_chosen(case, given))


def _system(name: str) -> tuple[str, Arm, str]:
    """(system, arm, part) of a name such as `nota_example_model_gcs`."""
    form = "nota" if name.startswith("nota_") else "free" if name.endswith("_gen") else "choice"
    bare = name.removeprefix("nota_").removesuffix("_gen")
    arm: Arm = "search" if bare.endswith("_gcs") else "closed"
    return bare.removesuffix("_gcs"), arm, form


def _chosen(case: Case, given: Iterable[object]) -> str:
    """The words of the choice that a system took: predictions count from 1, and 4 is NONE in that form."""
    assert isinstance(case.right, NamesChoice)
    offered = [*case.right.choices, NONE]
    digits = "".join(str(one) for one in given)
    place = int(digits) if digits.isdigit() else 0
    return offered[place - 1] if 0 < place <= len(offered) else ""


SUITE = Suite(
    title="RealTime QA: news of the week",
    files=(QUESTIONS, NOTA, RESULTS, OUTPUTS),
    load=load,
    stored=stored,
    notes={"choice": "with four choices", "nota": "with “None of the above” among the choices"},
)
