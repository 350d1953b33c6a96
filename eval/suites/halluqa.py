"""Questions that mislead, in Chinese: HalluQA.

"Evaluating Hallucinations in Chinese Large Language Models" (Cheng et al., 2023). Published: GPT-4 judges whether an
answer is free of hallucination by the given right answers. Here no judge is asked: an answer is right when it is
nearer to a right answer than to any wrong one by overlap of character pairs (TruthfulQA's automatic measure with F1 of
pairs), which is rough: read it as a trend between arms of one model, not beside the published figures. There are no
pages with these questions, so only the arm `closed` is asked.

A case looks like this: asked why cats speak at full moon, with answers that say they do not, and ones that make up why.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.harness.case import EVERY, Case, Loaded, Suite
from eval.harness.datafile import DataFile, rows
from eval.harness.rightness import Nearer
from eval.harness.web import NO_WEB

FILE = DataFile(
    path="halluqa_zh/halluqa.jsonl.gz",
    sha256="2c028ddd5788bd5fba3afd3351c502c776222d8d745895d60e3c776dbf27e8ad",
    licence="none given",
    origin="github.com/OpenMOSS/HalluQA",
)
MOST_ANSWERS = 4
"""Right and wrong answers of a question at most."""


def load(folder: Path) -> Loaded:
    """The cases; there are no pages."""
    cases = [
        Case(
            id=f"halluqa-{row['question_id']}",
            part=str(row["Category"]),
            question=str(row["Question"]),
            language="zh",
            right=Nearer(good=_answers(row, "Best Answer"), bad=_answers(row, "Wrong_Answer")),
        )
        for row in rows(FILE, folder)
    ]
    return Loaded(cases=cases, web=lambda case: NO_WEB)


def _answers(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """`NAME1` to `NAME4`, those that are there; a single one may lack its number."""
    found = [row.get(f"{name}{n}") for n in ("", *range(1, MOST_ANSWERS + 1))]
    return tuple(str(text) for text in found if text)


SUITE = Suite(
    title="HalluQA: misleading questions, closed book",
    files=(FILE,),
    load=load,
    arms=("closed",),
    together={"all": EVERY},
)
