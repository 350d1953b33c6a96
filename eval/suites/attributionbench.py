"""The verifier against people: AttributionBench (Li et al., Findings of ACL 2024), development set.

Claims of answers with the texts that they cite, called attributable or not by annotators; drawn from ExpertQA, Stanford
GenSearch, AttributedQA and LFQA (the parts). Published: macro-F1 of the two classes.

The shipped verifier is trained on this very set, so it is never judged by it here: five folds by question, the
classifier, its threshold and its calibration from the training folds only, then the whole verifier with its rules.

A case looks like this: a sentence on who painted a ceiling, with two paragraphs of a museum's page, and "attributable".
"""

from pathlib import Path

from agent.verify import Verifier
from eval.harness.case import EVERY, Judged, JudgeSuite
from eval.suites._judged import file_of, judged, pairs_of
from eval.verifier.train import ReadPair, cross_validate, evidence_of

NAME = "attributionbench"


def judge(folder: Path, seed: int) -> list[Judged]:
    """Every claim, judged by a verifier that has seen nothing of its question."""
    pairs = pairs_of(NAME, folder)
    predicted = cross_validate([ReadPair(pair) for pair in pairs], seed=seed)
    supports = [
        Verifier(evidence_of(pair), question=pair.question, classifier=classifier).judge(pair.claim)
        for pair, (_, classifier) in zip(pairs, predicted, strict=True)
    ]
    return judged(NAME, pairs, supports)


SUITE = JudgeSuite(
    title="AttributionBench: claims and citations judged by people, 5 folds",
    files=(
        file_of(
            NAME,
            licence="none in the repository; sources MIT and Apache-2.0",
            origin="github.com/OSU-NLP-Group/AttributionBench",
        ),
    ),
    judge=judge,
    together={"all": EVERY},
)
