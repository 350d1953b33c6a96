"""Trains the verifier's classifier on judged pairs, and measures it by cross-validation.

`python -m eval.verifier train` writes `agent/verify/weights.json`. Folds are made by question, and whatever is learned
(trees, rarity of words, threshold, calibration) is learned from the training folds only.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from agent.verify.body import Body
from agent.verify.classifier import Classifier, Weights, sigmoid
from agent.verify.evidence import Evidence
from agent.verify.features import Comparison, Rarity, feature_names, features
from agent.verify.reading import Reading
from agent.verify.statement import statement_of
from eval.verifier.data import Pair
from eval.verifier.fit import BoostOptions, fit_calibration, fit_trees
from eval.verifier.metrics import even_threshold

RAREST = 6.0
"""Weight of a word in fewer than one sentence of four hundred; rarer ones count no more."""
INNER_FOLDS = 3
"""Folds within the training folds, for threshold and calibration."""


class ReadPair:
    """A pair with its texts read once, since each fold weighs the words anew."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.body = Body.read(evidence_of(pair))
        self.claim = Reading(statement_of(pair.claim))
        self.question = Reading(pair.question)

    def features(self, rarity: Rarity) -> list[float]:
        """Values in the order of `feature_names`."""
        comparison = Comparison(claim=self.claim, body=self.body, question=self.question, rarity=rarity)
        return list(features(comparison).values())

    @property
    def supported(self) -> bool:
        """What people said."""
        return self.pair.verdict == "supported"


def evidence_of(pair: Pair) -> list[Evidence]:
    """The texts of a pair as the verifier takes them."""
    return [
        Evidence(number=number, url=f"source {number}", start=0, text=text)
        for number, text in enumerate(pair.evidence, start=1)
    ]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the classifier said of a pair that it was not trained on."""

    pair: Pair
    probability: float
    threshold: float
    """Of the fold."""

    @property
    def supported(self) -> bool:
        """Whether the classifier calls it supported."""
        return self.probability >= self.threshold


def cross_validate(pairs: Sequence[ReadPair], *, folds: int = 5, seed: int = 0) -> list[tuple[Prediction, Classifier]]:
    """Every pair judged by a classifier that has seen nothing of its question, in the order of the pairs."""
    fold_of = _folds([one.pair.group for one in pairs], folds, seed)
    found: list[tuple[Prediction, Classifier] | None] = [None] * len(pairs)
    for fold in range(folds):
        classifier = Classifier(train([one for at, one in enumerate(pairs) if fold_of[at] != fold]))
        for at, one in enumerate(pairs):
            if fold_of[at] == fold:
                values = dict(zip(classifier.weights.features, one.features(classifier.rarity), strict=True))
                probability = classifier.probability(values)
                found[at] = Prediction(one.pair, probability, classifier.weights.threshold), classifier
    return [one for one in found if one is not None]


def train(pairs: Sequence[ReadPair], *, about: str = "", options: BoostOptions | None = None) -> Weights:
    """Everything there is to learn from judged pairs."""
    rarity = word_rarity(pairs)
    rows = [one.features(lambda unit: rarity.get(unit, RAREST)) for one in pairs]
    labels = [int(one.supported) for one in pairs]
    held_out = _held_out(rows, labels, [one.pair.group for one in pairs], options)
    slope, shift = fit_calibration(held_out, labels)
    calibrated = [sigmoid(slope * value + shift) for value in held_out]
    bias, trees = fit_trees(rows, labels, options)
    return Weights(
        features=tuple(feature_names()),
        bias=bias,
        trees=tuple(trees),
        slope=slope,
        shift=shift,
        threshold=even_threshold([bool(label) for label in labels], calibrated),
        rarity=rarity,
        rarest=RAREST,
        about=about,
    )


def _held_out(
    rows: Sequence[list[float]], labels: Sequence[int], groups: Sequence[str], options: BoostOptions | None
) -> list[float]:
    """Log-odds of each row by trees that have not seen its group."""
    fold_of = _folds(groups, INNER_FOLDS, seed=1)
    found = [0.0] * len(rows)
    for fold in range(INNER_FOLDS):
        seen = [at for at in range(len(rows)) if fold_of[at] != fold]
        bias, trees = fit_trees([rows[at] for at in seen], [labels[at] for at in seen], options)
        judge = Classifier(_bare(bias, trees))
        for at in range(len(rows)):
            if fold_of[at] == fold:
                found[at] = judge.log_odds(dict(zip(judge.weights.features, rows[at], strict=True)))
    return found


def _bare(bias: float, trees: Sequence[object]) -> Weights:
    return Weights(
        features=tuple(feature_names()),
        bias=bias,
        trees=tuple(trees),  # type: ignore[arg-type]
        slope=1.0,
        shift=0.0,
        threshold=0.5,
        rarity={},
        rarest=RAREST,
    )


def word_rarity(pairs: Sequence[ReadPair]) -> dict[str, float]:
    """Log of how few sentences of the evidence hold each common word; those at `RAREST` are left out."""
    counts = Counter(unit for one in pairs for sentence in one.body.sentences for unit in sentence.reading.bag)
    total = sum(len(one.body.sentences) for one in pairs)
    weights = {unit: log((total + 1) / (count + 0.5)) for unit, count in sorted(counts.items())}
    return {unit: round(weight, 2) for unit, weight in weights.items() if weight < RAREST}


def _folds(groups: Sequence[str], folds: int, seed: int) -> list[int]:
    """The fold of each row; rows of one group share it."""
    names = sorted(set(groups))
    random.Random(seed).shuffle(names)
    fold_of = {name: place % folds for place, name in enumerate(names)}
    return [fold_of[group] for group in groups]
