"""Replaced words: a claim laid word by word along the sentence it resembles, and where the two part.

Only for claims that follow the sentence closely; in free wording, other words are no sign of another meaning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from agent.verify.amounts import agree
from agent.verify.lexicon import CHINESE_SAME, CHINESE_SETS, OPPOSITE, SAME
from agent.verify.reading import Reading, Token
from tools.text.numbers import Quantity, same_quantity

CLOSE = 0.55
"""Share of the claim's words that must follow the sentence in order."""
VERY_CLOSE = 0.8
"""Share from which even one changed Chinese character is another word (青篁江, 青川江)."""
CLOSE_NUMBERS = 0.7
"""Share from which a number must be the one that the sentence has in that very place."""
MOST_LOST = 3
"""Where the sentence has this many times more words than the claim, it says more, and names nothing else."""
LONGEST_SENTENCE = 120
"""Words that are aligned; the time grows with the product of both lengths."""
_RELATED = 5
_HAN_FROM = "\u3005"


@dataclass(frozen=True, slots=True)
class Replaced:
    """One place."""

    here: str
    """What the claim says."""
    there: str
    """What the sentence says."""
    kind: Literal["name", "number", "opposite", "word"]
    """What was replaced: in doubt, a word."""


def replaced_words(claim: Reading, sentence: Reading, context: Reading) -> list[Replaced]:
    """Where the claim has other content words than the sentence, in order.

    Words of the title or headings are known from there; words that mean the same or share their stem are no
    difference; numbers are compared by value, and only where the claim follows the sentence very closely.
    """
    if claim.has_han and (restated := in_words_of(claim.text, sentence.text)) != claim.text:
        claim = Reading(restated)
    known = sentence.form_set
    shared = sum(form in known for form in claim.forms[:LONGEST_SENTENCE])
    if shared < CLOSE * min(len(claim.forms), LONGEST_SENTENCE):
        return []  # In no order can it follow the sentence closely: most sentences need no more than this.
    ours, theirs = claim.tokens[:LONGEST_SENTENCE], sentence.tokens[:LONGEST_SENTENCE]
    matcher = SequenceMatcher(None, [t.form for t in ours], [t.form for t in theirs], autojunk=False)
    codes = matcher.get_opcodes()
    kept = sum(i2 - i1 for tag, i1, i2, _, _ in codes if tag == "equal")
    closeness = kept / max(1, len(ours))
    if closeness < CLOSE:
        return []
    blocks = [(ours[i1:i2], theirs[j1:j2]) for tag, i1, i2, j1, j2 in codes if tag == "replace"]
    found = [
        one
        for here, there in blocks
        if (one := _in_place(here, there, claim, sentence, closeness)
            or _difference(here, there, claim, sentence, context, closeness))
    ]  # fmt: skip
    return [*found, *_exchanged(codes, ours, theirs), *_other_order(claim, sentence, closeness)]


def _in_place(
    here: Sequence[Token], there: Sequence[Token], claim: Reading, sentence: Reading, closeness: float
) -> Replaced | None:
    """An opposite, or another number, in the very place; that the word stands elsewhere too is no excuse."""
    for token in here:
        for other in there:
            if (token.form, other.form) in OPPOSITE:
                return Replaced(token.raw, other.raw, "opposite")
    if here[0].form >= _HAN_FROM and there[0].form >= _HAN_FROM:
        ours, theirs = _around(claim, here), _around(sentence, there)
        for words in CHINESE_SETS:
            one = next((word for word in words if word in ours and word not in theirs), None)
            other_ = next((word for word in words if word in theirs and word not in ours), None)
            if one and other_:
                return Replaced(one, other_, "opposite")
    if closeness >= CLOSE_NUMBERS:
        told, given = _quantities_in(claim, here), _quantities_in(sentence, there)
        if told and given and not any(agree(claim, a, b) for a in told for b in given):
            return Replaced(
                claim.text[told[0].start : told[0].end], sentence.text[given[0].start : given[0].end], "number"
            )
    return None


def _around(reading: Reading, tokens: Sequence[Token]) -> str:
    return reading.text[max(0, tokens[0].start - 1) : tokens[-1].end + 1]


def _quantities_in(reading: Reading, tokens: Sequence[Token]) -> list[Quantity]:
    start, end = tokens[0].start, tokens[-1].end
    return [one for one in reading.quantities if one.start < end and start < one.end]


def _is_counted(reading: Reading, token: Token) -> bool:
    """Whether it is part of a number or its unit, which are compared by value."""
    return any(one.start <= token.start < one.end for one in reading.quantities)


