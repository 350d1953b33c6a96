"""Fitting the verifier's classifier, in plain Python: boosted trees on binned features, and a calibration.

Small on purpose: a thousand examples and sixty features take seconds, and nothing has to be installed.
"""

import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from agent.verify.classifier import Tree, sigmoid

Matrix = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostOptions:
    """How the trees are grown. Values: best of a dozen tried by cross-validation, and flat around them."""

    trees: int = 300
    rate: float = 0.03
    """Share of each tree that is taken."""
    depth: int = 3
    row_share: float = 0.4
    """Rows that each tree sees."""
    features: int = 10
    """Features that each tree sees."""
    smallest_leaf: int = 15
    """Rows a leaf must hold."""
    damping: float = 3.0
    """Added to the weight of a leaf: few rows say little."""
    bins: int = 24
    bags: int = 2
    """Forests grown with different chances, of which the mean is taken."""
    seed: int = 0


def fit_trees(rows: Matrix, labels: Sequence[int], options: BoostOptions | None = None) -> tuple[float, list[Tree]]:
    """(log-odds to begin with, trees to add)."""
    options = options or BoostOptions()
    bias, trees = 0.0, list[Tree]()
    for bag in range(options.bags):
        bias, grown = _fit_bag(rows, labels, options, random.Random(options.seed + bag))
        trees += [_scaled(tree, 1 / options.bags) for tree in grown]
    return bias, trees


def _scaled(tree: Tree, by: float) -> Tree:
    if isinstance(tree, tuple):
        feature, cut, low, high = tree
        return feature, cut, _scaled(low, by), _scaled(high, by)
    return tree * by


def _fit_bag(
    rows: Matrix, labels: Sequence[int], options: BoostOptions, chance: random.Random
) -> tuple[float, list[Tree]]:
    edges = [_edges([row[f] for row in rows], options.bins) for f in range(len(rows[0]))]
    binned = [[bisect_left(edges[f], row[f]) for row in rows] for f in range(len(rows[0]))]
    share = (sum(labels) + 1) / (len(labels) + 2)
    start = log(share / (1 - share))
    scores = [start] * len(rows)
    trees: list[Tree] = []
    for _ in range(options.trees):
        probabilities = [sigmoid(score) for score in scores]
        gradients = [label - p for label, p in zip(labels, probabilities, strict=True)]
        curvatures = [p * (1 - p) for p in probabilities]
        sample = chance.sample(range(len(rows)), int(options.row_share * len(rows)))
        features = chance.sample(range(len(edges)), min(options.features, len(edges)))
        grower = _Grower(binned, edges, gradients, curvatures, features, options)
        tree = grower.grow(sample, options.depth)
        trees.append(tree)
        for at, row in enumerate(rows):
            scores[at] += _value(tree, row)
    return start, trees


def _value(tree: Tree, row: Sequence[float]) -> float:
    while isinstance(tree, tuple):
        tree = tree[2] if row[tree[0]] <= tree[1] else tree[3]
    return tree


def _edges(column: Sequence[float], bins: int) -> list[float]:
    """Values between which rows are told apart: quantiles, each once."""
    ordered = sorted(column)
    cuts = sorted({ordered[len(ordered) * k // bins] for k in range(1, bins)})
    return [cut for cut in cuts if cut < ordered[-1]]


@dataclass(frozen=True, slots=True)
class _Grower:
    binned: Sequence[Sequence[int]]
    edges: Sequence[Sequence[float]]
    gradients: Sequence[float]
    curvatures: Sequence[float]
    features: Sequence[int]
    options: BoostOptions

    def grow(self, rows: Sequence[int], depth: int) -> Tree:
        gradient = sum([self.gradients[r] for r in rows])
        curvature = sum([self.curvatures[r] for r in rows])
        split = self._best_split(rows, gradient, curvature) if depth else None
        if split is None:
            return self.options.rate * gradient / (curvature + self.options.damping)
        feature, cut = split
        column = self.binned[feature]
        low = [r for r in rows if column[r] <= cut]
        high = [r for r in rows if column[r] > cut]
        return feature, self.edges[feature][cut], self.grow(low, depth - 1), self.grow(high, depth - 1)

    def _best_split(self, rows: Sequence[int], gradient: float, curvature: float) -> tuple[int, int] | None:
        best: tuple[int, int] | None = None
        damping = self.options.damping
        most = gradient * gradient / (curvature + damping) + 1e-6
        for feature in self.features:
            sums, weights, counts = self._histogram(feature, rows)
            left, left_weight, left_count = 0.0, 0.0, 0
            for cut in range(len(self.edges[feature])):
                left += sums[cut]
                left_weight += weights[cut]
                left_count += counts[cut]
                if min(left_count, len(rows) - left_count) < self.options.smallest_leaf:
                    continue
                right = gradient - left
                gain = left * left / (left_weight + damping) + right * right / (curvature - left_weight + damping)
                if gain > most:
                    most, best = gain, (feature, cut)
        return best

    def _histogram(self, feature: int, rows: Sequence[int]) -> tuple[list[float], list[float], list[int]]:
        size = len(self.edges[feature]) + 1
        sums, weights, counts = [0.0] * size, [0.0] * size, [0] * size
        column = self.binned[feature]
        for r in rows:
            at = column[r]
            sums[at] += self.gradients[r]
            weights[at] += self.curvatures[r]
            counts[at] += 1
        return sums, weights, counts


def fit_calibration(log_odds: Sequence[float], labels: Sequence[int]) -> tuple[float, float]:
    """(slope, shift) that make log-odds of unseen examples honest (Platt), by Newton's method."""
    # From the flat curve Newton cannot overshoot into saturation.
    slope, shift = 0.0, 0.0
    for _ in range(25):
        g = [0.0, 0.0]
        h = [1e-6, 0.0, 1e-6]
        for x, label in zip(log_odds, labels, strict=True):
            p = 1 / (1 + exp(-max(-30.0, min(30.0, slope * x + shift))))
            g[0] += (label - p) * x
            g[1] += label - p
            h[0] += p * (1 - p) * x * x
            h[1] += p * (1 - p) * x
            h[2] += p * (1 - p)
        determinant = h[0] * h[2] - h[1] * h[1]
        slope += (h[2] * g[0] - h[1] * g[1]) / determinant
        shift += (h[0] * g[1] - h[1] * g[0]) / determinant
    return slope, shift
