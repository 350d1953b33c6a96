"""The verifier: holds one claim against the evidence and gives its verdict, with the reason.

Three layers, each seen through its own file: `conflicts` finds what plainly differs, near-literal coverage plainly
supports, and the classifier over `features` decides what lies between.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from agent.verify.body import Body, Sentence, Window
from agent.verify.classifier import Classifier, load_classifier
from agent.verify.conflicts import (
    Conflict,
    missing_names,
    negation_conflict,
    number_conflicts,
    opposite_conflicts,
    said_otherwise,
    word_conflicts,
)
from agent.verify.evidence import Evidence, Support
from agent.verify.features import Comparison, common_length, features
from agent.verify.reading import Reading
from agent.verify.statement import statement_of

LITERAL = 0.8
"""Share of the claim's weight in one window from which, with nothing in conflict, the words themselves support it."""
LITERAL_ORDER = 0.6
"""Share of the claim's words that must follow a sentence in order, too: the same words scattered say something else."""
ABOUT_THE_SAME = 0.5
"""Share from which a window is about the same fact, so that a difference contradicts instead of leaving it open."""
AS_GOOD = 0.1
"""How much less of the claim another window may cover and still speak against a conflict in the best one."""
LEAST_OWN = 0.35
"""Share that the sentences themselves must hold before what stands above them counts, too."""
CANDIDATES = 5
"""Windows looked at closely, best coverage first."""
LITERAL_SCORE = 0.95
"""Least score of a literally supported claim: on near-literal pairs about 19 of 20 are (see `eval/verifier`)."""
CONFLICT_SCORE = 0.1
"""Highest score of a claim in conflict with its best window."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    window: Window
    sentences: Sequence[Sentence]
    coverage: float
    """With what stands above: title, headings, names of columns."""
    literal: bool
    """Whether the words themselves support the claim."""
    conflicts: tuple[Conflict, ...]

    @property
    def firm(self) -> list[Conflict]:
        """Those that decide alone."""
        return [one for one in self.conflicts if one.firm]


@dataclass(frozen=True, slots=True)
class _Beside:
    """A claim beside one sentence."""

    follows: float
    """Share of the claim's words that follow the sentence in order."""
    in_order: float
    """The same without numbers."""
    conflicts: tuple[Conflict, ...]


class Verifier:
    """Judges claims against one body of evidence. Reads it once; keeps what it read for the next claim."""

    def __init__(
        self, evidence: Sequence[Evidence], *, question: str = "", classifier: Classifier | None = None
    ) -> None:
        self._body = Body.read(evidence)
        self._parts: dict[frozenset[int], Body] = {}
        self._question = Reading(question)
        self._classifier = classifier or load_classifier()
        self._known: dict[tuple[str, frozenset[int] | None], Support] = {}

    def judge(self, claim: str, numbers: Collection[int] | None = None) -> Support:
        """The verdict on a claim; `numbers` limits the evidence to those sources.

        A window that supports wins over one that contradicts: sources may disagree, and the claim rests on the one
        that agrees.
        """
        key = claim, None if numbers is None else frozenset(numbers)
        if key not in self._known:
            self._known[key] = self._judge(*key)
        return self._known[key]

    @property
    def threshold(self) -> float:
        """Probability from which the classifier calls a claim supported."""
        return self._classifier.weights.threshold

    def keep(self, claim: str, numbers: Collection[int] | None, support: Support) -> None:
        """From now on, this is the verdict on the claim: further layers were asked."""
        self._known[claim, None if numbers is None else frozenset(numbers)] = support

    def _judge(self, claim: str, numbers: frozenset[int] | None) -> Support:
        body = self._body if numbers is None else self._part(numbers)
        reading = Reading(statement_of(claim))
        comparison = Comparison(claim=reading, body=body, question=self._question, rarity=self._classifier.rarity)
        if not body.sentences or not reading.units:
            return Support(verdict="unsupported", score=0.0, reason="no evidence")
        probability = self._classifier.probability(features(comparison))
        return _decide(comparison, _candidates(comparison), probability, self._classifier.weights.threshold)

    def _part(self, numbers: frozenset[int]) -> Body:
        if numbers not in self._parts:
            self._parts[numbers] = self._body.of(numbers)
        return self._parts[numbers]


