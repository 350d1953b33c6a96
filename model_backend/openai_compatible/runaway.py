"""A guard against a model that repeats itself or will not end."""

CHECK_EVERY_CHARS = 64
"""New text between two looks: a look costs some microseconds."""
TAIL_CHARS = 640
"""Text looked at."""
LONGEST_UNIT = 160
"""Characters of a repeated piece: a sentence or two."""
ANCHOR_CHARS = 8
"""Characters looked for to find how long the piece is."""
FEWEST_REPEATS = 4
FEWEST_CHARS = 200
"""Shorter repetition is style, a list or a rule of dashes."""
CHARS_PER_TOKEN = 12
"""More characters for every token allowed than any vocabulary has: a server that ignores the limit."""


PAST_THE_LIMIT = "The model did not stop at its limit; its answer was cut."


class Runaway:
    """Watches the text of one reply."""

    def __init__(self, max_tokens: int) -> None:
        self._most = max_tokens * CHARS_PER_TOKEN + TAIL_CHARS
        self._seen = 0
        self._tail = ""
        self._unseen = 0

    def is_too_long(self, received: int) -> bool:
        """Whether so many characters, shown or not (reasoning, a call that never ends), are more than was allowed."""
        return received > self._most

    def within(self, text: str) -> str:
        """What of the next text is not past the limit."""
        return text[: max(0, self._most - self._seen)]

    def stop(self, text: str) -> str:
        """Why the reply should end here; empty while it may go on."""
        self._seen += len(text)
        if self.is_too_long(self._seen):
            return PAST_THE_LIMIT
        self._tail = (self._tail + text)[-TAIL_CHARS:]
        self._unseen += len(text)
        if self._unseen < CHECK_EVERY_CHARS:
            return ""
        self._unseen = 0
        return "The model began to repeat itself; its answer was cut." if repeats(self._tail) else ""


def repeats(tail: str) -> bool:
    """Whether a text ends with the same piece again and again."""
    end = tail[-ANCHOR_CHARS:]
    # In a text that repeats itself the last characters were last seen exactly one piece ago.
    before = tail.rfind(end, 0, len(tail) - 1)
    unit = len(tail) - len(end) - before
    if before < 0 or unit > LONGEST_UNIT:
        return False
    times = max(FEWEST_REPEATS, -(-FEWEST_CHARS // unit))
    piece = tail[-unit:]
    return tail.endswith(piece * times) and any(char.isalnum() for char in piece)
