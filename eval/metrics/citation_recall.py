"""Citation recall as ALCE defines it (Gao et al., EMNLP 2023), judged by this project's verifier instead of a T5 model.

A statement counts when it cites something and what it cites, put together, supports it. Mean over the statements of an
answer, then over answers.
"""

from eval.harness.asked import Asked
from eval.harness.case import Judged
from eval.metrics import Metric, Point


def recall(asked: Asked) -> list[bool] | None:
    """For each statement whether its citations together support it; None where nothing can be judged."""
    verifier = asked.verifier if asked.answered else None
    if verifier is None:
        return None
    return [
        bool(numbers) and verifier.judge(text, set(numbers)).verdict == "supported"
        for text, numbers in asked.statements
    ]


def _score(one: Asked | Judged) -> Point | None:
    found = recall(one) if isinstance(one, Asked) else None
    return (sum(found) / len(found),) if found else None


METRIC = Metric(
    title="citation recall",
    about="statements whose citations together support them, by answer (ALCE; our verifier judges)",
    order=50,
    better="higher",
    score=_score,
)
