"""Early checking: claims are judged while the answer still streams, so that little is left to do at its end."""

from collections.abc import Sequence

from agent.answer import Source
from agent.claims import split_claims
from agent.events import AnswerDelta, EventBase, Tell
from agent.subjects import subject_of
from agent.verify import Evidence, Verifier
from tools.text.sentences import sentence_spans

_ENDS = frozenset(".!?。！？；\n")
"""A delta without any of these ends no sentence."""


class EarlyCheck:
    """Judges each finished sentence of a stream. The verifier keeps its verdicts; they are asked for again at the end.

    One per run; not shared. It works on the event loop: a claim takes a few milliseconds, less than a model takes for
    its next word.
    """

    def __init__(self) -> None:
        self._verifier: Verifier | None = None
        self._evidence: Sequence[Evidence] = ()
        self._question = ""
        self._known: frozenset[int] = frozenset()
        self._rest = ""
        self._subject = ""

    def begin(self, evidence: Sequence[Evidence], sources: Sequence[Source], question: str) -> None:
        """Take the evidence; it is read with the first sentence, not while the model waits to be asked."""
        self._verifier = None
        self._evidence, self._question = evidence, question
        self._known = frozenset(source.number for source in sources)
        self._rest = self._subject = ""

    @property
    def verifier(self) -> Verifier | None:
        """Over the evidence; None without any."""
        if self._verifier is None and self._evidence:
            self._verifier = Verifier(self._evidence, question=self._question)
        return self._verifier

    def listening(self, tell: Tell) -> Tell:
        """`tell`, with an ear for the answer's words."""

        def hear(event: EventBase) -> None:
            tell(event)
            if isinstance(event, AnswerDelta):
                self._hear(event.text)

        return hear

    def _hear(self, delta: str) -> None:
        self._rest += delta
        if not self._evidence or _ENDS.isdisjoint(delta):
            return
        spans = sentence_spans(self._rest)
        if len(spans) < 2:
            return
        # The last sentence may still grow, or get its marks.
        finished, self._rest = self._rest[: spans[-1][0]], self._rest[spans[-1][0] :]
        for claim in split_claims(finished, subject=self._subject):
            self._subject = subject_of(claim.full) or self._subject
            for number in claim.citations:
                if claim.checkable and number in self._known and self.verifier:
                    self.verifier.judge(claim.full, {number})
