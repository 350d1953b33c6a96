"""Short Chinese facts: Chinese SimpleQA (He et al., ACL 2025).

Published: a judging model calls each answer correct, incorrect or not attempted. Here correct means that the answer
holds the gold answer word for word, and an abstention is not attempted: stricter where an answer is right in other
words. There are no pages with these questions, so only the arm `closed` is asked.

A case looks like this: asked in Chinese which province a lake lies in, with the name of the province.
"""

import re
from pathlib import Path

from eval.harness.case import EVERY, Case, Loaded, Suite
from eval.harness.datafile import DataFile, rows
from eval.harness.rightness import Holds
from eval.harness.web import NO_WEB

FILE = DataFile(
    path="chinese_simpleqa/chinese_simpleqa.jsonl.gz",
    sha256="158cfaf3c62c93885c535abea2a5d750c3754ff1cfdaf5e8d85df3b4a5ce31fd",
    licence="CC BY-NC-SA 4.0 on the data card (non-commercial)",
    origin="github.com/OpenStellarTeam/ChineseSimpleQA",
)


def load(folder: Path) -> Loaded:
    """The cases; there are no pages."""
    cases = [
        Case(
            id=str(row["id"]),
            part=str(row["primary_category"]),
            question=str(row["question"]),
            language="zh",
            right=Holds((spellings(str(row["answer"])),)),
        )
        for row in rows(FILE, folder)
    ]
    return Loaded(cases=cases, web=lambda case: NO_WEB)


def spellings(answer: str) -> tuple[str, ...]:
    """The answer, and what stands before a bracket in it (a name with another name in brackets)."""
    bare = re.sub(r"[（(].*?[）)]", "", answer).strip(" 。")
    return tuple(dict.fromkeys(text for text in (answer.strip(" 。"), bare) if text))


SUITE = Suite(
    title="Chinese SimpleQA: short facts, closed book",
    files=(FILE,),
    load=load,
    arms=("closed",),
    together={"all": EVERY},
)