def _decide(c: Comparison, candidates: Sequence[_Candidate], probability: float, threshold: float) -> Support:
    best = candidates[0]
    for one in candidates:
        if one.literal:
            return _support(one, "supported", max(probability, LITERAL_SCORE))
    # A window without firm conflict that covers as much as the best: sources, or sentences, may differ.
    open_ = [one for one in candidates if not one.firm and one.coverage >= best.coverage - AS_GOOD]
    if best.firm and not open_:
        conflict = next((one for one in best.firm if one.contradicts), best.firm[0])
        about = conflict.contradicts and best.coverage >= ABOUT_THE_SAME
        verdict = "contradicted" if about else "unsupported"
        return replace(_support(best, verdict, min(probability, CONFLICT_SCORE), conflict.reason), firm=True)
    chosen = open_[0] if open_ else best
    if probability >= threshold:
        return _support(chosen, "supported", probability)
    reason = chosen.conflicts[0].reason if chosen.conflicts else "the words of the claim are not in the source"
    return _support(chosen, "unsupported", probability, reason)


def _support(one: _Candidate, verdict: str, score: float, reason: str = "") -> Support:
    first, last = one.sentences[0], one.sentences[-1]
    return Support(
        verdict=verdict,  # type: ignore[arg-type]
        score=round(score, 3),
        reason=reason,
        evidence=first.evidence,
        start=first.start,
        end=last.end,
    )


def _candidates(c: Comparison) -> list[_Candidate]:
    """The windows that cover most, closest look first; a longer one counts only where it covers more."""
    ranked = sorted(c.windows, key=lambda w: (-w.coverage, w.length))[:CANDIDATES]
    # The best windows overlap, and mostly share the sentence that is closest to the claim.
    beside = cache(partial(_beside, c.claim))
    found = [_look(c, window, beside) for window in ranked]
    return sorted(found, key=lambda one: (-one.coverage, len(one.conflicts), one.window.length))


def _look(c: Comparison, window: Window, beside: Callable[[Reading, Reading], _Beside]) -> _Candidate:
    sentences = c.body.inside(window)
    context = c.body.context_of(sentences[0])
    bag = frozenset().union(*(one.reading.bag for one in sentences)) | context.bag
    closest = max(sentences, key=lambda one: len(one.reading.bag & c.claim.bag)).reading
    readings = [one.reading for one in sentences]
    line = beside(closest, context)
    conflicts = [*number_conflicts(c.claim, readings, context), *line.conflicts]
    conflicts += missing_names(c.claim, bag, c.body.bag | c.question.bag, line.follows)
    bag |= said_otherwise(c.claim, readings, closest)
    # What stands above is context: alone it carries no claim.
    coverage = c.share(bag) if window.coverage >= LEAST_OWN else window.coverage
    literal = coverage >= LITERAL and not conflicts and line.in_order >= LITERAL_ORDER
    return _Candidate(window, sentences, coverage, literal, tuple(conflicts))


def _beside(claim: Reading, sentence: Reading, context: Reading) -> _Beside:
    follows = common_length(claim.forms, sentence.forms) / max(1, len(claim.forms))
    negation = negation_conflict(claim, sentence, follows)
    return _Beside(
        follows=follows,
        in_order=_in_order(claim, sentence),
        conflicts=(
            *opposite_conflicts(claim, sentence),
            *word_conflicts(claim, sentence, context),
            *([negation] if negation else []),
        ),
    )


def _in_order(claim: Reading, sentence: Reading) -> float:
    """Share of the claim's words that stand in the sentence in the same order; numbers, compared by value, aside."""
    spans = [(one.start, one.end) for one in claim.quantities]
    told = [t.form for t in claim.tokens if not any(start <= t.start < end for start, end in spans)]
    return common_length(told, sentence.forms) / max(1, len(told))
