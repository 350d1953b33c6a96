"""Does a unit hold something of the kind asked for? Shapes only: numbers, dates, names, code."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from model_backend.embedded.defines import defines
from model_backend.embedded.kinds import AnswerKind
from model_backend.embedded.measures import holds_measure, names_unit
from model_backend.embedded.named_things import NAMED_THING, holds_name
from model_backend.embedded.question import Question
from model_backend.embedded.units import Unit
from tools.text.words import CJK, fold, terms

Shape = Callable[[Question, Unit], float]
"""0 (nothing of the kind) to 1 (surely)."""

CODE_NUMBER = 0.5
"""A number in code (`#define LIMIT_COLUMN 2`, `port = 4321`) is seldom the one asked for."""
_VERSION_DOTS = 2
"""A number with as many is a version (`3.12.0`), or a numbered heading."""
_NO_IDENTIFIER = r"(?<![A-Za-z_\d])(?<![A-Za-z][-.])"
"""`sqlite3_limit`, `UTF-8` and `ch02.5` hold no quantity."""
_NUMBER = re.compile(_NO_IDENTIFIER + r"(?P<digits>\d+(?:[.,]\d+)*)\s?(?:%|％|‰|[A-Za-z]+|[" + CJK + r"]{1,3})?")
_DIGITS = re.compile(_NO_IDENTIFIER + r"\d+(?:[.,]\d+)*(?![\w.]*_)")
VERSION = re.compile(r"(?<![\w.])\d+(?:\.\d+)+(?![\w]|\.\d)")
_NUMBER_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|"
    r"thirty|forty|fifty|hundred|thousand|million|billion|unlimited|zero)\b"
    r"|[一二三四五六七八九十百千万亿两]+[个名位次条件天年月人种%]",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?\s*\d{1,4}|\b\d{1,2}(?:st|"
    r"nd|rd|th)?\s+(?:of\s+)?(?:January|February|March|April|May|June|"
    r"July|August|September|October|November|December)\b|\d{4}-\d{2}(?:-\d{2})?|\d{1,4}\s?年(?!前|"
    r"后|来|间)(?:\s?\d{1,2}\s?月)?|\d{1,2}\s?月\s?\d{1,2}\s?日|\d{1,2}\s?月(?:初|底|中旬)?"
)
_YEAR = re.compile(r"\b(?:1[0-9]\d\d|20\d\d)\b")
_NAME = re.compile(r"\b[A-Z][\w'’.-]+(?:\s+(?:[A-Z][\w'’.-]+|(?:de|van|von|der|la|bin|al)\b))*")
_CJK_NAME = re.compile(rf"[{CJK}]{{1,8}}[·・•][{CJK}]{{1,8}}|[《“\"][^》”\"]{{2,30}}[》”\"]")
_CJK_PLACE = re.compile(
    rf"(?:位于|坐落|举行|举办|在|于|地点|来自|抵达|前往)[{CJK}A-Za-z]{{2,}}|"
    rf"[{CJK}]{{2,}}(?:省|市|县|区|国|镇|村|州|岛|馆|场|厅|大厦|中心|"
    rf"广场|体育场)"
)
_EN_PLACE = re.compile(r"\b(?:in|at|near|from|of|to)\s+(?:the\s+)?[A-Z]\w+|[A-Z]\w+,\s+[A-Z]\w+")
MAX_TERM_CHARS = 40
"""A longer lead-in is no term."""
_NAMED = re.compile(r"\b(?:called|known as|referred to as|termed|named)\b|称为|称作|叫做|即所谓", re.IGNORECASE)
_WHOSE = re.compile(r"\bwhose\b", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|since|so that|in order|due to|reason|therefore|thus|as a result|"
    r"caused?|avoid|prevent)\b|因为|由于|因此|所以|原因|为了|导致|以便|致使"
)
_INSTRUCTS = re.compile(
    r"^(?:use|run|type|set|add|to|you can|you may|if you|by|first|edit|create|install|"
    r"press|execute|specify|pass|call|enable|open|click|select|try|for|see)\b|"
    r"\b(?:use|using|run|running|by (?:using|running|setting)|can be|with the following|"
    r"command|option)\b|可以|使用|运行|执行|输入|请|命令|方法|通过|按",
    re.IGNORECASE,
)


def holds_expected(question: Question, unit: Unit) -> float:
    """How surely the unit, with what is shown beside it, holds what is asked for; 0.5 for a kind without shape."""
    shape = _SHAPES.get(question.kind)
    if shape is None:
        return 0.5
    own = shape(question, unit)
    return max(own, shape(question, replace(unit, text=" ".join(unit.whole)))) if len(unit.whole) > 1 else own


def expected_values(question: Question, text: str) -> list[str]:
    """The numbers or dates of a text that the question does not itself hold, folded, in order."""
    asked = set(_DIGITS.findall(fold(question.text)))
    if question.kind == "number":
        found = _DIGITS.findall(fold(text))
        return [value for value in found if value not in asked and value.count(".") < _VERSION_DOTS]
    if question.kind == "version":
        return [value for value in VERSION.findall(text) if value not in question.text]
    if question.kind == "date":
        found = [*_DATE.findall(text), *_YEAR.findall(text)]
        return [fold(value) for value in found if fold(value) not in fold(question.text)]
    return []


def _number(question: Question, unit: Unit) -> float:
    return _quantity(question, unit) * (CODE_NUMBER if unit.kind == "code" else 1.0)


def _quantity(question: Question, unit: Unit) -> float:
    text = fold(f"{unit.lead} {unit.words}" if unit.kind == "definition" else unit.words)
    asked = set(_DIGITS.findall(fold(question.text)))
    numbers = [m for m in _NUMBER.finditer(text) if m["digits"] not in asked]
    if question.measure is not None and holds_measure(question.measure, text):
        return 1.0
    if not numbers:
        return 0.5 if _NUMBER_WORD.search(text) else 0.0
    plain = [m for m in numbers if not re.fullmatch(r"(?:19|20)\d\d\s?年?|\d{1,2}\s?[月日]\S*", m.group().strip())]
    if question.measure is not None:
        return 0.8 if plain and names_unit(question.measure, text) else 0.35
    if not plain:
        return 0.45
    if question.focus and any(_near(text, m.end(), question.focus, question.chinese) for m in plain):
        return 1.0
    return 0.8


def _near(text: str, end: int, focus: tuple[str, ...], chinese: bool) -> bool:
    after = text[max(0, end - 4) : end + (6 if chinese else 24)]
    return any(term[:5] in after for term in focus)


def _version(question: Question, unit: Unit) -> float:
    """Lists of changes have the version in the heading above each."""
    if expected_values(question, unit.words):
        return 1.0
    if expected_values(question, f"{unit.heading} {unit.lead}"):
        return 0.8
    return 0.4 if _DIGITS.search(unit.words) else 0.0


def _date(question: Question, unit: Unit) -> float:
    asked = fold(question.text)
    if any(fold(found) not in asked for found in _DATE.findall(unit.words)):
        return 1.0
    if any(year not in asked for year in _YEAR.findall(unit.words)):
        return 0.8
    return 0.7 if expected_values(question, unit.heading) else 0.0


def _person(question: Question, unit: Unit) -> float:
    # `Whose idea was it?` may be answered with a company, which has one word.
    single = 0.8 if _WHOSE.search(question.text) else 0.3
    return max(_names(question, unit, 2), single * _names(question, unit, 1), 0.5 if question.chinese else 0.0)


def _names(question: Question, unit: Unit, least: int) -> float:
    asked = fold(question.text)
    if question.chinese or least == 1:
        for match in _CJK_NAME.findall(unit.words):
            if fold(match) not in asked:
                return 1.0
    for match in _NAME.finditer(unit.words):
        # `CREATE TABLE` and `FULL OUTER JOIN` name nobody.
        words = [part for part in match.group().split() if not (least > 1 and part.isupper() and len(part) > 2)]
        parts = [part for part in words if fold(part.rstrip(".'’s")) not in asked]
        if len(parts) >= least and (match.start() > 0 or len(parts) > 1):
            return 1.0
    return 0.0


def _place(question: Question, unit: Unit) -> float:
    if question.chinese and _CJK_PLACE.search(unit.words):
        return 1.0
    if _EN_PLACE.search(unit.words):
        return 1.0
    return 0.6 * _names(question, unit, 1)


def _term(question: Question, unit: Unit) -> float:
    """A definition is shown with the word it defines, and a row with the name it begins with."""
    asked = fold(question.text)
    if unit.kind == "definition" and unit.lead and not unit.lead.startswith("-") and fold(unit.lead) not in asked:
        return 1.0 if len(unit.lead) <= MAX_TERM_CHARS else 0.4
    if _NAMED.search(unit.words):
        return 0.9
    return 0.7 if unit.kind == "row" else 0.4


def _how_to(question: Question, unit: Unit) -> float:
    if unit.kind in ("code", "definition", "row") or NAMED_THING.search(unit.words):
        return 1.0
    return 0.8 if _INSTRUCTS.search(unit.words) else 0.2


def _chosen(question: Question, unit: Unit) -> float:
    """`Which tokenizer …`: a word of the page's own right before or after the thing to choose (`trigram tokenizer`)."""
    if not question.focus:
        return 0.5
    head = question.focus[-1]
    near = {head, *question.related.get(head, {})}
    order = terms(f"{unit.lead} {unit.words}" if unit.kind == "definition" else unit.words)
    places = [at for at, term in enumerate(order) if term in near]
    if not places:
        return 0.3
    beside = {order[at + step] for at in places for step in (-1, 1) if 0 <= at + step < len(order)}
    return 0.8 if beside - question.weights.keys() else 0.5


def _why(question: Question, unit: Unit) -> float:
    return 1.0 if _REASON.search(unit.words) else 0.3


def _list(question: Question, unit: Unit) -> float:
    if unit.kind == "group":
        return 1.0
    return 0.8 if len(re.findall(r"[,，、]", unit.words)) >= 2 else 0.4


_SHAPES: Mapping[AnswerKind, Shape] = {
    "number": _number,
    "version": _version,
    "date": _date,
    "person": _person,
    "place": _place,
    "code": holds_name,
    "term": _term,
    "definition": defines,
    "how_to": _how_to,
    "why": _why,
    "list": _list,
    "any": _chosen,
}
