"""State: what the nodes of a run read and write. Ids and small plain data only, so that a checkpoint stays small.

Page text lives in the run's `PageDesk`, never here. No field has a reducer: a node that adds to a list returns the
whole new list, since LangGraph keeps reduced fields growing over the turns of a thread.
"""

from dataclasses import dataclass, field
from typing import Any, TypedDict

Plain = dict[str, Any]
"""A JSON object: checkpoints hold nothing else."""


@dataclass(kw_only=True)
class State:
    """One turn of a thread. Every field but `turns` starts afresh with each question."""

    turns: list[Plain] = field(default_factory=list)
    """Earlier turns of the thread, oldest first: `{question, answer}`."""
    question: str = ""
    """The user's words, with those of what was attached to them."""
    language: str = "en"
    """Language to answer in."""
    attachments: list[Plain] = field(default_factory=list)
    """`AttachmentNote` of every file; its words are part of the question from then on."""
    round: int = 0
    """Search rounds begun."""
    standalone: str = ""
    """The question with everything it needs from earlier turns."""
    queries: list[str] = field(default_factory=list)
    """Queries of this round; empty means that no (further) search is needed."""
    undecided: bool = False
    """True when the model gave no decision: it is not asked for another one."""
    asked: list[str] = field(default_factory=list)
    """Every query sent in this run."""
    results: list[Plain] = field(default_factory=list)
    """Results of this round, best first."""
    searches: list[Plain] = field(default_factory=list)
    """`SearchDone` of every search made."""
    pages: list[Plain] = field(default_factory=list)
    """`PageSeen` of every page wanted."""
    passages: list[Plain] = field(default_factory=list)
    """Selected spans, best first: `{url, start, end}`."""
    sources: list[Plain] = field(default_factory=list)
    """`Source` of every numbered page; numbers never change within a run."""
    thin: bool = False
    """Whether the passages leave much of the question uncovered."""
    answer: str = ""
    """The answer with its marks."""
    orphan_marks: list[int] = field(default_factory=list)
    """Offsets in the answer at which a mark that names no source was dropped."""
    citations: list[Plain] = field(default_factory=list)
    """`Citation`s of the answer."""
    claims: list[Plain] = field(default_factory=list)
    """`Claim`s of the answer."""
    model: str = ""
    """Who wrote the answer."""
    profile: str = ""
    """That model's profile."""
    input_tokens: int = 0
    """Prompt tokens of all calls."""
    output_tokens: int = 0
    """Generated tokens of all calls."""
    warnings: list[str] = field(default_factory=list)
    """What went less than well."""


class Update(TypedDict, total=False):
    """What a node may write. LangGraph drops unknown keys silently; a test compares these with State's fields."""

    turns: list[Plain]
    question: str
    language: str
    attachments: list[Plain]
    round: int
    standalone: str
    queries: list[str]
    undecided: bool
    asked: list[str]
    results: list[Plain]
    searches: list[Plain]
    pages: list[Plain]
    passages: list[Plain]
    sources: list[Plain]
    thin: bool
    answer: str
    orphan_marks: list[int]
    citations: list[Plain]
    claims: list[Plain]
    model: str
    profile: str
    input_tokens: int
    output_tokens: int
    warnings: list[str]
