"""Counting a question's terms in passages: only those terms, so that no other word is stemmed or stored."""

import re
from collections.abc import Iterable, Set

from tools.text.plain import found_in_plain, plain_runs
from tools.text.words import CJK, is_cjk, piece_terms, pieces, settle

_WORD = re.compile(rf"[^\W_{CJK}]+(?:[.,][^\W_{CJK}]+)*")


class TermCounter:
    """Counts the wanted terms in texts; remembers which words of the texts are forms of which."""

    def __init__(self, wanted: Iterable[str]) -> None:
        wanted = list(wanted)
        self._cjk = [term for term in wanted if is_cjk(term)]
        self._latin = set(wanted).difference(self._cjk)
        # A stem begins with the first two letters of its word (but for dying, lying, tying), so most words need no
        # look at all; `U.S.` is the term `us`, `1,024` the term `1024`.
        heads = {head for term in self._latin for head in (term[:2], f"{term[0]}.", f"{term[0]},")}
        self._heads = {case for head in heads for case in (head, head.upper(), head.capitalize())}
        self._forms: dict[str, list[str]] = {}
        self._met: set[str] = set()
        """Runs of ASCII text that were looked into."""
        self._told: dict[str, tuple[int, list[str]]] = {}
        """Those of them that are not one word without a wanted term: how many words each is, and its terms."""

    def count(self, text: str) -> tuple[dict[str, int], float]:
        """The counts of the wanted terms that occur, and the text's length in words (a Chinese character is one)."""
        return self._count_plain(text) if text.isascii() else self._count_any(settle(text))

    def _count_plain(self, text: str) -> tuple[dict[str, int], float]:
        """Most text is ASCII. Each run is looked into once, however often and in however many texts it stands."""
        runs = plain_runs(text)
        distinct = set(runs)
        self._look_into(distinct - self._met)
        counts: dict[str, int] = {}
        length = len(runs)
        for run in distinct & self._told.keys():
            times = runs.count(run)
            words, found = self._told[run]
            length += (words - 1) * times
            for term in found:
                counts[term] = counts.get(term, 0) + times
        return counts, length

    def _look_into(self, runs: Set[str]) -> None:
        self._met |= runs
        heads = self._heads
        for run in [run for run in runs if run[:2] in heads or not run.isalnum()]:
            words = [run] if run.isalnum() else found_in_plain(_WORD, run)
            found = [term for word in words if word[:2] in heads for term in self._terms_of(word)]
            if found or len(words) != 1:
                self._told[run] = len(words), found

    def _count_any(self, text: str) -> tuple[dict[str, int], float]:
        found = _WORD.findall(text)
        counts: dict[str, int] = {}
        # A first letter with an accent (`École`) is stemmed to one without.
        for word in [word for word in found if (head := word[:2]) in self._heads or not head.isascii()]:
            for term in self._terms_of(word):
                counts[term] = counts.get(term, 0) + 1
        for term in self._cjk:
            if term in text:
                counts[term] = text.count(term)
        # A Chinese character takes three bytes in UTF-8: the cheapest way to count them (accents add a little).
        characters = 0 if text.isascii() else (len(text.encode("utf-8", "replace")) - len(text)) / 2
        return counts, len(found) + characters

    def _terms_of(self, word: str) -> list[str]:
        if word not in self._forms:
            self._forms[word] = [t for piece in pieces(word) for t in piece_terms(piece) if t in self._latin]
        return self._forms[word]
