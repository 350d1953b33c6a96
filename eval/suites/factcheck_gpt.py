"""The verifier against people: Factcheck-GPT (Wang et al., 2023), claims of language models against search results.

Published stances: completely support, partially support, refute, irrelevant (the parts). Completely counts as
supported, everything else as not. Most results are irrelevant: read precision of the verifier, not its recall, off the
whole. The shipped verifier has not seen this data.

A case looks like this: "The tower was finished in 1901", a paragraph about its harbour, and "irrelevant".
"""

from pathlib import Path

from eval.harness.case import EVERY, Judged, JudgeSuite
from eval.suites._judged import file_of, judge_pairs

NAME = "factcheck_gpt"


def judge(folder: Path, _seed: int) -> list[Judged]:
    """Every claim against its result."""
    return judge_pairs(NAME, folder)


SUITE = JudgeSuite(
    title="Factcheck-GPT: claims of models and search results",
    files=(file_of(NAME, licence="Apache-2.0", origin="github.com/yuxiaw/Factcheck-GPT"),),
    judge=judge,
    together={"all": EVERY},
)
