"""Do the documents hold an answer? One score from what the best units cover of the question."""

import math
from collections.abc import Sequence

from model_backend.embedded.question import Question
from model_backend.embedded.score import Scored

THRESHOLD = 0.5
"""Below it the model abstains."""

BIAS = -2.0
WEIGHTS = {
    "coverage": 2.0,
    "own": 1.0,
    "expected": 1.0,
    "phrase": 0.5,
    "names": 1.5,
    "agreement": 1.0,
    "absent": -2.0,
    "absent_name": -2.0,
}


def features(question: Question, scored: Sequence[Scored]) -> dict[str, float]:
    """What the decision looks at, each 0 to 1."""
    if not scored:
        return dict.fromkeys(WEIGHTS, 0.0) | {"absent": 1.0, "absent_name": 1.0}
    best = scored[0]
    top = scored[:3]
    absent = _absent(question, scored)
    total = sum(question.weights.values()) or 1.0
    names = [term for term in question.names if term in question.weights]
    return {
        "coverage": best.coverage,
        "own": best.own,
        "expected": best.expected,
        "phrase": best.phrase,
        "names": best.names,
        "agreement": max(one.agreement for one in top),
        "absent": sum(question.weights[term] for term in absent) / total,
        "absent_name": sum(term in absent for term in names) / len(names) if names else 0.0,
    }


def _absent(question: Question, scored: Sequence[Scored]) -> set[str]:
    held: set[str] = set()
    for one in scored:
        held |= one.terms
    return {term for term in question.weights if term not in held and not held & question.related.get(term, {}).keys()}


def answerability(question: Question, scored: Sequence[Scored]) -> float:
    """0 (surely not there) to 1 (surely there)."""
    if not scored:
        return 0.0
    found = features(question, scored)
    return 1 / (1 + math.exp(-(BIAS + sum(WEIGHTS[name] * value for name, value in found.items()))))