def _difference(
    here: Sequence[Token], there: Sequence[Token], claim: Reading, sentence: Reading, context: Reading, closeness: float
) -> Replaced | None:
    known = sentence.form_set | context.form_set
    content = ("word", "name", "han")
    new = [t for t in here if t.kind in content and t.form not in known and not _is_counted(claim, t)]
    lost = [t for t in there if t.kind in content and t.form not in claim.form_set and not _is_counted(sentence, t)]
    if not new or not lost:
        return None
    if new[0].form >= _HAN_FROM or lost[0].form >= _HAN_FROM:
        return _chinese_difference(here, there, new, lost, claim, sentence, closeness)
    new = [t for t in new if not any(_means_same(t.form, other.form) for other in there if other.kind != "stop")]
    if not new:
        return None
    name = any(t.kind == "name" for t in new) and any(t.kind == "name" for t in lost)
    if name and (_stands_for(new, lost) or _stands_for(lost, new) or len(lost) > MOST_LOST * len(new)):
        name = False
    return Replaced(" ".join(t.raw for t in new), " ".join(t.raw for t in lost), "name" if name else "word")


def _chinese_difference(
    here: Sequence[Token],
    there: Sequence[Token],
    new: Sequence[Token],
    lost: Sequence[Token],
    claim: Reading,
    sentence: Reading,
    closeness: float,
) -> Replaced | None:
    ours = claim.text[here[0].start : here[-1].end]
    theirs = sentence.text[there[0].start : there[-1].end]
    if (ours, theirs) in CHINESE_SAME or _same_inside(ours, theirs):
        return None
    if min(len(new), len(lost)) < 2 and closeness < VERY_CLOSE:
        return None
    wide_here, wide_there = _widened(claim, here), _widened(sentence, there)
    return Replaced(wide_here, wide_there, "name")


def _same_inside(ours: str, theirs: str) -> bool:
    """Whether one side is the other with a word of the same meaning in place of another (建于, 始建于)."""
    return any(a in ours and b in theirs and ours.replace(a, b, 1) == theirs for a, b in CHINESE_SAME)


def in_words_of(claim: str, sentence: str) -> str:
    """A Chinese claim with its words replaced by those of the same meaning that the sentence uses."""
    for one, other in _WORDS_OF_ONE_MEANING:
        if one in claim and one not in sentence and other in sentence and other not in claim:
            claim = claim.replace(one, other, 1)
    return claim


_WORDS_OF_ONE_MEANING = sorted(
    (pair for pair in CHINESE_SAME if min(map(len, pair)) > 1), key=lambda p: (-len(p[0]), p)
)
"""Longest first; single characters have too many meanings."""


def _widened(reading: Reading, tokens: Sequence[Token]) -> str:
    """The place with a character on each side, so that a reader sees the word it is in."""
    start, end = tokens[0].start, tokens[-1].end
    text = reading.text
    if start > 0 and text[start - 1].isalnum():
        start -= 1
    if end < len(text) and text[end].isalnum():
        end += 1
    return text[start:end]


def _stands_for(short: Sequence[Token], long: Sequence[Token]) -> bool:
    """Whether the one is made of the first letters of the other (MJ, Michael Jordan), or is the same misspelt."""
    initials = "".join(t.raw[0] for t in long if t.kind == "name")
    if len(short) == 1 and len(initials) > 1 and short[0].raw.replace(".", "").startswith(initials):
        return True
    one, other = short[0].form, long[0].form
    return len(short) == len(long) == 1 and min(len(one), len(other)) >= _RELATED and _one_letter_off(one, other)


def _one_letter_off(one: str, other: str) -> bool:
    """Whether a letter was added or left out."""
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    return one[same + 1 :] == other[same:] or one[same:] == other[same + 1 :]


def _means_same(one: str, other: str) -> bool:
    if (one, other) in SAME:
        return True
    return len(one) >= _RELATED and one[:_RELATED] == other[:_RELATED]


def _exchanged(
    codes: Sequence[tuple[str, int, int, int, int]], ours: Sequence[Token], theirs: Sequence[Token]
) -> Iterator[Replaced]:
    """Two names that changed places: each stands where the sentence has the other."""
    places = [(_names(ours[i1:i2]), _names(theirs[j1:j2])) for tag, i1, i2, j1, j2 in codes if tag != "equal"]
    for at, (here, there) in enumerate(places):
        for other_here, other_there in places[at + 1 :]:
            if here and other_here and here != other_here and here == other_there and other_here == there:
                yield Replaced(f"{here} … {other_here}", f"{there} … {other_there}", "name")


def _other_order(claim: Reading, sentence: Reading, closeness: float) -> Iterator[Replaced]:
    """The same numbers in another order, in a claim that otherwise follows the sentence."""
    if closeness < VERY_CLOSE or len(claim.quantities) != len(sentence.quantities):
        return
    for told, given in zip(claim.quantities, sentence.quantities, strict=True):
        if not same_quantity(told, given) and any(same_quantity(told, other) for other in sentence.quantities):
            here, there = claim.text[told.start : told.end], sentence.text[given.start : given.end]
            yield Replaced(here, there, "number")
            return


def _names(tokens: Sequence[Token]) -> str:
    """The names of a place, joined; Chinese characters count as name when two or more stand together."""
    latin = [t.raw for t in tokens if t.kind == "name"]
    if latin:
        return " ".join(latin)
    han = [t.raw for t in tokens if t.kind == "han"]
    return "".join(han) if len(han) > 1 else ""
