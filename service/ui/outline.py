"""The levels of an answer's headings: models begin with any, a page may leave none out."""

from collections.abc import Iterable
from dataclasses import dataclass

TOP = 3
"""The page has the thread's title as h1 and the question as h2."""
LOWEST = 6


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings that the next one stands under, as written, outermost first."""

    above: tuple[int, ...] = ()

    def under(self, written: int) -> "Outline":
        """After a heading written with so many signs."""
        return Outline((*(level for level in self.above if level < written), written))

    def after(self, written: Iterable[int]) -> "Outline":
        """After several."""
        outline = self
        for level in written:
            outline = outline.under(level)
        return outline

    @property
    def level(self) -> int:
        """Of the last heading, as it is shown: one below what it stands under, whatever was written."""
        return min(LOWEST, TOP - 1 + len(self.above))


NOTHING_ABOVE = Outline()
