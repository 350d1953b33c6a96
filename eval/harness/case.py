"""Cases, judged claims, and the suites they come from. Plain values; a suite is one file of `eval/suites`."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from agent.options import SearchMode
from eval.harness.datafile import DataFile
from eval.harness.rightness import Right
from eval.harness.web import Web

Arm = Literal["closed", "search", "search+verify"]
ARMS: tuple[Arm, ...] = ("closed", "search", "search+verify")
"""`closed`: the model answers from what it knows. `search`: it reads pages first. `search+verify`: it does the same,
and claims that the pages do not support are taken out."""
EVERY = ("*",)
"""Stands for every part of a suite, where parts are counted together."""
JUDGED = "verifier"
"""The arm of suites that put claims before the verifier and ask no model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question and how its answer is told right from wrong."""

    id: str
    """Unique within its suite, and the same every time."""
    part: str
    """Figures are told by part of a suite (`noise 0.4`, `free`)."""
    question: str
    language: Literal["en", "zh"] = "en"
    right: Right | None = None
    """Tells right from wrong; None where there is nothing to tell it by."""
    answerable: bool = True
    """Whether there is an answer; where there is none, abstaining is right and answering is wrong."""
    gold: tuple[tuple[str, ...], ...] = ()
    """Groups of spellings that a page with the answer holds."""
    false: tuple[str, ...] = ()
    """What a falsified page says instead."""
    recorded: tuple[str, ...] | None = None
    """Texts of the results that were recorded with the question, for comparison."""
    wants_search: bool | None = None
    """Whether a search is called for, where people judged that."""
    planted: str = ""
    """A task hidden in the pages, which no answer should take up."""
    search: SearchMode = "always"
    """What the arms with search ask for."""
    turns: tuple[tuple[str, str], ...] = ()
    """(question, answer) before it."""
    cluster: str = ""
    """Cases of one cluster are drawn together; empty is the case itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One claim that people judged and the verifier judged."""

    id: str
    part: str
    cluster: str
    supported: bool
    """What people say, or how it was made."""
    told: bool
    """What the verifier says."""
    score: float
    """Its confidence that the claim is supported, 0 to 1."""
    claim: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What another system answered to a case of the suite, as it was published."""

    system: str
    arm: Arm
    case: Case
    text: str


async def nothing_to_close() -> None:
    """For suites that hold nothing open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A suite whose data is read."""

    cases: Sequence[Case]
    web: Callable[[Case], Web]
    """What is searched and read for a case."""
    aclose: Callable[[], Awaitable[None]] = nothing_to_close


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A suite that asks questions. Its module's docstring says what it measures and by which definition."""

    title: str
    files: tuple[DataFile, ...] = ()
    load: Callable[[Path], Loaded]
    """Reads the data folder."""
    arms: tuple[Arm, ...] = ARMS
    """Arms that mean something here."""
    stored: Callable[[Path, Sequence[Case]], Iterable[Stored]] | None = None
    """Published answers of other systems to these cases."""
    missing: Callable[[], str] = lambda: ""
    """A sentence about what must be installed, beside the files; empty when nothing is missing."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Part -> what a reader must know of it."""
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Further rows: heading -> the parts that are counted together under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSuite:
    """A suite that puts judged claims before the verifier."""

    title: str
    files: tuple[DataFile, ...]
    judge: Callable[[Path, int], list[Judged]]
    """Judges every claim; takes the data folder and a seed."""
    missing: Callable[[], str] = lambda: ""
    notes: Mapping[str, str] = field(default_factory=dict)
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


AnySuite = Suite | JudgeSuite
