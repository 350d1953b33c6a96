"""Reading one sentence or claim for comparison: its words in order, its names, numbers and negations.

English, Chinese and mixed text. Knows nothing of verdicts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from agent.verify.lexicon import CHINESE_NEGATION, ENGLISH_NEGATION
from tools.text.numbers import Quantity, quantities
from tools.text.plain import found_in_plain
from tools.text.words import CJK, STOP_WORDS, is_cjk, settle, stem

Kind = Literal["word", "stop", "name", "number", "han"]
"""`han` is one Chinese character that carries meaning; `stop` carries none, in either language."""

_TOKEN = re.compile(rf"[{CJK}]|\d+(?:[.,]\d+)*|(?<![\w.])(?:[A-Za-z]\.)+[A-Za-z](?!\w)|[^\W\d_{CJK}][^\W_{CJK}]*")
_HAN_STOP = frozenset(
    "的了是在和与或及也就都而把被对从到之其此该这那吗呢吧啊呀么个些我你他她它们有请为如于以并且则将由"
)
_NEGATION = re.compile(f"{ENGLISH_NEGATION}|{CHINESE_NEGATION}", re.IGNORECASE)
_MEANING = frozenset({"word", "name", "han"})
_FIRST_HAN = "\u3005"
LONGEST_TEXT = 4_000
"""Characters of a sentence that are read; a longer "sentence" is a dump, and its end would only cost time."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or Chinese character."""

    form: str
    """Folded and stemmed: what is compared."""
    kind: Kind
    start: int
    """First code point in the text that was read."""
    end: int
    """One past the last."""
    raw: str
    """As written."""


class Reading:
    """A text, read once; what is seldom needed is worked out when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST_TEXT]
        self._plain = _plain_words(self.text) if self.text.isascii() else None
        self.units = _units(self.tokens) if self._plain is None else [one for one in self._plain if one[1] != "stop"]
        """What coverage is counted in, in order: English content stems, and pairs of neighbouring Chinese
        characters, each with its kind."""
        self.sequence = [unit for unit, _ in self.units]
        self.bag = frozenset(self.sequence)
        self._around: dict[int, dict[str, float]] = {}

    @cached_property
    def tokens(self) -> list[Token]:
        """Every word in order, with its place; for most sentences of the evidence nobody asks for that."""
        return _tokens(self.text)

    @cached_property
    def forms(self) -> list[str]:
        """Every word in order, stop words too; a Chinese character is a word."""
        if self._plain is not None:
            return [form for form, _ in self._plain]
        return [token.form for token in self.tokens]

    @cached_property
    def form_set(self) -> frozenset[str]:
        """`forms` without order."""
        return frozenset(self.forms)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Its numbers, dates and amounts."""
        return quantities(self.text)

    @cached_property
    def has_han(self) -> bool:
        """Whether any of it is Chinese."""
        return any(form >= _FIRST_HAN for form in self.form_set)

    def around(self, quantity: Quantity, reach: float) -> dict[str, float]:
        """Words of the text by how close they stand to one of its numbers; the weight halves over `reach` words."""
        if quantity.start not in self._around:
            before = [token for token in self.tokens if token.end <= quantity.start]
            after = [token for token in self.tokens if token.start >= quantity.end]
            found: dict[str, float] = {}
            for side in (before[::-1], after):
                for distance, token in enumerate(side):
                    if token.kind in _MEANING:
                        weight = 1 / (1 + distance / reach)
                        if weight > found.get(token.form, 0.0):
                            found[token.form] = weight
            self._around[quantity.start] = found
        return self._around[quantity.start]

    @cached_property
    def negations(self) -> list[int]:
        """Where each negation ends."""
        return [match.end() for match in _NEGATION.finditer(self.text)]

    @cached_property
    def negated(self) -> bool:
        """Whether it holds an odd number of negations."""
        return len(self.negations) % 2 == 1

    def denied(self) -> list[str]:
        """What each negation denies: the first word of content after it, where there is one."""
        after = (next((t for t in self.tokens if t.start >= end and t.kind != "stop"), None) for end in self.negations)
        return [token.form for token in after if token]

    @cached_property
    def names(self) -> frozenset[str]:
        """Forms of the words written with a capital inside the sentence."""
        return frozenset(token.form for token in self.tokens if token.kind == "name")


def _tokens(text: str) -> list[Token]:
    settled = settle(text)
    if len(settled) != len(text):
        # A few characters fold into several; offsets matter more than they do.
        settled = text
    form_and_kind = _shouted_form_and_kind if _is_shouted(text) else _form_and_kind
    found = [
        Token(*form_and_kind(match.group()), match.start(), match.end(), match.group())
        for match in _TOKEN.finditer(settled)
    ]
    if found and found[0].kind == "name" and not _is_name_at_start(found[0].raw, [token.kind for token in found[:2]]):
        first = found[0]
        found[0] = Token(first.form, "word", first.start, first.end, first.raw)
    return found


def _plain_words(text: str) -> list[tuple[str, Kind]]:
    """Form and kind of the tokens of an ASCII text, several times as fast as the tokens themselves."""
    raws = [
        part
        for run in found_in_plain(_TOKEN, text)
        # A number ends where letters follow it (3rd); those of a name do not (x86).
        for part in ([run] if run[0].isalpha() or not run.isalnum() or run.isdigit() else _TOKEN.findall(run))
    ]
    form_and_kind = _shouted_form_and_kind if _is_shouted(text) else _form_and_kind
    found = [form_and_kind(raw) for raw in raws]
    if found and found[0][1] == "name" and not _is_name_at_start(raws[0], [kind for _, kind in found[:2]]):
        found[0] = (found[0][0], "word")
    return found


def _is_name_at_start(raw: str, kinds: Sequence[Kind]) -> bool:
    """A capital at the head of a sentence tells nothing, unless another follows or stands inside the word."""
    return raw[1:] != raw[1:].lower() or (len(kinds) > 1 and kinds[1] == "name")


def _is_shouted(text: str) -> bool:
    return " " in text and text.isupper()


@lru_cache(maxsize=50_000)
def _form_and_kind(raw: str) -> tuple[str, Kind]:
    return _read_word(raw, shouted=False)


@lru_cache(maxsize=5_000)
def _shouted_form_and_kind(raw: str) -> tuple[str, Kind]:
    """The same within a text that is all in capitals."""
    return _read_word(raw, shouted=True)


def _read_word(raw: str, *, shouted: bool) -> tuple[str, Kind]:
    if is_cjk(raw):
        return raw, "stop" if raw in _HAN_STOP else "han"
    if raw[0].isdigit():
        return raw.replace(",", ""), "number"
    folded = raw.lower().replace(".", "")
    if folded in STOP_WORDS and not (len(raw) > 1 and raw.isupper() and not shouted) and raw != "May":
        return folded, "stop"
    return stem(folded), "name" if raw[0].isupper() and not shouted else "word"


def _units(tokens: list[Token]) -> list[tuple[str, Kind]]:
    found: list[tuple[str, Kind]] = []
    before: Token | None = None
    for token in tokens:
        if token.form[:1] >= _FIRST_HAN:
            joined = before is not None and before.end == token.start
            if before is not None and joined and "han" in (before.kind, token.kind):
                found.append((before.form + token.form, "han"))
            before = token
            continue
        before = None
        if token.kind != "stop":
            found.append((token.form, token.kind))
    return found
