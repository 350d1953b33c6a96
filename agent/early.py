"""Early checking: claims are judged while the answer still streams, so that little is left to do at its end."""

from collections.abc import Sequence

from agent.answer import Source
from agent.claims import split_claims
from agent.events import AnswerDelta, EventBase, Tell
from agent.verify import Evidence, Verifier

_ENDS = frozenset(".!?。！？；\n")
"""A delta without any of these ends no sentence."""


class EarlyCheck:
    """Judges each finished sentence of a stream. The verifier keeps its verdicts; they are asked for again at the end.

    One per run; not shared. It works on the event loop: a claim takes a few milliseconds, less than a model takes for
    its next word.
    """

    def __init__(self) -> None:
        self.verifier: Verifier | None = None
        self._known: frozenset[int] = frozenset()
        self._text = ""
        self._judged = 0

    def begin(self, evidence: Sequence[Evidence], sources: Sequence[Source], question: str) -> None:
        """Read the evidence; done before the model's first word."""
        self.verifier = Verifier(evidence, question=question) if evidence else None
        self._known = frozenset(source.number for source in sources)
        self._text, self._judged = "", 0

    def listening(self, tell: Tell) -> Tell:
        """`tell`, with an ear for the answer's words."""

        def hear(event: EventBase) -> None:
            tell(event)
            if isinstance(event, AnswerDelta):
                self._hear(event.text)

        return hear

    def _hear(self, delta: str) -> None:
        self._text += delta
        if self.verifier is None or _ENDS.isdisjoint(delta):
            return
        # The last claim may still grow, or get its marks.
        finished = split_claims(self._text)[:-1]
        for span in finished[self._judged :]:
            for number in span.citations:
                if span.checkable and number in self._known:
                    self.verifier.judge(span.full, {number})
        self._judged = max(self._judged, len(finished))
