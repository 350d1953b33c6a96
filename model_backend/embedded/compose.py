"""Scored units -> the answer's text: few units, whole sentences, each with its mark; disagreement shown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model_backend.embedded.blemishes import is_synopsis
from model_backend.embedded.clip import MAX_UNIT_CHARS, clipped
from model_backend.embedded.defines import ANCHOR
from model_backend.embedded.disagree import Conflict, conflict_among
from model_backend.embedded.expected import VERSION, expected_values
from model_backend.embedded.leans import LEANS, PERSONAL, unjoined
from model_backend.embedded.question import Question
from model_backend.embedded.score import Scored
from model_backend.embedded.units import Unit
from tools.text.signs import share_found
from tools.text.words import is_chinese

MAX_UNITS_OF_PART = 2
"""The same for each part of a question of two parts."""
MAX_UNITS = 4
"""Units of an answer: more hides the answer among its neighbours. On two sets of questions over manuals, a fourth and
the wider shares below found 5 and 8 of 100 further answers, for a quarter more text."""
NEAR_BEST = 0.6
"""A further unit must score this share of the best one."""
NEAR_BEST_ELSEWHERE = 0.78
"""The same for a unit of another document, which is more likely about something else."""
COVERS_ELSEWHERE = 0.8
"""Where a number is asked for, it must hold this share of what the best unit and its context hold of the question, too:
the height of another tower is no answer."""
SURE_LEAD = 1.8
"""A best unit that scores this many times the next one stands alone."""
MAX_GROUP_CHARS = 600
"""All items shown of one list together."""
MAX_ITEMS_UNASKED = 6
"""Items shown where no list was asked for: it may stand beside the point."""
MAX_SUBJECT_CHARS = 60
"""A longer title is a headline, and names nothing."""
REST_SHARE = 0.15
"""Share of a double question (`the opening of A and B`) that may stay unsaid before a unit is sought for it."""
REST_SCORE = 0.6
"""Share of the best score that this unit must have."""
REST_CANDIDATES = 12
"""Units among which it is sought; further down they speak of other things."""
SAME_TERMS = 0.75
"""Share of the smaller unit's terms from which two units say the same."""
LIKE_SIZE = 0.5
"""Share of the larger unit's terms from which the smaller one is of a size with it."""

HAN_AMONG_NAMES = 0.05
"""Share of Han from which a sentence is a Chinese one, however many commands and paths it names."""

_DOUBLE = re.compile(r"和|与|及|分别|\b(?:and|respectively|both)\b", re.IGNORECASE)
_TITLE_TAIL = re.compile(r"\s+[-–—|·]\s+")
_NAME_HEADING = re.compile(r"^(?=.*[a-z\u4e00-\u9fff])(?!\d)\S+(?:\s\S+){0,3}$")
"""A heading of up to four words that is no number and not all capitals: a name, not `DESCRIPTION`."""
_ENDS = re.compile(r"[.!?。！？…;；:：]$")
_LEADS_IN = re.compile(r"\s*[:：]\s*$")
_COMMAND_LINE = re.compile(r"^\s*(?:[$#%>]|\w+>|sudo)\s|\s(?:\|\|?|&&|>>?|<)\s|;\s*\S")
"""What is typed at a prompt, or joined by a shell: the paragraph below it goes on, and defines no such term."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One quoted unit and every document that says it."""

    scored: Scored
    numbers: tuple[int, ...]


def compose(readings: Sequence[tuple[Question, Sequence[Scored]]], language: str) -> list[str]:
    """The answer in pieces to stream, in order; joined they are the text.

    `readings` are the parts of the question, each with its units, best first; a sentence is shown once.
    """
    chinese = language == "zh"
    most = MAX_UNITS if len(readings) == 1 else MAX_UNITS_OF_PART
    said: list[str] = []
    shown: set[str] = set()
    for question, scored in readings:
        said += _part(question, scored, chinese, most, shown)
    words = readings[0][1][0].unit.words
    foreign = not is_chinese(words, share=HAN_AMONG_NAMES) if chinese else is_chinese(words)
    if foreign:
        said.insert(0, "找到的内容是英文：" if chinese else "The pages found are in Chinese:")
    return [("\n\n" if index else "") + piece for index, piece in enumerate(said)]


def _part(question: Question, scored: Sequence[Scored], chinese: bool, most: int, shown: set[str]) -> list[str]:
    conflict = conflict_among(question, scored)
    if conflict and conflict.newer.unit.text not in shown:
        return [_disagreement(question, conflict, chinese)]
    said = []
    for piece in sorted(_pieces(question, scored, most), key=lambda piece: _comes_last(question, piece)):
        if piece.scored.unit.text not in shown or piece.scored.unit.lines:
            said.append(_shown(question, piece, shown))
    return said


