"""The ladder of ways to a function call, and what one server taught us about it. No I/O."""

from collections import Counter
from collections.abc import Mapping

from model_backend.profiles import ModelProfile, Rung

STRIKES = 2
"""Failures of a way, each in another question, before it is given up on this server: one may be bad luck."""
IN_WORDS: Mapping[Rung, str] = {
    "native": "the server's own function calling",
    "dialect": "the model's own call format, read by Asterism",
    "json_schema": "JSON that the server forces",
    "json_words": "JSON asked for in words",
    "rules": "rules that ask no model",
}


class Ladder:
    """Where a server stands. It only goes down while questions are asked; a probe may set it anywhere."""

    def __init__(self, profile: ModelProfile, *, pinned: Rung | None = None) -> None:
        """`pinned` allows this way only."""
        usable = tuple(rung for rung in profile.rungs if rung != "dialect" or profile.dialect)
        self.rungs: tuple[Rung, ...] = (pinned,) if pinned else usable
        self.current: Rung = pinned or profile.first_rung
        self._proven: set[Rung] = set()
        self._strikes: Counter[Rung] = Counter()

    def below(self, rung: Rung) -> Rung | None:
        """The next surer way."""
        at = self.rungs.index(rung) + 1
        return self.rungs[at] if at < len(self.rungs) else None

    def is_proven(self, rung: Rung) -> bool:
        """Whether a call came that way before: then no call means that none is wanted."""
        return rung in self._proven

    def worked(self, rung: Rung) -> None:
        """A decision came that way."""
        self._proven.add(rung)
        self._strikes[rung] = 0

    def failed(self, rung: Rung) -> str:
        """No usable decision came that way; what to tell when it is given up, or an empty text."""
        self._strikes[rung] += 1
        return self.give_up(rung) if self._strikes[rung] >= STRIKES else ""

    def give_up(self, rung: Rung) -> str:
        """That way is closed on this server; what to tell, or an empty text when that is known."""
        lower = self.below(rung)
        if lower is None or self.rungs.index(self.current) > self.rungs.index(rung):
            return ""
        self.current = lower
        return f"The model server did not manage {IN_WORDS[rung]}; from now on: {IN_WORDS[lower]}."

    def settle(self, rung: Rung) -> None:
        """A probe found this way to work."""
        self.current = rung
        self.worked(rung)
