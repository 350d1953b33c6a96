"""Verdicts: does the evidence say what the claim says? Fast enough for every claim of every answer.

`Verifier(evidence).judge(claim, numbers)` is the whole interface; how it decides stands in `verifier.py`.
"""

from agent.verify.evidence import Evidence, Support
from agent.verify.verifier import Verifier

__all__ = ["Evidence", "Support", "Verifier"]
