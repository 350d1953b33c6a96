"""Cases: one question each, with what a good answer names. Read from JSON lines, every line checked.

Knows nothing of how a case is run or scored.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from agent.errors import AgentError

Language = Literal["en", "zh"]
CaseKind = Literal["answerable", "unanswerable", "no_search", "conflict", "followup"]
"""`answerable`: some page says it. `unanswerable`: near the topic, and no page says it. `no_search`: talk, sums and
tasks on given text. `conflict`: two pages disagree, and the answer should show both. `followup`: understandable only
with the turns before it."""

WITH_GOLD: frozenset[str] = frozenset({"answerable", "conflict", "followup"})
"""Kinds that have something to find; the others must name nothing."""

REQUIRED = ("id", "question", "language", "kind", "gold_pages", "gold_strings")
OPTIONAL = ("turns",)


class CasesUnreadable(AgentError):
    """A file of cases is missing or says something impossible; the message names file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorTurn:
    """A turn that came before the question."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question and what a good answer to it names."""

    id: str
    """Unique within a file; begins with the set, the language and the package."""
    question: str
    """The user's words."""
    language: Language
    kind: CaseKind
    gold_pages: tuple[str, ...] = ()
    """Pages that answer it, as paths below the root of their set; any one counts."""
    gold_strings: tuple[tuple[str, ...], ...] = ()
    """Groups of spellings; an answer is right when it holds one spelling of every group."""
    turns: tuple[PriorTurn, ...] = ()
    """What was said before, oldest first."""

    @property
    def package(self) -> str:
        """The first folder of its first gold page, or an empty string when it names no page."""
        return self.gold_pages[0].lstrip("/").split("/")[0] if self.gold_pages else ""


def load_cases(path: Path) -> list[Case]:
    """Read a file of cases, one JSON object a line, in file order; empty lines are passed over.

    Raises:
        CasesUnreadable: at the first line that is wrong, or when the file cannot be read or holds no case.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CasesUnreadable(f"{path} cannot be read: {error}.", remedy="Give a file of JSON lines.") from error
    cases: list[Case] = []
    line_of: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            case = parse_case(line)
            if case.id in line_of:
                raise ValueError(f"the id {case.id!r} stands on line {line_of[case.id]} already")
        except ValueError as error:
            raise CasesUnreadable(
                f"{path}, line {number}: {error}.", remedy="The format is described in eval/datasets/README.md."
            ) from error
        line_of[case.id] = number
        cases.append(case)
    if not cases:
        raise CasesUnreadable(f"{path} holds no case.", remedy="Give a file with one JSON object a line.")
    return cases


def parse_case(line: str) -> Case:
    """One line as a case.

    Raises:
        ValueError: with what is wrong, in words.
    """
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON ({error.msg} at column {error.colno})") from error
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")
    fields = cast(dict[str, object], value)
    _check_names(fields)
    case = Case(
        id=_text(fields, "id"),
        question=_text(fields, "question"),
        language=cast(Language, _one_of(fields, "language", get_args(Language))),
        kind=cast(CaseKind, _one_of(fields, "kind", get_args(CaseKind))),
        gold_pages=_texts(fields["gold_pages"], "gold_pages"),
        gold_strings=_groups(fields["gold_strings"]),
        turns=_turns(fields.get("turns", [])),
    )
    _check_gold(case)
    return case


def _check_names(fields: dict[str, object]) -> None:
    missing = [name for name in REQUIRED if name not in fields]
    if missing:
        raise ValueError(f"{', '.join(missing)} is missing")
    unknown = sorted(fields.keys() - {*REQUIRED, *OPTIONAL})
    if unknown:
        raise ValueError(f"there is no field {', '.join(unknown)}")


def _check_gold(case: Case) -> None:
    """A kind with something to find names it, the others name nothing, and only a follow-up has turns."""
    if case.kind in WITH_GOLD and not (case.gold_pages and case.gold_strings):
        raise ValueError(f"{case.kind} needs gold_pages and gold_strings")
    if case.kind not in WITH_GOLD and (case.gold_pages or case.gold_strings):
        raise ValueError(f"{case.kind} must leave gold_pages and gold_strings empty")
    if len(set(case.gold_pages)) != len(case.gold_pages):
        raise ValueError("gold_pages names a page twice")
    if (case.kind == "followup") != bool(case.turns):
        raise ValueError("turns belong to a followup, and a followup needs them")


def _text(fields: dict[str, object], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} must be a text with something in it")
    return value


def _one_of(fields: dict[str, object], name: str, allowed: tuple[str, ...]) -> str:
    value = _text(fields, name)
    if value not in allowed:
        raise ValueError(f"{name} is {value!r}; allowed are {', '.join(allowed)}")
    return value


def _texts(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(part, str) and part.strip() for part in value):
        raise ValueError(f"{name} must be a list of texts with something in them")
    return tuple(value)


def _groups(value: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list) or not all(isinstance(group, list) and group for group in value):
        raise ValueError("gold_strings must be a list of lists, each with at least one spelling")
    return tuple(_texts(group, "a group of gold_strings") for group in value)


def _turns(value: object) -> tuple[PriorTurn, ...]:
    if not isinstance(value, list) or not all(isinstance(turn, dict) for turn in value):
        raise ValueError("turns must be a list of objects")
    turns: list[PriorTurn] = []
    for turn in value:
        if set(turn) != {"question", "answer"}:
            raise ValueError("a turn has a question and an answer, and nothing else")
        turns.append(PriorTurn(question=_text(turn, "question"), answer=_text(turn, "answer")))
    return tuple(turns)
