"""The way of an answer from the model to the reader: withheld lines, addresses, marks, in this order."""

from dataclasses import dataclass

from agent.addresses import read_addresses, typed_urls
from agent.cite import MarkFilter
from agent.datamark import unmarked
from agent.outward import OutwardFilter
from agent.withheld import WithheldFilter, lines_of
from model_backend import ChatRequest


@dataclass
class Outgoing:
    """Filters a stream of deltas. Feed deltas in order, then `finish`; the texts returned, joined, are the answer."""

    withheld: WithheldFilter
    outward: OutwardFilter
    marks: MarkFilter

    def feed(self, delta: str) -> str:
        """Take a delta; give back what is certain."""
        return self.marks.feed(self.outward.feed(self.withheld.feed(unmarked(delta))))

    def finish(self) -> str:
        """Give back what was held."""
        rest = self.outward.feed(self.withheld.finish()) + self.outward.finish()
        return self.marks.feed(rest) + self.marks.finish()

    @property
    def warnings(self) -> list[str]:
        """What was taken out, for the user."""
        told = []
        if self.outward.removed:
            told.append(
                f"{self.outward.removed} web addresses, pictures or tags that belong to no page read were taken out of "
                "the answer."
            )
        if self.withheld.removed:
            told.append("The model recited its instructions; they were taken out of the answer.")
        return told


def outgoing(request: ChatRequest, sources: frozenset[int]) -> Outgoing:
    """The filters for one request: only addresses of its documents and those that the user wrote may be answered."""
    brief = request.brief
    read = read_addresses([document.url for document in brief.documents] + typed_urls(brief.question))
    system = "\n".join(message.content for message in request.messages if message.role == "system")
    return Outgoing(WithheldFilter(tuple(lines_of(system))), OutwardFilter(read), MarkFilter(sources))