def _comes_last(question: Question, piece: Piece) -> bool:
    """How something is done is shown by an example first; the list of all that may be given stays behind it."""
    return question.kind == "how_to" and is_synopsis(piece.scored.unit)


def _pieces(question: Question, scored: Sequence[Scored], most: int) -> list[Piece]:
    pieces: list[Piece] = []
    best = scored[0].score
    for one in scored:
        if one.score < NEAR_BEST * best:
            break
        if one.unit.document != scored[0].unit.document and not _near_elsewhere(question, one, scored[0]):
            continue
        if pieces and _of_another(question, one.unit, scored[0].unit):
            continue
        if one.unit.whole and any(one.unit.whole == piece.scored.unit.whole for piece in pieces):
            continue
        twin = next((i for i, piece in enumerate(pieces) if _says_same(one, piece.scored)), None)
        if twin is not None:
            pieces[twin] = _joined(pieces[twin], one)
        elif len(pieces) < most and not (len(pieces) == 1 and best >= SURE_LEAD * one.score):
            pieces.append(Piece(one, (one.unit.number,)))
    other = _of_the_rest(question, scored, pieces) if _DOUBLE.search(question.text) else None
    return [*pieces[: most - 1], Piece(other, (other.unit.number,))] if other else pieces


def _near_elsewhere(question: Question, one: Scored, best: Scored) -> bool:
    """Whether a unit of another document is likely to speak of the same thing."""
    covers = question.kind != "number" or one.coverage >= COVERS_ELSEWHERE * best.coverage
    return covers and one.score >= NEAR_BEST_ELSEWHERE * best.score


def _of_another(question: Question, unit: Unit, best: Unit) -> bool:
    """Whether the best unit names the version or the sign asked for, and this one other versions only, or no sign."""
    own, told = (f"{one.heading} {one.lead} {one.words}" for one in (unit, best))
    asked, named = set(VERSION.findall(question.text)), set(VERSION.findall(own))
    if named and not asked & named and asked & set(VERSION.findall(told)):
        return True
    return share_found(question.signs, told) > 0 and share_found(question.signs, own) == 0


def _of_the_rest(question: Question, scored: Sequence[Scored], pieces: Sequence[Piece]) -> Scored | None:
    """The best unit that holds what is asked about and nothing chosen says: the other half of a double question."""
    said = frozenset().union(*(piece.scored.terms for piece in pieces))
    silent = {term: weight for term, weight in question.weights.items() if term not in said}
    if sum(silent.values()) < REST_SHARE * sum(question.weights.values()):
        return None
    chosen = {id(piece.scored) for piece in pieces}
    fitting = [
        one
        for one in scored[:REST_CANDIDATES]
        if one.score >= REST_SCORE * scored[0].score and id(one) not in chosen and one.terms & silent.keys()
    ]
    return max(fitting, key=lambda one: sum(silent[term] for term in one.terms & silent.keys()), default=None)


def _joined(piece: Piece, other: Scored) -> Piece:
    """The same said elsewhere: its document is named too, unless it says something in other numbers."""
    number = other.unit.number
    if number in piece.numbers or not _repeats(other, piece.scored):
        return piece
    return Piece(piece.scored, (*piece.numbers, number))


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _says_same(one: Scored, other: Scored) -> bool:
    """Whether a unit says nothing beside the other; a figure is easily lost in a unit that is much longer."""
    smaller, larger = sorted((len(one.terms), len(other.terms)))
    if not smaller or len(one.terms & other.terms) < SAME_TERMS * smaller:
        return False
    return smaller >= LIKE_SIZE * larger or _numbers(one) <= _numbers(other)


def _numbers(one: Scored) -> set[str]:
    return set(_NUMBER.findall(one.unit.words))


def _repeats(one: Scored, other: Scored) -> bool:
    """Whether `one` holds all that `other` says, so that a mark for it is true of the whole sentence."""
    numbers = set(_NUMBER.findall(other.unit.text)) <= set(_NUMBER.findall(one.unit.text))
    return numbers and len(one.terms & other.terms) >= SAME_TERMS * len(other.terms)


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in sorted(numbers))


def _shown(question: Question, piece: Piece, shown: set[str]) -> str:
    """A piece as text; what it shows is added to `shown`, so that no sentence stands twice."""
    unit, marks = piece.scored.unit, _marks(piece.numbers)
    shown.add(unit.text)
    if unit.kind == "code":
        return _code(unit, marks)
    if unit.kind == "group":
        items = "\n".join(f"- {item} {marks}" for item in _fitting(unit.lines, question))
        return f"{unit.text}\n{items}"
    if unit.kind == "row":
        return f"{_whole(clipped(unit.display, question))} {marks}"
    text = clipped(ANCHOR.sub("", unit.text), question)
    if _dates(unit.heading, question, text):
        shown.add(unit.text)
        return f"{unit.heading}: {_whole(text)} {marks}"
    if unit.kind == "definition" and _COMMAND_LINE.search(unit.lead):
        return f"`{unit.lead.strip()}` {marks}\n\n{_whole(text)} {marks}"
    if unit.kind == "definition" and unit.lead:
        joint = " " if unit.lead.endswith(("?", "？")) else ": "
        said = f" {marks} ".join(ANCHOR.sub("", sentence) for sentence in unit.whole or (text,))
        shown.update(unit.whole)
        return f"{_term(unit.lead)}{joint}{said} {marks}"
    if unit.kind == "item" and unit.lead and _fragment(text):
        return f"{_LEADS_IN.sub('', unit.lead)}: {text} {marks}"
    return " ".join(_with_neighbours(unit, text, marks, shown))


