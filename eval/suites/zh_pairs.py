"""The verifier on Chinese pairs that are constructed, not judged by people: made from RGB's falsified news (zh_fact).

`question as a statement`: the question with its right or its falsified answer put in the place of what it asks for,
against the true documents. `same sentence`: a true sentence against the true and against the falsified documents. How a
pair is made says whether it is supported; a clumsy statement counts all the same. The shipped verifier has not seen it.

A case looks like this: "the bridge was opened in 1987", against three texts that say 1987, and again with 1978.
"""

from pathlib import Path

from eval.harness.case import EVERY, Judged, JudgeSuite
from eval.suites._judged import file_of, judge_pairs

NAME = "rgb_zh_fact"


def judge(folder: Path, _seed: int) -> list[Judged]:
    """Every pair."""
    return judge_pairs(NAME, folder)


SUITE = JudgeSuite(
    title="Chinese pairs, constructed from RGB's falsified news",
    files=(file_of(NAME, licence="CC BY-NC-SA 4.0 (non-commercial)", origin="github.com/chen700564/RGB"),),
    judge=judge,
    together={"all": EVERY},
)
