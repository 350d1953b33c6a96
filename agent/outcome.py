"""What comes of a run: how long each node took, and the answer out of its last state."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.answer import Answer, AttachmentNote, Citation, Claim, PageSeen, SearchDone, Source, TokenUsage
from agent.ground import groundedness
from model_backend.rules import is_abstention


@dataclass(slots=True)
class Timings:
    """Wall time per node: nodes follow one another, so each lasts from the end of the one before."""

    last: float = field(default_factory=time.monotonic)
    spent_ms: dict[str, float] = field(default_factory=dict)

    def ended(self, node: str) -> None:
        """Note that a node has ended; one that runs again adds up."""
        now = time.monotonic()
        self.spent_ms[node] = self.spent_ms.get(node, 0.0) + (now - self.last) * 1000
        self.last = now

    def report(self, started: float) -> dict[str, int]:
        """Milliseconds by node, and of the run since `started` (monotonic seconds) as `total`."""
        total = (time.monotonic() - started) * 1000
        return {node: round(ms) for node, ms in {**self.spent_ms, "total": total}.items()}


def assemble(run_id: str, thread_id: str, state: Mapping[str, Any], timings: dict[str, int], question: str) -> Answer:
    """The answer out of a run's last state."""
    claims = [Claim.model_validate(claim) for claim in state["claims"]]
    return Answer(
        run_id=run_id,
        thread_id=thread_id,
        question=question,
        attachments=[AttachmentNote.model_validate(note) for note in state["attachments"]],
        answer=state["answer"],
        abstained=is_abstention(state["answer"]),
        language=state["language"],
        citations=[Citation.model_validate(citation) for citation in state["citations"]],
        sources=[Source.model_validate(source) for source in state["sources"]],
        claims=claims,
        searches=[SearchDone.model_validate(search) for search in state["searches"]],
        pages=[PageSeen.model_validate(page) for page in state["pages"]],
        groundedness=groundedness(claims),
        model=state["model"],
        profile=state["profile"],
        usage=TokenUsage(input_tokens=state["input_tokens"], output_tokens=state["output_tokens"]),
        timings=timings,
        warnings=list(state["warnings"]),
    )
