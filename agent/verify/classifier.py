"""The classifier: named features in, a calibrated probability of support out. Weights are a JSON file.

Boosted trees of at most eight leaves, whose log-odds are added up. `eval/verifier/train.py` writes the file; what it
was trained on stands in the file itself.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import TypeAlias

Tree: TypeAlias = "float | tuple[int, float, Tree, Tree]"
"""A leaf's log-odds, or (feature, threshold, tree where it is at most that, tree where it is more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Everything that was learned."""

    features: tuple[str, ...]
    """Names, in the order that the rest refers to."""
    bias: float
    """Log-odds before any tree."""
    trees: tuple[Tree, ...]
    slope: float
    """Calibration: the sum of log-odds times this, plus `shift`, are the log-odds told."""
    shift: float
    threshold: float
    """Probability from which a claim counts as supported."""
    rarity: Mapping[str, float]
    """Weight of each common stem: the log of how few sentences hold it."""
    rarest: float
    """Weight of every other."""
    about: str = ""
    """What it was trained on, and when."""


class Classifier:
    """Applies weights."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    def rarity(self, unit: str) -> float:
        """Weight of a stem or Chinese pair."""
        return self.weights.rarity.get(unit, self.weights.rarest)

    def probability(self, features: Mapping[str, float]) -> float:
        """Calibrated probability that a person would call the claim supported."""
        log_odds = self.weights.slope * self.log_odds(features) + self.weights.shift
        return sigmoid(log_odds)

    def log_odds(self, features: Mapping[str, float]) -> float:
        """The sum over all trees, before calibration."""
        values = [features[name] for name in self.weights.features]
        total = 0.0
        for tree in self.weights.trees:
            # Written out in line: hundreds of trees are walked for each claim.
            while isinstance(tree, tuple):
                feature, threshold, low, high = tree
                tree = low if values[feature] <= threshold else high
            total += tree
        return self.weights.bias + total


def sigmoid(log_odds: float) -> float:
    """Log-odds to probability, safe for any size."""
    if log_odds < -30:
        return 0.0
    return 1 / (1 + exp(-log_odds)) if log_odds < 30 else 1.0


@cache
def load_classifier() -> Classifier:
    """The one that is shipped."""
    text = files(__package__ or "agent.verify").joinpath("weights.json").read_text(encoding="utf-8")
    return Classifier(parse_weights(text))


def parse_weights(text: str) -> Weights:
    """Weights out of JSON.

    Raises:
        ValueError: when it is no JSON or a part is missing.
    """
    try:
        data = json.loads(text)
        return Weights(
            features=tuple(data["features"]),
            bias=float(data["bias"]),
            trees=tuple(_tree(tree) for tree in data["trees"]),
            slope=float(data["slope"]),
            shift=float(data["shift"]),
            threshold=float(data["threshold"]),
            rarity={stem: float(value) for stem, value in data["rarity"].items()},
            rarest=float(data["rarest"]),
            about=str(data["about"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"The verifier's weights lack a part: {error}.") from error


def _tree(data: object) -> Tree:
    if isinstance(data, list):
        feature, threshold, low, high = data
        return int(feature), float(threshold), _tree(low), _tree(high)
    return float(str(data))


def dump_weights(weights: Weights, show: Callable[[float], float] = lambda x: round(x, 5)) -> str:
    """JSON that a person can read: one tree a line."""
    head = {
        "about": weights.about,
        "threshold": show(weights.threshold),
        "slope": show(weights.slope),
        "shift": show(weights.shift),
        "bias": show(weights.bias),
        "rarest": show(weights.rarest),
        "features": list(weights.features),
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    lines.append(' "trees": [\n' + ",\n".join(f"  {json.dumps(_rounded(t, show))}" for t in weights.trees) + "\n ]")
    rarity = ", ".join(f"{json.dumps(stem, ensure_ascii=False)}: {value}" for stem, value in weights.rarity.items())
    lines.append(' "rarity": {' + rarity + "}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rounded(tree: Tree, show: Callable[[float], float]) -> object:
    if isinstance(tree, tuple):
        feature, threshold, low, high = tree
        return [feature, show(threshold), _rounded(low, show), _rounded(high, show)]
    return show(tree)
