"""Do the documents hold an answer? One score from what the best units cover of the question."""

import math
from collections.abc import Mapping, Sequence

from model_backend.embedded.question import Question
from model_backend.embedded.score import Scored

THRESHOLD = 0.5
"""Below it the model abstains."""
BIAS = -6.85
WEIGHTS: Mapping[str, float] = {"best": 3.62, "names": 1.41, "words": 2.42, "shapeless": 1.75, "support": 0.72}
"""Logistic regression over the features below, fitted to questions with and without an answer in their documents
(Chinese news, English encyclopaedia, technical manuals; half of each, the other half gave the same quality). Of twenty
features these five were left by stepwise selection. The bias is shifted so that 0.5 loses few answerable questions."""
MANY_WORDS = 12
"""A question of as many terms is long: each page can hold but a part of it."""
SUPPORTING_UNITS, SUPPORTS = 12, 0.8
"""Of the first units, those count as support that cover this share of what the best one covers."""


def features(question: Question, scored: Sequence[Scored]) -> dict[str, float]:
    """What the decision looks at, each about 0 to 1."""
    best = scored[0]
    supporting = sum(one.coverage > SUPPORTS * best.coverage for one in scored[:SUPPORTING_UNITS])
    return {
        "best": best.score,
        "names": best.names,
        "words": min(1.0, len(question.weights) / MANY_WORDS),
        # Where the kind of answer has no shape to look for, scores are lower for the same evidence.
        "shapeless": float(question.kind in ("any", "yes_no")),
        "support": supporting / SUPPORTING_UNITS,
    }


def answerability(question: Question, scored: Sequence[Scored]) -> float:
    """0 (surely not there) to 1 (surely there)."""
    if not scored:
        return 0.0
    found = features(question, scored)
    return 1 / (1 + math.exp(-(BIAS + sum(weight * found[name] for name, weight in WEIGHTS.items()))))
