"""The verifier against people: WiCE (Kamoi et al., EMNLP 2023), claims of Wikipedia against the pages they cite.

Published labels: supported, partially supported, not supported (the parts). Supported counts as such, the other two as
not, as in the published binary setting. The shipped verifier has not seen this data.

A case looks like this: a sentence on a ship with three facts, of which the cited page tells two, and "partially".
"""

from pathlib import Path

from eval.harness.case import EVERY, Judged, JudgeSuite
from eval.suites._judged import file_of, judge_pairs

NAME = "wice"


def judge(folder: Path, _seed: int) -> list[Judged]:
    """Every claim against its page."""
    return judge_pairs(NAME, folder)


SUITE = JudgeSuite(
    title="WiCE: claims of Wikipedia and the pages they cite",
    files=(
        file_of(NAME, licence="texts of Wikipedia and Common Crawl; labels ODC-BY", origin="github.com/ryokamoi/wice"),
    ),
    judge=judge,
    together={"all": EVERY},
)