def _dates(heading: str, question: Question, text: str) -> bool:
    """Whether a heading gives the date or the version asked for and the text does not, as in a list of releases."""
    if question.kind not in ("date", "version") or len(heading) > MAX_SUBJECT_CHARS:
        return False
    return bool(expected_values(question, heading)) and not expected_values(question, text)


def _fitting(items: Sequence[str], question: Question) -> list[str]:
    """The first items that fit; one at least."""
    fitting: list[str] = []
    room = MAX_GROUP_CHARS
    for item in items if question.kind == "list" else items[:MAX_ITEMS_UNASKED]:
        text = clipped(item, question)
        room -= len(text)
        if room < 0 and fitting:
            break
        fitting.append(text)
    return fitting


def _with_neighbours(unit: Unit, text: str, marks: str, shown: set[str]) -> Iterator[str]:
    """The sentence, after the one it leans on and before the one that leans on it, while they fit."""
    room = MAX_UNIT_CHARS - len(text)
    subject = _subject(unit, text)
    if subject:
        text = f"{subject}: {text}"
    elif _serves(unit.before, shown) and LEANS.match(text) and len(unit.before) <= room:
        room -= len(unit.before)
        shown.add(unit.before)
        yield f"{unit.before} {marks}"
    elif unit.before not in shown:
        text = unjoined(text)
    yield f"{_whole(text)} {marks}"
    if _serves(unit.after, shown) and LEANS.match(unit.after) and len(unit.after) <= room:
        shown.add(unit.after)
        yield f"{unit.after} {marks}"


def _serves(neighbour: str, shown: set[str]) -> bool:
    return bool(neighbour) and neighbour not in shown and not _LEADS_IN.search(neighbour)


def _subject(unit: Unit, text: str) -> str:
    """The heading or title that a sentence leans on, when the sentence before it does not say."""
    if not LEANS.match(text):
        return ""
    if unit.heading and not unit.before and _NAME_HEADING.match(unit.heading):
        return unit.heading
    told = unit.before and not PERSONAL.match(unit.before) and len(unit.before) <= MAX_UNIT_CHARS // 2
    title = _TITLE_TAIL.split(unit.title.strip())[0]
    return title if PERSONAL.match(text) and not told and 0 < len(title) <= MAX_SUBJECT_CHARS else ""


def _code(unit: Unit, marks: str) -> str:
    intro = _LEADS_IN.sub("", unit.text).strip()
    if len(unit.lines) == 1:
        line = unit.lines[0].strip()
        return f"{intro.rstrip('.。,，')}: `{line}` {marks}" if intro else f"`{line}` {marks}"
    block = "```\n" + "\n".join(unit.lines) + "\n```"
    return f"{_whole(intro)} {marks}\n{block}" if intro else f"{block}\n{marks}"


def _term(lead: str) -> str:
    lead = ANCHOR.sub("", lead)
    return f"`{lead}`" if re.match(r"^[-$/.\w][\w\-./=<>$\[\]|*()]*$", lead) and not lead.isalpha() else lead


def _fragment(text: str) -> bool:
    return not _ENDS.search(text) or len(text) < 40


def _whole(text: str) -> str:
    """With an end, so that a mark never follows a bare word run together with the next sentence."""
    if _ENDS.search(text) or not text:
        return text
    return text + ("。" if is_chinese(text[-12:]) else ".")


def _disagreement(question: Question, conflict: Conflict, chinese: bool) -> str:
    """Both sides; the lead-in names the date, since a line of its own would read as a claim of ours."""
    newer, older = conflict.newer.unit, conflict.older.unit
    dated = newer.published[:10] if newer.published and newer.published != older.published else ""
    if chinese:
        lead = f"各来源说法不一，先列较新的（{dated}）：" if dated else "各来源说法不一："
    else:
        lead = f"Sources disagree, the newer one ({dated}) first:" if dated else "Sources disagree:"
    sides = (conflict.newer, conflict.older)
    lines = [f"- {_whole(clipped(one.unit.text, question))} {_marks((one.unit.number,))}" for one in sides]
    return "\n".join([lead, *lines])
