"""What suites of judged claims share: pairs out of `eval/verifier/data.py`, and the verifier that a run uses."""

from collections.abc import Sequence
from pathlib import Path

from agent.answer import Verdict
from agent.verify import Support, Verifier
from eval.harness.case import Judged
from eval.harness.datafile import DataFile, missing
from eval.verifier.data import DATA_SETS, DataMissing, Pair, load
from eval.verifier.train import evidence_of

EVIDENCE_CHARS = 600
"""Of the evidence kept with a claim, to be read."""


def file_of(name: str, *, licence: str, origin: str) -> DataFile:
    """The file of a data set, by the checksum that is pinned with its loader."""
    return DataFile(path=DATA_SETS[name].file, sha256=DATA_SETS[name].sha256, licence=licence, origin=origin)


def pairs_of(name: str, folder: Path) -> list[Pair]:
    """The pairs of a data set.

    Raises:
        DataMissing: when the file is not there.
    """
    try:
        return load(name, folder)
    except DataMissing as error:
        raise missing(folder / DATA_SETS[name].file) from error


def judge_pairs(name: str, folder: Path) -> list[Judged]:
    """Every pair as the shipped verifier judges it."""
    pairs = pairs_of(name, folder)
    supports = [Verifier(evidence_of(pair), question=pair.question).judge(pair.claim) for pair in pairs]
    return judged(name, pairs, supports)


def judged(name: str, pairs: Sequence[Pair], supports: Sequence[Support]) -> list[Judged]:
    """Pairs beside their verdicts."""
    supported: Verdict = "supported"
    return [
        Judged(
            id=f"{name}-{number}",
            part=pair.part,
            cluster=pair.group,
            supported=pair.verdict == supported,
            told=support.verdict == supported,
            score=support.score,
            claim=pair.claim,
            evidence="\n".join(pair.evidence)[:EVIDENCE_CHARS],
        )
        for number, (pair, support) in enumerate(zip(pairs, supports, strict=True))
    ]
