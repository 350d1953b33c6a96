"""Commands, options, files, functions, packages: what the name of each looks like, and whether a unit holds one."""

import re

from model_backend.embedded.leans import LEANS
from model_backend.embedded.question import Question
from model_backend.embedded.units import Unit
from tools.text.words import fold

NAMED_THING = re.compile(
    r"`[^`]+`|(?<![\w-])--?[A-Za-z][\w-]*|\$\w+|(?<![\w:/])/(?:[\w.+-]+/?)+|~/\S+|"
    r"(?<!\w)[A-Za-z]\w*(?:[._]\w+)+(?:\(\d?\))?|\b\w+\(\d?\w?\)|"
    r"\b[A-Z][A-Z_]{3,}\b|\b[a-z]+-[a-z-]+\b|\bgit\s[a-z]+|\bPRAGMA\s\w+|[“\"][\w./ -]{2,40}[”\"]"
)
_NO_PACKAGE = (
    "the|this|that|these|those|each|every|any|some|other|another|all|no|one|two|three|several|many|few|more|most|which|"
    "what|source|binary|new|old|same|following|corresponding|installed|official|unofficial|software|single|such|own|"
    "required|recommended|suggested|broken|missing|relevant|related|useful|main|base|whole|given|particular|specific|"
    "available|additional|extra|of|for|from|with|and|or|in|by|to|as|per|virtual|dummy|free|non-free|popular|your|my|its|"
    "their|our|named|called|debian|deb|rpm|local|native|essential|important|standard|optional|pre-built|third-party"
)
"""Words before `package` that are no package's name."""
_SORTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"\b(?:option|flag|switch)|选项", re.I), re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")),
    (
        re.compile(r"\b(?:file|director(?:y|ies)|path|folder)\b|文件|目录|路径", re.I),
        re.compile(
            r"(?<![\w:/])[~$.]?/(?:[\w.+-]+/?)+|(?<!\w)\.[a-z][\w/]+|\b[\w-]+\.(?:[a-z]{1,4})\b(?!\()|\$\w+/\S+"
        ),
    ),
    (re.compile(r"\bfunctions?\b|\binterface\b|函数|接口", re.I), re.compile(r"\b\w+\([^)]*\)|\b\w+_\w+\b")),
    (re.compile(r"\bpragma\b", re.I), re.compile(r"\bPRAGMA\s+[\w.]+|\b[a-z]+_[a-z_]+\b")),
    (
        re.compile(r"\bvariable|\bmacro|\bconstant|\bcode\b|变量|宏", re.I),
        re.compile(r"\$?\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|\b[a-z]+\.[a-zA-Z.<>]+\b|\$[A-Z]\w+|\b[A-Z]{4,}\b"),
    ),
    (
        re.compile(r"\bcommand|\btool|\bprogram|\butility|\bpackage|\bhook|命令|指令|工具|程序|软件包", re.I),
        re.compile(
            r"`[^`]+`|\b[\w.+-]+\(\d\w?\)|\b(?:git|apt|dpkg|systemctl)[ -][a-z][a-z-]+|"
            rf"\b(?!(?:{_NO_PACKAGE})\b)[a-z][a-z\d.+-]+(?=\s?(?:packages?\b|软件包))|"
            r"^\s*[$#]\s?\S+|(?<=[\s“\"])\.[a-z]+\b|"
            r"[“\"][a-z][\w -]{1,40}[”\"]|\b[a-z]+(?:-[a-z]+)+\b|\b[a-z]+\d+\b",
            re.MULTILINE,
        ),
    ),
)
"""(sort of thing asked for, what such a thing looks like); where none is named after the word that asks, the first."""
_CELL_END = re.compile(r"\s*;\s")
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z\d_.+-]*(?:\(\d\w?\))?(?:\s[!-~]+){0,5}")
"""`rsync`, `tar -c`: nothing in such a name tells that it is one, but the column that it stands in does."""
_ASKS = re.compile(r"\b(?:which|what|is there|are there)\b|什么|哪[个条些种一]?|何种|有没有|有无|是否有", re.IGNORECASE)


def holds_name(question: Question, unit: Unit) -> float:
    """How surely a unit names something of the sort asked for: options have dashes, files a path, functions brackets.

    Names that the question itself holds are none.
    """
    asked = fold(question.text)
    leaning = unit.heading if LEANS.match(unit.text) and not unit.lead else ""
    text = " ".join([leaning, unit.lead if unit.kind == "definition" else "", unit.words])
    noun, sort = _sort_of(question.text)
    if sort is not None and any(fold(one) not in asked for one in sort.findall(text)):
        return 1.0
    if noun is not None and _names_in_row(noun, unit, asked):
        return 1.0
    if unit.kind == "code":
        return 0.7 if unit.text else 0.4
    return 0.6 if any(fold(one) not in asked for one in NAMED_THING.findall(text)) else 0.1


def _sort_of(question: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """What is chosen among, and what such a thing looks like: the first that is named after the word that asks."""
    asks = _ASKS.search(question)
    if asks:
        named = [(found, noun, shape) for noun, shape in _SORTS if (found := noun.search(question, asks.end()))]
        if named:
            return min(named, key=lambda one: one[0].start())[1:]
    return next(((noun, shape) for noun, shape in _SORTS if noun.search(question)), (None, None))


def _names_in_row(noun: re.Pattern[str], unit: Unit, asked: str) -> bool:
    """Whether it is a row of a table that has a column for such things, or of which each begins with one."""
    if unit.kind != "row" or not noun.search(f"{unit.lead} {unit.heading}"):
        return False
    first = _CELL_END.split(unit.words.strip(), maxsplit=1)[0]
    return _PLAIN_NAME.fullmatch(first) is not None and fold(first) not in asked
