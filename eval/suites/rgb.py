"""Bad documents: RGB, "Benchmarking Large Language Models in Retrieval-Augmented Generation" (Chen et al., AAAI 2024).

Each case has a question about the news and five short documents, which are all that a search finds. The published
testbeds and their definitions:

- noise robustness (`noise 0` to `noise 0.8`, from zh_refine): the given share of the five documents, rounded up, does
  not hold the answer; where too few of one kind were collected, the other fills up. Accuracy: the answer contains a
  spelling of the gold answer.
- negative rejection (`rejection`): all five documents are noise. Rejection rate: share of answers that say the
  documents do not hold the answer. Published as a fixed sentence that the prompt asks for; here `abstained`.
- information integration (`integration 0` to `integration 0.4`, zh_int): the question has two or three parts, and the
  documents begin with one for each part. Accuracy: the answer contains a spelling of every part's answer.
- counterfactual robustness (`counterfactual en`, `counterfactual zh`: every true document is replaced by a falsified
  copy; `mixed en`, `mixed zh`: two of five are left true). Error detection rate: share of answers that say the
  documents are in error or disagree (`detected`); error correction: accuracy on the true answer. A model without
  knowledge of its own cannot detect an error that all documents share.

A number must stand free to be found (70 is not in 170), where the published match takes any substring: the falsified
answers are often such. AUC (`answerability`) is between a noise part and `rejection`: how well the confidence of the
model parts the two.

A case looks like this: asked in which year a bridge was opened, with the spellings of the year, three documents that
tell of the opening and two about other bridges.
"""

import random
from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import Any, Literal

from eval.harness.case import Case, Loaded, Suite
from eval.harness.datafile import DataFile, rows
from eval.harness.rightness import Abstains, Holds
from eval.harness.web import GivenWeb, WebDocument

DOCUMENTS = 5
"""Documents a question, as published."""
NOISE = (0.0, 0.2, 0.4, 0.6, 0.8)
INTEGRATION_NOISE = (0.0, 0.2, 0.4)
TRUE_OF_MIXED = 2
"""True documents among five in the mixed counterfactual parts (the published option "correct rate" at 0.4)."""
PARTS = frozenset(
    [f"noise {noise:g}" for noise in NOISE]
    + [f"integration {noise:g}" for noise in INTEGRATION_NOISE]
    + [f"{kind} {language}" for kind in ("counterfactual", "mixed") for language in ("en", "zh")]
    + ["rejection"]
)
"""Every part."""
SEED = 2333
"""Of the order of documents; any fixed number."""
_LICENCE = "CC BY-NC-SA 4.0 (non-commercial)"
_ORIGIN = "github.com/chen700564/RGB"

FILES = {
    "zh_refine": DataFile(
        path="rgb/zh_refine.jsonl.gz",
        sha256="699f99822875522aeb6d2cd1d485822eb545f06d74968f742c80bfdc0f574f57",
        licence=_LICENCE,
        origin=_ORIGIN,
    ),
    "zh_int": DataFile(
        path="rgb/zh_int.jsonl.gz",
        sha256="7f112bd9809721e0dee3b2333d72c24fe691959a5ec418b4bc0f34fe9369bbd4",
        licence=_LICENCE,
        origin=_ORIGIN,
    ),
    "zh_fact": DataFile(
        path="rgb/zh_fact.jsonl.gz",
        sha256="b457fc92886f9a5e645d917f5dc4c4672186b93f9f4ffd7a7b8f04e8a97b1b53",
        licence=_LICENCE,
        origin=_ORIGIN,
    ),
    "en_fact": DataFile(
        path="rgb/en_fact.jsonl.gz",
        sha256="f29427e7cf5efffbfd97dff0c73221af077b539d61f308fe130d4fb576208fe8",
        licence=_LICENCE,
        origin=_ORIGIN,
    ),
}

Row = Mapping[str, Any]


