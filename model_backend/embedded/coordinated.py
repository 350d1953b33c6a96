"""A question about two things at once (`2021年和2022年的产量`, `男单和女单冠军分别是谁`) as two questions."""

import re

from tools.text.glossary import segment
from tools.text.thing import MAX_QUESTION_CHARS
from tools.text.words import CJK

_YEARS = re.compile(
    r"(?<!between )(?P<a>(?<!\d)(?:19|20)\d\d\s?年?)\s*(?:和|与|及|以及|and)\s*(?P<b>(?:19|20)\d\d\s?年?)(?!\d)",
    re.IGNORECASE,
)
"""`从2021年到2022年` is one span of time."""
_EACH = re.compile(r"分别|各(?:是|为|有)")
_AND = re.compile(rf"(?P<a>[{CJK}A-Za-z0-9]+?)(?:和|与|及)(?P<b>[{CJK}A-Za-z0-9]+)")
_LAST_RUN = re.compile(rf"(?P<latin>[A-Za-z0-9]*)(?P<run>[{CJK}]+)$|[A-Za-z0-9]+$")
_FIRST_RUN = re.compile(rf"^[{CJK}]+|^[A-Za-z0-9]+")
MAX_SIDE_CHARS = 6
"""A longer side is no one word."""


def coordinated(question: str) -> tuple[str, str] | None:
    """The question for each of the two things; None for one that asks about one thing."""
    if len(question) > MAX_QUESTION_CHARS:
        return None
    years = _YEARS.search(question)
    if years:
        return _each(question, years.start(), years.end(), years["a"], years["b"])
    if not _EACH.search(question):
        return None
    found = _AND.search(question)
    if found is None:
        return None
    first, second = _sides(found["a"], found["b"])
    if not 0 < len(first) <= MAX_SIDE_CHARS or not 0 < len(second) <= MAX_SIDE_CHARS or first == second:
        return None
    return _each(question, found.end("a") - len(first), found.start("b") + len(second), first, second)


def _each(question: str, start: int, end: int, first: str, second: str) -> tuple[str, str]:
    before, after = question[:start], _EACH.sub("", question[end:])
    return f"{before}{first.strip()}{after}", f"{before}{second.strip()}{after}"


def _sides(before: str, behind: str) -> tuple[str, str]:
    """The two: both begin alike (`最大行数和最大列数`) or end alike (`物理学奖和化学奖`), or are the next words."""
    alike = before.rfind(behind[:2])
    if alike >= 0 and len(behind) > 2:
        return before[alike:], behind[: len(before) - alike]
    end = behind.find(before[-1], 1, MAX_SIDE_CHARS)
    if end > 0:
        second = behind[: end + 1]
        return _last_word(before, len(second)), second
    return _last_word(before), _first_word(behind)


def _last_word(text: str, least: int = 1) -> str:
    """The last words of a text, of so many characters or more."""
    found = _LAST_RUN.search(text)
    if found is None or not found["run"]:
        return found.group() if found else ""
    said = ""
    for word in reversed(segment(found["run"])):
        if len(said) >= least:
            break
        said = word + said
    return found["latin"] + said if said == found["run"] else said


def _first_word(text: str) -> str:
    run = _FIRST_RUN.search(text)
    return (segment(run.group()) or [run.group()])[0] if run else ""
