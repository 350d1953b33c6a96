"""Opinions: what a further layer says of a claim beside one piece of evidence, and how layers are taken together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Protocol

from agent.verify.classifier import sigmoid
from agent.verify.evidence import Support

MOST_LOG_ODDS = 3.0
"""Log-odds of one layer are cut here (0.95): none decides alone, however sure it says that it is."""
EVEN = 0.5
"""Probability from which an opinion speaks for the claim."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and the words that it would rest on."""

    claim: str
    evidence: str
    """With the title of its page, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one layer says of a pair."""

    supported: float
    """Probability that the evidence says what the claim says, 0 to 1."""
    contradicted: float = 0.0
    """Probability that it says otherwise."""
    reason: str = ""
    """Why it does not support it, in a few words."""


class Layer(Protocol):
    """A further judge beside the classifier."""

    @property
    def name(self) -> str:
        """What settings and warnings call it."""

    async def opinions(self, pairs: Sequence[Pair], *, timeout_s: float) -> list[Opinion | None]:
        """One opinion a pair, in order; None where it had no time or nothing that can be read. Never raises."""

    async def aclose(self) -> None:
        """Give back what it holds."""


def pooled(support: Support, opinions: Sequence[Opinion], *, threshold: float, classifier: bool = True) -> Support:
    """The verdict of all layers together: the mean of their log-odds.

    A firm conflict (another number, name, or a denial in the very place) stands whatever the layers say: that is where
    models of language are weakest and the rules surest.

    Args:
        support: What the classifier and its rules say.
        opinions: Of the other layers; without any the support stays as it is.
        threshold: Probability from which the classifier calls a claim supported.
        classifier: Whether the classifier has a voice, too.
    """
    if not opinions or (classifier and support.firm):
        return support
    voices = [_log_odds(one.supported) for one in opinions]
    lead = sum(voices)
    if classifier:
        own = _log_odds(support.score)
        voices.append(own)
        lead += own - _log_odds(threshold)
    score = round(sigmoid(sum(voices) / len(voices)), 3)
    if lead >= 0:
        return replace(support, verdict="supported", score=score, reason="")
    against = sum(one.contradicted for one in opinions) / len(opinions) >= EVEN
    told = next((one.reason for one in opinions if one.reason and one.supported < EVEN), "")
    reason = told or support.reason or "the source does not say it"
    return replace(support, verdict="contradicted" if against else "unsupported", score=score, reason=reason)


def _log_odds(probability: float) -> float:
    inside = min(1 - 1e-6, max(1e-6, probability))
    return max(-MOST_LOG_ODDS, min(MOST_LOG_ODDS, log(inside / (1 - inside))))