def load(folder: Path) -> Loaded:
    """The cases, and the five documents of each as all that is found."""
    documents: dict[str, list[str]] = {}
    cases: list[Case] = []

    def put(case: Case, texts: Sequence[str]) -> None:
        cases.append(case)
        documents[case.id] = shuffled(texts, case.cluster)

    for row in rows(FILES["zh_refine"], folder):
        for noise in NOISE:
            put(_case(row, f"noise {noise:g}", "zh"), mixed(row["positive"], row["negative"], noise))
        rejected = _case(row, "rejection", "zh", answerable=False)
        put(rejected, row["negative"][:DOCUMENTS])
    for row in rows(FILES["zh_int"], folder):
        for noise in INTEGRATION_NOISE:
            texts = integrated(row["positive"], row["negative"], noise)
            put(_case(row, f"integration {noise:g}", "zh", joined=True), texts)
    languages: tuple[Literal["en", "zh"], ...] = ("en", "zh")
    for language in languages:
        for row in rows(FILES[f"{language}_fact"], folder):
            put(_case(row, f"counterfactual {language}", language), falsified(row, true=0))
            if len(row["positive_wrong"]) > 1:
                put(_case(row, f"mixed {language}", language), falsified(row, true=TRUE_OF_MIXED))
    return Loaded(cases=cases, web=lambda case: GivenWeb(_web(case.id, documents[case.id])))


def mixed(positive: Sequence[str], negative: Sequence[str], noise: float) -> list[str]:
    """Five documents, of which the share `noise` (rounded up) does not hold the answer; the other kind fills gaps."""
    bad = min(ceil(DOCUMENTS * noise), len(negative))
    good = min(DOCUMENTS - bad, len(positive))
    return [*positive[:good], *negative[: DOCUMENTS - good]]


def integrated(positive: Sequence[Sequence[str]], negative: Sequence[str], noise: float) -> list[str]:
    """One document of each part, then their next ones in turn, then noise, up to five."""
    wanted = max(len(positive), DOCUMENTS - ceil(DOCUMENTS * noise))
    in_turn = [texts[n] for n in range(max(map(len, positive), default=0)) for texts in positive if n < len(texts)]
    chosen = in_turn[:wanted]
    return [*chosen, *negative[: max(0, DOCUMENTS - len(chosen))]]


def falsified(row: Row, *, true: int) -> list[str]:
    """Documents with the falsified answer, but at most `true` left as they were and at least one not; then noise."""
    false = row["positive_wrong"]
    kept = min(true, len(false) - 1)
    chosen = [*row["positive"][:kept], *false[kept:DOCUMENTS]]
    return [*chosen, *row["negative"][: DOCUMENTS - len(chosen)]]


def shuffled(texts: Sequence[str], key: str) -> list[str]:
    """The texts in an order that depends on the key alone."""
    order = list(texts)
    random.Random(f"{SEED} {key}").shuffle(order)
    return order


def spellings(answer: object) -> tuple[tuple[str, ...], ...]:
    """Gold answers as groups: a list in a list holds spellings of one part, any other entry is a part of its own."""
    if not isinstance(answer, list):
        return ((str(answer),),)
    return tuple(tuple(map(str, one)) if isinstance(one, list) else (str(one),) for one in answer)


def _case(row: Row, part: str, language: Literal["en", "zh"], *, answerable: bool = True, joined: bool = False) -> Case:
    name = "int" if joined else f"{language}_fact" if "fakeanswer" in row else "refine"
    cluster = f"{name}-{row['id']}"
    gold = spellings(row["answer"])
    fake = row.get("fakeanswer", ())
    false = [fake] if isinstance(fake, str) else [text for one in fake for text in _flat(one)]
    return Case(
        id=f"{cluster} {part}",
        part=part,
        question=str(row["query"]),
        language=language,
        right=Holds(gold) if answerable else Abstains(),
        answerable=answerable,
        gold=gold if answerable else (),
        false=tuple(map(str, false)),
        cluster=cluster,
    )


def _flat(value: object) -> list[str]:
    return [text for one in value for text in _flat(one)] if isinstance(value, list) else [str(value)]


def _web(case_id: str, texts: Sequence[str]) -> list[WebDocument]:
    site = case_id.split()[0].replace("_", "-")
    return [WebDocument(url=f"https://{site}.example/{n}", text=text) for n, text in enumerate(texts, start=1)]


SUITE = Suite(
    title="RGB: noise, rejection, integration, false documents",
    files=tuple(FILES.values()),
    load=load,
    notes={
        "noise 0": "five documents with the answer",
        "rejection": "five documents without it: abstaining is right",
        "counterfactual en": "every document falsified",
        "counterfactual zh": "every document falsified",
        "mixed en": "two of five documents true",
        "mixed zh": "two of five documents true",
    },
    together={f"noise {noise:g} and rejection": (f"noise {noise:g}", "rejection") for noise in NOISE},
)
