"""Citation precision as ALCE defines it (Gao et al., EMNLP 2023), judged by this project's verifier.

A citation counts when its statement is supported by all of its citations together, and it is not beside the point:
beside the point is one that does not support the statement alone, while the others support it without it. Mean over
the citations of an answer, then over answers.
"""

from eval.harness.asked import Asked
from eval.harness.case import Judged
from eval.metrics import Metric, Point


def _score(one: Asked | Judged) -> Point | None:
    verifier = one.verifier if isinstance(one, Asked) and one.answered else None
    if verifier is None or not isinstance(one, Asked):
        return None

    def supported(text: str, numbers: set[int]) -> bool:
        return bool(numbers) and verifier.judge(text, numbers).verdict == "supported"

    precise = [
        supported(text, set(numbers)) and (supported(text, {number}) or not supported(text, set(numbers) - {number}))
        for text, numbers in one.statements
        for number in numbers
    ]
    return (sum(precise) / len(precise),) if precise else None


METRIC = Metric(
    title="citation precision",
    about="citations that their statement needs and that support it, by answer (ALCE; our verifier judges)",
    order=51,
    better="higher",
    score=_score,
)
