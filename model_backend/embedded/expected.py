"""Does a unit hold something of the kind asked for? Shapes only: numbers, dates, names, code, definitions."""

import re
from collections.abc import Callable, Mapping

from model_backend.embedded.question import AnswerKind, Question
from model_backend.embedded.units import Unit
from tools.text.words import CJK, fold

Shape = Callable[[Question, Unit], float]
"""0 (nothing of the kind) to 1 (surely)."""

_NUMBER = re.compile(r"(?P<digits>\d+(?:[.,]\d+)*)\s?(?:%|％|‰|[A-Za-z]+|[" + CJK + r"]{1,3})?")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
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
_NAME = re.compile(r"\b[A-Z][\w'’.-]+(?:\s+(?:[A-Z][\w'’.-]+|de|van|von|der|la|bin|al))*")
_CJK_NAME = re.compile(rf"[{CJK}]{{1,8}}[·・•][{CJK}]{{1,8}}|[《“\"][^》”\"]{{2,30}}[》”\"]")
_CJK_PLACE = re.compile(
    rf"(?:位于|坐落|举行|举办|在|于|地点|来自|抵达|前往)[{CJK}A-Za-z]{{2,}}|"
    rf"[{CJK}]{{2,}}(?:省|市|县|区|国|镇|村|州|岛|馆|场|厅|大厦|中心|"
    rf"广场|体育场)"
)
_EN_PLACE = re.compile(r"\b(?:in|at|near|from|of|to)\s+(?:the\s+)?[A-Z]\w+|[A-Z]\w+,\s+[A-Z]\w+")
_CODE = re.compile(
    r"`[^`]+`|(?<![\w-])--?[A-Za-z][\w-]*|\$\w+|(?<![\w:/])/(?:[\w.+-]+/?)+|~/\S+|"
    r"[A-Za-z][\w]*(?:[._][\w]+)+(?:\(\d?\))?|\b\w+\(\d?\w?\)|"
    r"\b[A-Z][A-Z_]{3,}\b|\b[a-z]+-[a-z-]+\b|\bgit\s[a-z]+|\bPRAGMA\s\w+|[“\"][\w./ -]{2,40}[”\"]"
)
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
_DEFINES = re.compile(
    r"^\W*(?:an?\s|the\s)?[\w\-.`'\"“”() ]{1,60}?\s(?:is|are|was|were|means|refers to|"
    r"stands for|provides?|allows?|contains?|describes?)\s|是(?:一|指|用|为|由|个|在)|指的是|"
    r"用于|用来|意为|全称|即",
    re.IGNORECASE,
)


def holds_expected(question: Question, unit: Unit) -> float:
    """How surely the unit holds an answer of the kind asked for; 0.5 where the kind has no shape."""
    shape = _SHAPES.get(question.kind)
    return shape(question, unit) if shape else 0.5


def expected_values(question: Question, text: str) -> list[str]:
    """The numbers or dates of a text that the question does not itself hold, folded, in order."""
    asked = set(_DIGITS.findall(fold(question.text)))
    if question.kind == "number":
        return [value for value in _DIGITS.findall(fold(text)) if value not in asked]
    if question.kind == "date":
        found = [*_DATE.findall(text), *_YEAR.findall(text)]
        return [fold(value) for value in found if fold(value) not in fold(question.text)]
    return []


def _number(question: Question, unit: Unit) -> float:
    text = fold(unit.words)
    asked = set(_DIGITS.findall(fold(question.text)))
    numbers = [m for m in _NUMBER.finditer(text) if m["digits"] not in asked]
    if not numbers:
        return 0.5 if _NUMBER_WORD.search(text) else 0.0
    plain = [m for m in numbers if not re.fullmatch(r"(?:19|20)\d\d\s?年?|\d{1,2}\s?[月日]\S*", m.group().strip())]
    if not plain:
        return 0.45
    if question.focus and any(_near(text, m.end(), question.focus, question.chinese) for m in plain):
        return 1.0
    return 0.8


def _near(text: str, end: int, focus: tuple[str, ...], chinese: bool) -> bool:
    after = text[max(0, end - 4) : end + (6 if chinese else 24)]
    return any(term[:5] in after for term in focus)


def _date(question: Question, unit: Unit) -> float:
    asked = fold(question.text)
    if any(fold(found) not in asked for found in _DATE.findall(unit.words)):
        return 1.0
    return 0.8 if any(year not in asked for year in _YEAR.findall(unit.words)) else 0.0


def _person(question: Question, unit: Unit) -> float:
    return max(_names(question, unit, 2), 0.6 * _names(question, unit, 1), 0.5 if question.chinese else 0.0)


def _names(question: Question, unit: Unit, least: int) -> float:
    asked = fold(question.text)
    if question.chinese or least == 1:
        for match in _CJK_NAME.findall(unit.words):
            if fold(match) not in asked:
                return 1.0
    for match in _NAME.finditer(unit.words):
        parts = [part for part in match.group().split() if fold(part.rstrip(".'’s")) not in asked]
        if len(parts) >= least and (match.start() > 0 or len(parts) > 1):
            return 1.0
    return 0.0


def _place(question: Question, unit: Unit) -> float:
    if question.chinese and _CJK_PLACE.search(unit.words):
        return 1.0
    if _EN_PLACE.search(unit.words):
        return 1.0
    return 0.6 * _names(question, unit, 1)


def _code(question: Question, unit: Unit) -> float:
    if unit.kind == "code":
        return 1.0
    asked = fold(question.text)
    own = [one for one in _CODE.findall(" ".join([unit.words, unit.lead])) if fold(one) not in asked]
    return 1.0 if own else 0.3


def _definition(question: Question, unit: Unit) -> float:
    if unit.kind == "definition" and _mentions(question, unit.lead):
        return 1.0
    if not _DEFINES.search(unit.words):
        return 0.2
    beginning = unit.words[: max(40, len(unit.words) // 3)]
    return 1.0 if _mentions(question, beginning) else 0.5


def _mentions(question: Question, text: str) -> bool:
    folded = fold(text)
    return any(one in folded for one in question.identifiers) or any(
        term in folded for term in question.weights if len(term) > 1
    )


def _how_to(question: Question, unit: Unit) -> float:
    if unit.kind in ("code", "definition", "row") or _CODE.search(unit.words):
        return 1.0
    return 0.8 if _INSTRUCTS.search(unit.words) else 0.2


def _why(question: Question, unit: Unit) -> float:
    return 1.0 if _REASON.search(unit.words) else 0.3


def _list(question: Question, unit: Unit) -> float:
    if unit.kind == "group":
        return 1.0
    return 0.8 if len(re.findall(r"[,，、]", unit.words)) >= 2 else 0.4


_SHAPES: Mapping[AnswerKind, Shape] = {
    "number": _number,
    "date": _date,
    "person": _person,
    "place": _place,
    "code": _code,
    "definition": _definition,
    "how_to": _how_to,
    "why": _why,
    "list": _list,
}
