"""Do the documents hold an answer? One score from what the best units cover of the question."""

import math
from collections.abc import Mapping, Sequence

from model_backend.embedded.question import Question
from model_backend.embedded.score import Scored

THRESHOLD = 0.5
"""Below it the model abstains."""
BIAS = -6.74
WEIGHTS: Mapping[str, float] = {
    "best": 2.75,
    "coverage": 0.97,
    "names": 1.28,
    "words": 2.31,
    "shapeless": 1.35,
    "few": 2.21,
}
"""Logistic regression over the features below, fitted to questions with and without an answer in their documents
(Chinese news, English encyclopaedia, technical manuals, one page or several; half of each, and the other half gave the
same quality). Of seventeen features these were left by stepwise selection. The bias is shifted so that few answerable
questions are lost."""
MANY_WORDS = 12
"""A question of as many terms is long: each page can hold but a part of it."""


def features(question: Question, scored: Sequence[Scored]) -> dict[str, float]:
    """What the decision looks at, each about 0 to 1."""
    best = scored[0]
    return {
        "best": best.score,
        "coverage": best.coverage,
        "names": best.names,
        "words": min(1.0, len(question.weights) / MANY_WORDS),
        # Where the kind of answer has no shape to look for, scores are lower for the same evidence.
        "shapeless": float(question.kind in ("any", "yes_no")),
        # A best unit out of many pages is good by chance more easily than the best of one.
        "few": 1 / len({one.unit.document for one in scored}),
    }


def answerability(question: Question, scored: Sequence[Scored]) -> float:
    """0 (surely not there) to 1 (surely there)."""
    if not scored:
        return 0.0
    found = features(question, scored)
    return 1 / (1 + math.exp(-(BIAS + sum(weight * found[name] for name, weight in WEIGHTS.items()))))
