"""Asked: a case beside what became of it, as the metrics see it. Lines of a run's log are turned into these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agent.answer import Answer
from agent.claims import split_claims
from agent.verify import Evidence, Verifier
from eval.docs_score import holds
from eval.harness.case import Case, Stored
from eval.harness.declining import declines


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One case and one answer. It has no slots, so that what the metrics share is worked out once."""

    case: Case
    arm: str
    text: str
    """The answer as shown; empty when the run failed."""
    abstained: bool
    failed: bool = False
    """There was no answer at all."""
    answer: Answer | None = None
    """Everything a run gave back; None for stored answers of other systems."""
    queries: tuple[str, ...] = ()
    """What the first decision wanted to search for; empty when it wanted no search."""
    shown: tuple[tuple[str, str], ...] = ()
    """(address, text) of the passages that the answer was written from."""
    read: tuple[str, ...] = ()
    """Texts of the pages that were read."""
    confidence: float | None = None
    """How sure the model was that the pages hold an answer, 0 to 1; None where it does not say."""
    kept_ms: int = 0
    """What kept replies of the model took when they were given; it is not in the run's own timings."""

    @property
    def answered(self) -> bool:
        """Whether it claims to answer."""
        return not self.failed and not self.abstained

    @property
    def decided(self) -> bool:
        """Whether the model was asked if it wants to search; a run that failed was, too."""
        return self.arm != "closed"

    @property
    def right(self) -> bool | None:
        """Whether the answer is right; None where there is nothing to tell it by."""
        if self.case.right is None:
            return None
        return not self.failed and self.case.right.is_right(self.text, abstained=self.abstained)

    @property
    def wrong(self) -> bool:
        """Whether it answers, and wrongly."""
        return self.answered and self.right is False

    @property
    def unsupported(self) -> bool:
        """Whether a claim that is shown is called unsupported or contradicted by what was read."""
        claims = self.answer.claims if self.answer else []
        return self.answered and any(c.verdict in ("unsupported", "contradicted") and not c.removed for c in claims)

    def holds_gold(self, texts: Sequence[str]) -> bool | None:
        """Whether the texts together hold a spelling of every gold group; None for a case without gold."""
        return holds("\n".join(texts), self.case.gold) if self.case.gold else None

    @cached_property
    def verifier(self) -> Verifier | None:
        """The verifier over what the model was shown, under the numbers of the sources."""
        if self.answer is None or not self.shown:
            return None
        numbers = {source.url: source.number for source in self.answer.sources}
        evidence = [
            Evidence(number=numbers[url], url=url, start=0, text=text) for url, text in self.shown if url in numbers
        ]
        return Verifier(evidence, question=self.case.question) if evidence else None

    @cached_property
    def statements(self) -> list[tuple[str, tuple[int, ...]]]:
        """(statement, numbers it cites) of everything checkable in the answer."""
        return [(span.full or span.text, span.citations) for span in split_claims(self.text) if span.checkable]


def asked_of(case: Case, line: Mapping[str, Any], texts: Mapping[str, str]) -> Asked:
    """A case beside its line of the log; `texts` are those of the pages that were read, by address."""
    events = line["events"]
    last = events[-1] if events else {}
    answer = Answer.model_validate(last["answer"]) if last.get("type") == "run.completed" else None
    planned = next((event["queries"] for event in events if event["type"] == "queries.planned"), ())
    return Asked(
        case=case,
        arm=line["arm"],
        text=answer.answer if answer else "",
        abstained=answer.abstained or declines(answer.answer) if answer else False,
        failed=answer is None,
        answer=answer,
        queries=tuple(planned),
        shown=tuple((url, text) for url, text in line["shown"]),
        read=tuple(texts[url] for url in pages_read(line) if url in texts),
        confidence=line["confidence"],
        kept_ms=line["kept_ms"],
    )


def pages_read(line: Mapping[str, Any]) -> list[str]:
    """Addresses of the pages that were read, each once."""
    return list(dict.fromkeys(event["url"] for event in line["events"] if event["type"] == "page.read"))


def asked_of_stored(stored: Stored) -> Asked:
    """A published answer of another system."""
    return Asked(case=stored.case, arm=stored.arm, text=stored.text, abstained=declines(stored.text))
